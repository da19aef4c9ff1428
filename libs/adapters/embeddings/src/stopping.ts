import { AppError } from '@continuo/contracts';
import type { CallOptions } from '@continuo/ports';

/** Longest delay a timer takes; longer ones would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Throws if nobody waits for the result any more. */
export function throwIfStopped(options: CallOptions): void {
  options.signal?.throwIfAborted();
  if (options.deadlineAt !== undefined && options.deadlineAt <= Date.now()) throw deadlineExceeded();
}

/** Settles with `work`, or rejects as soon as signal or deadline say so, after `onStop` has freed what the work holds. */
export async function untilStopped<T>(work: Promise<T>, options: CallOptions, onStop: () => void): Promise<T> {
  const { signal, deadlineAt } = options;
  const stopped = Promise.withResolvers<never>();
  const abort = (): void => stopped.reject(signal?.reason);
  const timer =
    deadlineAt === undefined
      ? undefined
      : setTimeout(() => stopped.reject(deadlineExceeded()), Math.min(Math.max(0, deadlineAt - Date.now()), MAX_TIMER_MS));
  signal?.addEventListener('abort', abort, { once: true });
  let done = false;
  try {
    return await Promise.race([work.finally(() => (done = true)), stopped.promise]);
  } catch (error) {
    if (!done) onStop();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Waits; resolves early, without an error, when the signal is aborted. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal.addEventListener('abort', end, { once: true });
  });
}

export function deadlineExceeded(): AppError {
  return new AppError('deadline_exceeded', 'The embedding was not ready before the deadline.');
}
