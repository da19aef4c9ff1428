import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { requestOf } from './command.mjs';
import { askForRestart, claimFolder, takeRequest } from './requests.mjs';

/** Processes start slowly on a busy machine. */
jest.setTimeout(60_000);

describe('requestOf', () => {
  it('starts by itself and restarts one service or all', () => {
    expect(requestOf([])).toEqual({ action: 'start', service: undefined });
    expect(requestOf(['restart'])).toEqual({ action: 'restart', service: undefined });
    expect(requestOf(['restart', 'worker'])).toEqual({ action: 'restart', service: 'worker' });
  });

  it.each([[['stop']], [['restart', 'postgres']], [['restart', 'worker', 'now']], [['start', 'worker']]])('refuses %j', (args) => {
    expect(() => requestOf(args)).toThrow('Usage: npm run cluster');
  });
});

describe('a restart by request', () => {
  let folder;
  let cluster;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-requests-'));
    cluster = undefined;
  });
  afterEach(async () => {
    if (cluster) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (outcome) => {
    const file = join(import.meta.dirname, 'test/take-requests.mjs');
    cluster = spawn(process.execPath, [file, folder, JSON.stringify(outcome)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = [];
    cluster.stdout.on('data', (chunk) => lines.push(...String(chunk).trim().split('\n')));
    await once(cluster.stdout, 'data');
    return lines;
  };
  const end = async () => {
    const exited = once(cluster, 'exit');
    cluster.kill('SIGKILL');
    cluster = undefined;
    await exited;
  };

  it('tells the cluster of the folder which service is meant, and waits for the outcome', async () => {
    const lines = await start({});
    expect(await askForRestart(folder, 'recall')).toBe(0);
    expect(await askForRestart(folder)).toBe(0);
    // What it printed may be on its way still.
    while (lines.length < 3) await once(cluster.stdout, 'data');
    expect(lines).toEqual(['up', '{"service":"recall"}', '{}']);
    expect(readdirSync(folder)).toEqual(['cluster-process.json']);
  });

  it('passes on what went wrong', async () => {
    await start({ problem: 'recall-1 was not ready within 120 s.' });
    await expect(askForRestart(folder)).rejects.toThrow('recall-1 was not ready within 120 s.');
  });

  it('takes a bare signal as a request for everything', () => {
    expect(takeRequest(folder)).toEqual({});
  });

  it('lets a folder have one cluster at a time', async () => {
    await start({});
    expect(() => claimFolder(folder)).toThrow(`A cluster runs with the data folder ${folder} already (process ${cluster.pid}).`);
    await end();
    await expect(askForRestart(folder)).rejects.toThrow('No cluster runs');
    const release = claimFolder(folder);
    release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
