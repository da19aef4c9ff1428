import type { CallOptions } from '@continuo/ports';
import { setTimeout as wait } from 'node:timers/promises';

/** Waits, or rejects with the reason of the caller who leaves. */
export async function pause(durationMs: number, options: CallOptions): Promise<void> {
  try {
    await wait(durationMs, undefined, options.signal === undefined ? {} : { signal: options.signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}
