import { AppError } from '@continuo/contracts';
import type { CallOptions, FetchLimits, FileFetcher, GivenFile } from '@continuo/ports';
import { checkedAddresses, parseAddress, type Resolve, resolveBySystem } from './checked-address.ts';
import { fileNameOf } from './file-name.ts';
import { type Reply, requestFile } from './request-file.ts';

export interface FetcherSettings {
  /**
   * Hosts inside the operator's network that may be fetched from all the same, as `host:port`, the host as it stands in addresses and
   * an IPv6 address in brackets. None by default.
   */
  readonly allowPrivate?: readonly string[];
  /** For a file with all its redirects; 60 seconds by default. */
  readonly timeLimitMs?: number;
  /** How names are resolved; by the system's resolver by default. */
  readonly resolve?: Resolve;
}

const DEFAULT_TIME_LIMIT_MS = 60_000;
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Keeps no connection open and reads no proxy from the environment; there is nothing to close. */
export function openFileFetcher(settings: FetcherSettings = {}): FileFetcher {
  return new GuardedFileFetcher(settings);
}

class GuardedFileFetcher implements FileFetcher {
  readonly #allowPrivate: ReadonlySet<string>;
  readonly #timeLimitMs: number;
  readonly #resolve: Resolve;

  constructor({ allowPrivate, timeLimitMs, resolve }: FetcherSettings) {
    this.#allowPrivate = new Set((allowPrivate ?? []).map((host) => host.trim().toLowerCase()));
    this.#timeLimitMs = timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
    this.#resolve = resolve ?? resolveBySystem;
  }

  async fetch(address: string, { maxBytes }: FetchLimits, options: CallOptions): Promise<GivenFile> {
    options.signal?.throwIfAborted();
    const { signal, release } = this.#limited(options);
    try {
      return await untilAborted(this.#follow(parseAddress(address), maxBytes, signal), signal);
    } finally {
      // Whatever is still open, such as the body of an error page, ends here.
      release();
    }
  }

  async #follow(start: URL, maxBytes: number, signal: AbortSignal): Promise<GivenFile> {
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const addresses = await checkedAddresses(url, this.#allowPrivate, this.#resolve);
      signal.throwIfAborted();
      const reply = await requestFile(url, addresses, signal);
      const next = reply.headers.location;
      if (!REDIRECTS.has(reply.statusCode ?? 0) || next === undefined) return fileOf(url, reply, maxBytes, signal);
      reply.destroy();
      url = parseAddress(next, url);
    }
    throw new AppError('file_invalid', `The file could not be fetched: more than ${MAX_REDIRECTS} redirects.`);
  }

  #limited({ signal, deadlineAt }: CallOptions): { readonly signal: AbortSignal; readonly release: () => void } {
    const own = new AbortController();
    const untilDeadlineMs = deadlineAt === undefined ? Infinity : Math.max(0, deadlineAt - Date.now());
    const late =
      untilDeadlineMs < this.#timeLimitMs
        ? new AppError('deadline_exceeded', 'The file was not fetched in time.')
        : new AppError('file_invalid', `The file did not come within ${Math.round(this.#timeLimitMs / 1_000)} seconds.`);
    const timer = setTimeout(() => own.abort(late), Math.min(untilDeadlineMs, this.#timeLimitMs));
    const release = (): void => {
      clearTimeout(timer);
      own.abort(new AppError('file_invalid', 'The fetch has ended.'));
    };
    return { signal: signal === undefined ? own.signal : AbortSignal.any([own.signal, signal]), release };
  }
}

/** Resolving a name cannot be stopped; the caller does not wait for it. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason as Error);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject);
  });
}

async function fileOf(url: URL, reply: Reply, maxBytes: number, signal: AbortSignal): Promise<GivenFile> {
  if (reply.statusCode !== 200)
    throw new AppError('file_invalid', `The file could not be fetched: the server answered ${reply.statusCode}.`);
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new AppError('file_invalid', 'The file could not be fetched: it came compressed, which was not asked for.');
  if (Number(reply.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const declaredType = reply.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
  const bytes = await bodyOf(reply, maxBytes, signal);
  return { bytes, name: fileNameOf(url, reply.headers['content-disposition'], declaredType), declaredType };
}

async function bodyOf(reply: Reply, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of reply as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      pieces.push(piece);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw AppError.is(error) ? error : new AppError('file_invalid', 'The file came only in part.', { cause: error });
  }
  return Buffer.concat(pieces, length);
}

const tooLarge = (maxBytes: number): AppError =>
  new AppError('file_too_large', `The file has more than the ${maxBytes} bytes that are taken.`);
