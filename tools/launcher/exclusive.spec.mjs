import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exclusively } from './exclusive.mjs';

describe('exclusively', () => {
  let folder;
  let lock;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-lock-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('runs works one after the other and leaves nothing behind', async () => {
    let running = 0;
    let mostRunning = 0;
    const work = async () => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    await Promise.all([exclusively(lock, work), exclusively(lock, work), exclusively(lock, work)]);
    expect(mostRunning).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the process that it waits for', async () => {
    const waitedFor = [];
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const first = exclusively(lock, () => held);
    const second = exclusively(
      lock,
      () => 'done',
      (pid) => {
        waitedFor.push(pid);
        release();
      },
    );
    await first;
    expect(await second).toBe('done');
    expect(waitedFor).toEqual([process.pid]);
  });

  it('takes over the lock of a process that died, also when its number lives on in another', async () => {
    for (const holder of [{ pid: 2 ** 30 }, { pid: process.pid, startedAt: 'before the restart' }]) {
      mkdirSync(lock);
      writeFileSync(join(lock, 'holder.json'), JSON.stringify(holder));
      expect(await exclusively(lock, () => existsSync(lock))).toBe(true);
    }
  });

  it('gives the lock back when the work throws', async () => {
    const failing = exclusively(lock, () => Promise.reject(new Error('no space left')));
    await expect(failing).rejects.toThrow('no space left');
    expect(readdirSync(folder)).toEqual([]);
  });
});
