import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { defaultCacheFolder } from '../acquisition/cache-folder.ts';
import { NativeGate } from './native-gate.ts';

const PROGRAM = fileURLToPath(new URL('../../test/exit-while-working.mjs', import.meta.url));

describe('the gate around native work', () => {
  it('makes the one who closes it wait for the work under way', async () => {
    const gate = new NativeGate();
    const otherSide = new NativeGate(gate.memory);
    const order: string[] = [];
    const work = Promise.withResolvers<void>();
    const passed = gate.pass(() => work.promise).then(() => order.push('worked'));
    const closed = otherSide.close(10_000).then(() => order.push('closed'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(order).toEqual([]);
    work.resolve();
    await Promise.all([passed, closed]);
    expect(order.toSorted()).toEqual(['closed', 'worked']);
    expect(gate.closed).toBe(true);
  });

  it('lets nobody in once it is closed, and does not wait when nobody is inside', async () => {
    const gate = new NativeGate();
    await gate.close(10_000);
    gate.closeNow(10_000);
    await expect(gate.pass(async () => 'in')).rejects.toThrow('the embedding thread is ending');
  });

  it('opens again for the next after work that failed', async () => {
    const gate = new NativeGate();
    await expect(gate.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await gate.pass(async () => 'in')).toBe('in');
  });

  // Without the gate the process aborts (exit code 134) in about half of the attempts.
  it.each([1, 2])(
    'lets a process exit in the middle of a run, attempt %d',
    async () => {
      const parameters = [PROGRAM, defaultCacheFolder(env), env['CONTINUO_EMBEDDING_FOLDER'] ?? ''];
      const child = spawn(process.execPath, parameters, { stdio: 'inherit' });
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
    60_000,
  );
});
