import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionOf } from './command.mjs';
import { packagesIn } from './debian-packages.mjs';
import { javaMajorIn } from './find-java.mjs';
import { freePort, isFree } from './ports.mjs';
import { endServer, identityOf, isRunning, startServer } from './processes.mjs';
import { isAtLeast, versionIn } from './programs.mjs';
import { cacheFolder, settingsOf } from './settings.mjs';
import { openStack } from './stack.mjs';
import { readState, writeState } from './state-file.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'continuo-stack-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the arguments', () => {
  it('are one action, or none for up', () => {
    expect([[], ['up'], ['status'], ['down']].map(actionOf)).toEqual(['up', 'up', 'status', 'down']);
    for (const args of [['start'], ['up', 'redis']]) expect(() => actionOf(args)).toThrow('Usage: npm run stack -- [up|status|down]');
  });
});

describe('the settings', () => {
  const settings = (environment) => settingsOf(environment, folder, () => {});

  it('have usual values', () => {
    expect(settings({})).toMatchObject({ folder, heap: '512m', isFast: false, isDurable: false });
  });

  it('say what is wrong with them', () => {
    expect(() => settings({ CONTINUO_STACK_HEAP: 'big' })).toThrow('CONTINUO_STACK_HEAP is "big"; expected a size such as 512m or 2g.');
    expect(() => settings({ CONTINUO_STACK_FAST: 'yes' })).toThrow('CONTINUO_STACK_FAST is "yes"; expected on or off.');
  });

  it('keep downloads where the product does', () => {
    expect(cacheFolder({ CONTINUO_CACHE_DIR: '/cache' })).toBe('/cache');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/continuo');
  });
});

describe('versions', () => {
  it('are found in what programs say of themselves', () => {
    expect(versionIn('postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)')).toBe('15.18');
    expect(versionIn('postgres (PostgreSQL) 18')).toBe('18');
    expect(versionIn('nothing')).toBe(undefined);
    expect(javaMajorIn('openjdk version "25.0.1" 2025-10-21')).toBe(25);
    expect(javaMajorIn('openjdk version "21" 2023-09-19')).toBe(21);
    expect(javaMajorIn('java version "1.8.0_401"')).toBe(1);
    expect(javaMajorIn('command not found')).toBe(undefined);
  });

  it('compare by number', () => {
    expect(isAtLeast('6.2.14', '6.2.0')).toBe(true);
    expect(isAtLeast('10.1', '9.9')).toBe(true);
    expect(isAtLeast('6.0.16', '6.2.0')).toBe(false);
  });

  it('reads what apt would install', () => {
    const plan =
      'Reading package lists...\nInst libjemalloc2 (5.3.0-1 Debian)\nInst redis-server (5:7.0.15 Debian)\nConf redis-server (5:7.0.15)\n';
    expect(packagesIn(plan)).toEqual(['libjemalloc2', 'redis-server']);
  });
});

describe('the state file', () => {
  const file = () => join(folder, 'redis.json');

  it('gives back what was written, for the owner alone', () => {
    const state = { port: 20_001, password: 'ab12', process: { pid: 7, startedAt: '99' } };
    writeState(file(), state);
    expect(readState(file())).toEqual(state);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('counts as empty when it is missing, broken or holds something else', () => {
    expect(readState(file())).toEqual({});
    for (const text of ['{"port": 20', 'null', '{"port":"80","password":"x y","process":{"pid":-1}}']) {
      writeFileSync(file(), text);
      expect(readState(file())).toEqual({});
    }
  });
});

describe('ports', () => {
  it('are free when nobody listens there', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});

describe('a server process', () => {
  const start = (script) => startServer({ file: process.execPath, args: ['-e', script], cwd: '/', env: {} }, join(folder, 'log'));
  beforeEach(() => mkdirSync(folder, { recursive: true }));

  it('is known by more than its id', async () => {
    const identity = await start('setInterval(() => {}, 1000)');
    expect(isRunning(identity)).toBe(true);
    expect(isRunning({ ...identity, startedAt: '1' })).toBe(false);
    await endServer(identity, 'SIGTERM');
    expect(isRunning(identity)).toBe(false);
    expect(isRunning(undefined)).toBe(false);
    expect(isRunning(identityOf(process.pid))).toBe(true);
  });

  it('leaves its last words in the log', async () => {
    const identity = await start('console.log("out of luck")');
    await endServer(identity, 'SIGCONT');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('out of luck\n');
  });
});

describe('a stack that was never started', () => {
  it('has no addresses, is down, and is left alone by down', async () => {
    const stack = openStack({ folder: join(folder, 'none') });
    expect(Object.values(stack.urls())).toEqual([undefined, undefined, undefined]);
    expect((await stack.status()).map(({ setting, isUp }) => [setting, isUp])).toEqual([
      ['CONTINUO_RECORDS_URL', false],
      ['CONTINUO_INDEX_URL', false],
      ['CONTINUO_BROKER_URL', false],
    ]);
    expect(await stack.down()).toEqual([]);
    expect(() => stack.part('mysql')).toThrow('the stack has no part "mysql"');
  });
});
