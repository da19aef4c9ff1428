import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openStack } from './stack.mjs';

/** Processes start slowly on a busy machine. */
jest.setTimeout(60_000);

/** Sends lines and returns what came back when the server said goodbye. */
function talk(port, ...commands) {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`${[...commands, 'QUIT'].join('\r\n')}\r\n`));
    socket.on('data', (chunk) => (said += chunk));
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}

describe('a store of a stack', () => {
  let folder;
  let said;
  let stack;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-stack-'));
    said = [];
    stack = openStack({ folder, say: (line) => said.push(line) });
  });
  afterEach(async () => {
    await stack.down();
    rmSync(folder, { recursive: true, force: true });
  });

  const portOf = (url) => Number(new URL(url).port);
  const statusOf = async (name) => (await stack.status()).find((part) => part.name === name);

  it('is started once, however often it is asked for', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => openStack({ folder }).part('redis').start()));
    expect(outcomes.filter(({ started }) => started)).toHaveLength(1);
    expect(new Set(outcomes.map(({ url }) => url)).size).toBe(1);
    expect(outcomes[0].version).toMatch(/\d+\.\d+\.\d+/);
    expect(await statusOf('redis')).toMatchObject({ isUp: true, url: outcomes[0].url });
  });

  it('lets in nobody without the password', async () => {
    const { url } = await stack.part('redis').start();
    expect(await talk(portOf(url), 'PING')).toContain('-NOAUTH');
    expect(await talk(portOf(url), `AUTH ${new URL(url).password}`, 'PING')).toContain('+PONG');
    expect(statSync(join(folder, 'redis.json')).mode & 0o077).toBe(0);
  });

  it('is seen to be dead, and comes back at the same address with nothing in it', async () => {
    const { url } = await stack.part('redis').start();
    const login = `AUTH ${new URL(url).password}`;
    await talk(portOf(url), login, 'SET kept yes');
    await stack.part('redis').stop({ kill: true });
    expect(await statusOf('redis')).toMatchObject({ isUp: false, reason: 'its process is not there' });
    expect(await stack.part('redis').start()).toMatchObject({ url, started: true });
    expect(await talk(portOf(url), login, 'GET kept')).toContain('$-1');
  });

  it('gives way to a stranger on its port, and says so', async () => {
    const { url } = await stack.part('redis').start();
    await stack.part('redis').stop();
    const stranger = createServer();
    await new Promise((resolve) => stranger.listen(portOf(url), '127.0.0.1', resolve));
    try {
      const moved = await stack.part('redis').start();
      expect(moved.url).not.toBe(url);
      expect(said).toContain(`Port ${portOf(url)} was taken by another program; Redis moves to ${portOf(moved.url)}.`);
      expect(await statusOf('redis')).toMatchObject({ isUp: true, url: moved.url });
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  });

  it('keeps what it knows over kill -9 until it is wiped: Postgres', async () => {
    const { url, version } = await stack.part('postgres').start();
    expect(url).toMatch(/^postgres:\/\/continuo:[0-9a-f]{32}@127\.0\.0\.1:\d+\/continuo$/);
    expect(version).toMatch(/^\d+/);
    const made = statSync(join(folder, 'postgres/data/PG_VERSION')).ino;
    for (let time = 0; time < 2; time += 1) {
      await stack.part('postgres').stop({ kill: true });
      expect(await stack.part('postgres').start()).toMatchObject({ url, started: true });
    }
    expect(statSync(join(folder, 'postgres/data/PG_VERSION')).ino).toBe(made);
    await stack.part('postgres').wipe();
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
    expect(await stack.part('postgres').start()).toMatchObject({ url });
  });
});
