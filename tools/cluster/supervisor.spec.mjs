import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { freePort } from '../stack/ports.mjs';
import { Supervisor } from './supervisor.mjs';

/** Processes start slowly on a busy machine. */
jest.setTimeout(60_000);

const serviceFile = join(import.meta.dirname, 'test/service.mjs');
const superviseFile = join(import.meta.dirname, 'test/supervise.mjs');
const GIVE_UP_MS = 20_000;

async function eventually(look) {
  const until = Date.now() + GIVE_UP_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > until) throw new Error('it did not happen');
    await sleep(20);
  }
}

describe('Supervisor', () => {
  let folder;
  let lines;
  let supervisors;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-cluster-'));
    writeFileSync(join(folder, 'events'), '');
    lines = [];
    supervisors = [];
  });
  afterEach(async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const events = () => readFileSync(join(folder, 'events'), 'utf8').trim().split('\n');
  const eventsOf = (name) =>
    events()
      .map((line) => line.split(' '))
      .filter(([of]) => of === name)
      .map(([, , event]) => event);
  const breakingFile = () => join(folder, 'breaking');
  const ask = async (port, path = '/') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return Number(await response.text());
  };

  const replica = (name, port, more = {}) => ({
    command: { file: process.execPath, args: [serviceFile], cwd: folder },
    environment: {
      ...{ PATH: process.env.PATH, NAME: name, PORT: String(port), EVENTS_FILE: join(folder, 'events'), BREAKING_FILE: breakingFile() },
      ...more,
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  });
  const supervise = (services) => {
    const supervisor = new Supervisor(services, { write: (line) => void lines.push(line) });
    supervisors.push(supervisor);
    return supervisor;
  };
  const single = async (more) => {
    const port = await freePort();
    return { port, services: [{ name: 'recall', stage: 0, replicas: [replica('recall', port, more)] }] };
  };

  it('starts a stage when all of the stage before are ready, and stops them the other way round', async () => {
    const [first, second, third] = [await freePort(), await freePort(), await freePort()];
    const supervisor = supervise([
      { name: 'gateway', stage: 1, replicas: [replica('gateway', third)] },
      { name: 'recall', stage: 0, replicas: [replica('recall', first, { READY_AFTER_MS: '400' }), replica('recall', second)] },
    ]);
    expect(await supervisor.start()).toBe(true);
    expect(events().map((line) => line.replace(/ \d+ /, ' '))).toEqual([
      'recall listens',
      'recall listens',
      'recall ready',
      'gateway listens',
    ]);
    await supervisor.stop();
    expect(await supervisor.ended()).toBe(0);
    expect(eventsOf('gateway')).toEqual(['listens', 'SIGTERM', 'drained']);
    const order = events().map((line) => line.replace(/ \d+ /, ' '));
    expect(order.indexOf('gateway drained')).toBeLessThan(order.indexOf('recall SIGTERM'));
    expect(order.filter((line) => line === 'recall SIGTERM')).toHaveLength(2);
  });

  it('puts the name of the process before each of its lines and keeps its bare address back', async () => {
    const { services } = await single();
    await supervise(services).start();
    await eventually(() => lines.includes('recall-1 | at work\n'));
    expect(lines.filter((line) => line.includes('http://'))).toEqual([]);
  });

  it('starts a dead process again on the same port, waiting longer each time', async () => {
    const { port, services } = await single();
    await supervise(services).start();
    for (let time = 0; time < 3; time += 1) {
      const before = await ask(port);
      process.kill(before, 'SIGKILL');
      await eventually(() =>
        ask(port).then(
          (now) => now !== before,
          () => false,
        ),
      );
    }
    const words = lines
      .filter((line) => line.startsWith('cluster | recall-1 ended'))
      .map((line) => /starts again in (\S+) s/.exec(line)[1]);
    expect(words).toEqual(['0.2', '0.4', '0.8']);
  });

  it('gives up, and stops what runs, when a process ends again and again before it was ever ready', async () => {
    const port = await freePort();
    const { services } = await single();
    writeFileSync(breakingFile(), '');
    const sound = { name: 'generation', stage: 0, replicas: [replica('generation', port, { BREAKING_FILE: '' })] };
    const supervisor = supervise([...services, sound]);
    await expect(supervisor.start()).rejects.toThrow('recall-1 ended 3 times before it was ready; its own words are above.');
    expect(lines).toContain('recall-1 | cannot work like this\n');
    expect(supervisor.processes().map(({ processId }) => processId)).toEqual([undefined, undefined]);
  });

  it('lets a request that is under way end before the process does', async () => {
    const { port, services } = await single({ ANSWER_AFTER_MS: '500' });
    const supervisor = supervise(services);
    await supervisor.start();
    const answer = ask(port);
    await sleep(100);
    const stopped = supervisor.stop();
    await sleep(100);
    await supervisor.stop();
    await stopped;
    expect(await answer).toBeGreaterThan(0);
    expect(eventsOf('recall')).toEqual(['listens', 'SIGTERM', 'drained']);
  });

  it('stops a start that is not finished', async () => {
    const { services } = await single({ READY_AFTER_MS: '60000' });
    const supervisor = supervise(services);
    const started = supervisor.start();
    await eventually(() => eventsOf('recall').includes('listens'));
    await supervisor.stop();
    expect(await started).toBe(false);
  });

  describe('rolling restart', () => {
    const gateways = async (more) => {
      const port = await freePort();
      return {
        port,
        services: [{ name: 'gateway', stage: 0, sharedPort: port, replicas: [replica('gateway', port, { SHARES_PORT: 'yes', ...more })] }],
      };
    };

    it('puts a ready gateway beside the old one before that one drains', async () => {
      const { port, services } = await gateways({ READY_AFTER_MS: '300' });
      const supervisor = supervise(services);
      await supervisor.start();
      const before = await ask(port);
      const answered = [];
      let isRolling = true;
      const load = (async () => {
        while (isRolling) answered.push(await ask(port));
      })();
      await supervisor.roll('gateway');
      isRolling = false;
      await load;
      const after = await ask(port);
      expect(after).not.toBe(before);
      expect(answered.length).toBeGreaterThan(3);
      expect(eventsOf('gateway')).toEqual(['listens', 'ready', 'listens', 'ready', 'SIGTERM', 'drained']);
      expect(supervisor.processes()).toEqual([{ name: 'gateway-1', processId: after }]);
    });

    it('keeps the old gateway when the new one cannot start', async () => {
      const { port, services } = await gateways();
      const supervisor = supervise(services);
      await supervisor.start();
      const before = await ask(port);
      writeFileSync(breakingFile(), '');
      await expect(supervisor.roll()).rejects.toThrow('gateway-1 ended 3 times before it was ready');
      expect(await ask(port)).toBe(before);
    });

    it('takes the replicas of other services one after the other', async () => {
      const [first, second] = [await freePort(), await freePort()];
      const slow = { READY_AFTER_MS: '1500' };
      const supervisor = supervise([{ name: 'recall', stage: 0, replicas: [replica('one', first, slow), replica('two', second)] }]);
      await supervisor.start();
      const before = [await ask(first), await ask(second)];
      await supervisor.roll('recall');
      expect([await ask(first), await ask(second)].filter((pid) => before.includes(pid))).toEqual([]);
      const order = events()
        .slice(3)
        .map((line) => line.replace(/ \d+ /, ' '));
      expect(order).toEqual(['one SIGTERM', 'one drained', 'one listens', 'one ready', 'two SIGTERM', 'two drained', 'two listens']);
    });
  });

  it('leaves nothing behind when it is killed without a word', async () => {
    const { services } = await single();
    const supervisor = spawn(process.execPath, [superviseFile, JSON.stringify(services)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    supervisor.stdout.on('data', (chunk) => (said += chunk));
    await eventually(() => said.includes('all ready'));
    const exited = once(supervisor, 'exit');
    supervisor.kill('SIGKILL');
    await exited;
    await eventually(() => eventsOf('recall').includes('drained'));
    expect(eventsOf('recall')).toEqual(['listens', 'disconnect', 'drained']);
  });
});
