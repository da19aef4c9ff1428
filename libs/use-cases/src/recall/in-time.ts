/** What became of something that was waited for with a limit. */
export type Timely<Value> = { readonly status: 'done'; readonly value: Value } | { readonly status: 'late' | 'failed' };

/**
 * Waits until the deadline (epoch milliseconds), and not for failures. The caller's abort rejects at once; everything else is told
 * in the result. Work that nobody waits for any more may still fail without a word.
 */
export async function inTime<Value>(work: Promise<Value>, deadlineAt: number, signal: AbortSignal | undefined): Promise<Timely<Value>> {
  const done = work.then(
    (value): Timely<Value> => ({ status: 'done', value }),
    (): Timely<Value> => ({ status: 'failed' }),
  );
  signal?.throwIfAborted();
  const { promise: interrupted, resolve: late, reject } = Promise.withResolvers<Timely<Value>>();
  const abort = (): void => reject(signal?.reason as Error);
  const timer = Number.isFinite(deadlineAt) ? setTimeout(() => late({ status: 'late' }), Math.max(0, deadlineAt - Date.now())) : undefined;
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([done, interrupted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
