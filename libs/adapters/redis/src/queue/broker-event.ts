/** What the queue tells whoever counts and logs. Ids, names and durations; never what a handler worked on. */
export type BrokerEvent =
  /** The broker could not be asked in time; the sweep will ask again. */
  | { readonly type: 'signal_lost'; readonly job: string; readonly reason: string }
  /**
   * One attempt has ended. `waitedMs`: since the job was asked for, rests between attempts included. `retried`: failed, to be tried again;
   * `failed`: for good; `returned`: stopped by `close`, given back unharmed; `lost`: its lock was lost while it ran.
   */
  | {
      readonly type: 'job_done';
      readonly job: string;
      readonly waitedMs: number;
      readonly ranMs: number;
      readonly attempt: number;
      readonly outcome: 'completed' | 'retried' | 'failed' | 'returned' | 'lost';
    }
  /** The broker no longer knows that this process runs the job: its handler was told to stop, and its lane is asked for again. */
  | { readonly type: 'lock_lost'; readonly job: string }
  /** A job whose worker has gone waits again. */
  | { readonly type: 'stalled'; readonly job: string }
  | { readonly type: 'connection'; readonly state: 'ready' | 'lost' }
  /** Redis may evict keys of the queue when its memory is full; `maxmemory-policy` must be `noeviction`. */
  | { readonly type: 'eviction_possible'; readonly policy: string }
  /** Something in the machinery, not in a handler. */
  | { readonly type: 'broker_error'; readonly job: string | null; readonly reason: string };

/** Tells an event; what the listener throws is ignored. */
export type TellEvent = (event: BrokerEvent) => void;

/** An error in words that hold nothing of what a handler worked on: messages of other libraries may quote it. */
export function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { name, code, message } = error as { readonly name?: unknown; readonly code?: unknown; readonly message?: unknown };
  const kind = typeof name === 'string' ? name : 'Error';
  // Redis begins its refusals with a word in capitals, such as WRONGPASS.
  if (kind === 'ReplyError') return `${kind} ${/^[A-Z]+\b/u.exec(String(message))?.[0] ?? ''}`.trim();
  return typeof code === 'string' && code !== '' ? `${kind} ${code}` : kind;
}

const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** The broker is away, which is told as `connection`, once, and not by everything that notices. */
export function isAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return (typeof code === 'string' && NETWORK.includes(code)) || message === 'Connection is closed.';
}

/** Tells what goes wrong with a connection, such as a wrong password, once and not with every attempt. */
export function tellErrors(
  connection: { on(event: 'error' | 'ready', listener: (error?: Error) => void): unknown },
  tell: TellEvent,
): void {
  let told = '';
  connection.on('ready', () => (told = ''));
  connection.on('error', (error) => {
    const reason = reasonOf(error);
    if (isAway(error) || reason === told) return;
    told = reason;
    tell({ type: 'broker_error', job: null, reason });
  });
}
