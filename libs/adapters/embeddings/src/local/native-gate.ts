import { setImmediate } from 'node:timers/promises';

const INSIDE = 0;
const CLOSED = 1;

/**
 * Keeps a thread from being ended while native code of the model runs in it: that would take the whole process with it
 * (`terminate called after throwing an instance of 'Napi::Error'`), whether by `terminate()` or by `process.exit()`.
 *
 * Both sides hold one over the same memory. The thread passes through it; the other side closes it and waits until nobody is inside.
 */
export class NativeGate {
  readonly memory: SharedArrayBuffer;
  private readonly flags: Int32Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.flags = new Int32Array(memory);
  }

  get closed(): boolean {
    return Atomics.load(this.flags, CLOSED) === 1;
  }

  /** Runs native work, unless the gate is closed: then it rejects. For the thread; one at a time. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    // Enter first, look second: whoever closes between the two waits for us, whoever closed before is seen.
    Atomics.store(this.flags, INSIDE, 1);
    try {
      if (this.closed) throw new Error('the embedding thread is ending');
      return await work();
    } finally {
      // The native side may still be on the stack that called us back.
      await setImmediate();
      Atomics.store(this.flags, INSIDE, 0);
      Atomics.notify(this.flags, INSIDE);
    }
  }

  /** Lets nobody in any more and resolves when nobody is inside, or after the time given. */
  async close(timeoutMs: number): Promise<void> {
    Atomics.store(this.flags, CLOSED, 1);
    await Atomics.waitAsync(this.flags, INSIDE, 1, timeoutMs).value;
  }

  /** The same for a process that exits: blocks. */
  closeNow(timeoutMs: number): void {
    Atomics.store(this.flags, CLOSED, 1);
    Atomics.wait(this.flags, INSIDE, 1, timeoutMs);
  }
}
