/** What became of something that was waited for with a limit. */
export type Timely<Value> = { readonly status: 'done'; readonly value: Value } | { readonly status: 'late' | 'failed' };

/**
 * Waits until the deadline (epoch milliseconds), and not for failures. The caller's abort rejects; everything else is told in the result.
 */
export async function inTime<Value>(work: Promise<Value>, deadlineAt: number, signal: AbortSignal | undefined): Promise<Timely<Value>> {
  signal?.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Timely<Value>>((resolve) => {
    if (Number.isFinite(deadlineAt)) timer = setTimeout(() => resolve({ status: 'late' }), Math.max(0, deadlineAt - Date.now()));
  });
  const done = work.then(
    (value): Timely<Value> => ({ status: 'done', value }),
    (): Timely<Value> => ({ status: 'failed' }),
  );
  try {
    const outcome = await Promise.race([done, late]);
    signal?.throwIfAborted();
    return outcome;
  } finally {
    clearTimeout(timer);
  }
}
