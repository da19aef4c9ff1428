import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@continuo/contracts';
import { IndexThread } from './index-thread.ts';

interface TestCalls {
  work(argument: { readonly forMs: number }): number;
  workUntilCancelled(argument: null): null;
  fail(argument: null): null;
  die(argument: null): null;
  close(argument: null): null;
}

/** Counts the calls it really worked on. */
const THREAD = `
import { serve } from '${new URL('../../dist/threads/serve.js', import.meta.url).href}';
let worked = 0;
serve(() => ({
  work: ({ forMs }) => { const end = Date.now() + forMs; while (Date.now() < end); return (worked += 1); },
  workUntilCancelled: (_, checkAwaited) => { for (;;) checkAwaited(); },
  fail: () => { throw new TypeError('a bug'); },
  die: () => process.exit(3),
  close: () => null,
}));
`;

let folder: string;
let thread: IndexThread<TestCalls>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-thread-'));
  const workerFile = join(folder, 'test.worker.mjs');
  await writeFile(workerFile, THREAD);
  thread = new IndexThread({ workerFile, name: 'test', settings: { file: '', cacheBytes: 0 }, onStoreError: () => undefined });
});
afterEach(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

describe('IndexThread', () => {
  it('skips a call that was given up before the thread came to it', async () => {
    const abort = new AbortController();
    const first = thread.call('work', { forMs: 50 });
    const aborted = thread.call('work', { forMs: 0 }, { signal: abort.signal });
    const late = thread.call('work', { forMs: 0 }, { deadlineAt: Date.now() + 1 });
    abort.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    await expect(late).rejects.toThrow('in time');
    expect(await first).toBe(1);
    expect(await thread.call('work', { forMs: 0 })).toBe(2);
  });

  it('stops a call that is being worked on when it is given up', async () => {
    const abort = new AbortController();
    const endless = thread.call('workUntilCancelled', null, { signal: abort.signal });
    const late = thread.call('workUntilCancelled', null, { deadlineAt: Date.now() + 30 });
    abort.abort(new Error('gone'));
    await expect(endless).rejects.toThrow('gone');
    await expect(late).rejects.toThrow('in time');
    expect(await thread.call('work', { forMs: 0 })).toBe(1);
  });

  it('tells a bug from a store that cannot be reached', async () => {
    const error = await thread.call('fail', null).catch((failure: unknown) => failure);
    expect(AppError.is(error)).toBe(false);
    expect(String(error)).toContain('a bug');
  });

  it('fails with index_unavailable what a dying thread was asked, and starts another one', async () => {
    const asked = [thread.call('die', null), thread.call('work', { forMs: 0 })].map((call) => call.catch((failure: unknown) => failure));
    for (const error of await Promise.all(asked)) expect(AppError.is(error, 'index_unavailable')).toBe(true);
    expect(await thread.call('work', { forMs: 0 })).toBe(1);
  });
});
