import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { pause } from '../stopping.ts';
import { rootMessage, SourceFailure } from './source-failure.ts';

export interface DownloadLimits {
  /** How long a host may take to answer with headers. */
  readonly connectTimeoutMs: number;
  /** How long a running download may stand still. */
  readonly stallTimeoutMs: number;
  /** How often a broken download goes on where it stopped. */
  readonly resumptions: number;
  /** Pause before that. */
  readonly resumeAfterMs: number;
}

export interface DownloadOptions extends DownloadLimits {
  readonly signal: AbortSignal;
  /** Called with every piece: bytes on disk so far, and the size where the server tells it. */
  readonly onBytes: (receivedBytes: number, totalBytes: number | null) => void;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { connectTimeoutMs: 5_000, stallTimeoutMs: 30_000, resumptions: 4, resumeAfterMs: 1_000 };

const MAX_REDIRECTS = 5;
const SHA256 = /^[0-9a-f]{64}$/u;

/** What the server says about the file; the hub names size and hash of large files on its redirect. */
interface RemoteFile {
  etag: string | null;
  totalBytes: number | null;
  sha256: string | null;
}

/**
 * Writes what lies at an address to a file. A connection that breaks is taken up again where it stopped, provided the server still
 * has the same file; size and, where the server names it, SHA-256 are checked at the end.
 *
 * @throws SourceFailure in words; `unreachable` when nothing was ever received from the host.
 */
export async function downloadFile(url: string, file: string, options: DownloadOptions): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const download = new Download(url, handle, options);
    await download.run();
  } finally {
    await handle.close();
  }
}

class Download {
  private readonly url: string;
  private readonly handle: FileHandle;
  private readonly options: DownloadOptions;
  private readonly remote: RemoteFile = { etag: null, totalBytes: null, sha256: null };
  private hash: Hash = createHash('sha256');
  private receivedBytes = 0;
  /** Whether the host sent headers in the present attempt: then a break is worth another one. */
  private answered = false;

  constructor(url: string, handle: FileHandle, options: DownloadOptions) {
    this.url = url;
    this.handle = handle;
    this.options = options;
  }

  async run(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      this.answered = false;
      try {
        await this.attempt();
        return this.check();
      } catch (error) {
        this.options.signal.throwIfAborted();
        if (error instanceof SourceFailure) throw error;
        if (!this.answered || attempt >= this.options.resumptions) throw this.failure(error);
        await pause(this.options.resumeAfterMs, this.options.signal);
      }
    }
  }

  private async attempt(): Promise<void> {
    const watch = new Watchdog(this.options.signal);
    try {
      watch.allow(this.options.connectTimeoutMs, 'no answer in time');
      const response = await this.request(watch.signal);
      this.answered = true;
      if (response.body === null) throw new Error('an empty answer');
      watch.allow(this.options.stallTimeoutMs, 'the download stood still');
      for await (const piece of response.body as AsyncIterable<Uint8Array>) {
        await this.append(piece);
        watch.allow(this.options.stallTimeoutMs, 'the download stood still');
      }
      if (this.remote.totalBytes !== null && this.receivedBytes < this.remote.totalBytes) throw new Error('the connection closed early');
    } finally {
      watch.end();
    }
  }

  /** Follows redirects by hand: the first answer carries the hub's size and hash, the last one the bytes. */
  private async request(signal: AbortSignal): Promise<Response> {
    let url = this.url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await fetch(url, { headers: this.rangeHeaders(), redirect: 'manual', signal });
      // The latest word counts: between two attempts the file may have been replaced.
      this.remote.sha256 = linkedSha256(response.headers) ?? this.remote.sha256;
      this.remote.totalBytes = numberHeader(response.headers, 'x-linked-size') ?? this.remote.totalBytes;
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        url = new URL(location, url).href;
      } else {
        await this.accept(response);
        return response;
      }
    }
    throw new SourceFailure(`${hostOf(this.url)} redirects without end`);
  }

  private rangeHeaders(): Record<string, string> {
    // Sizes and ranges are those of the file itself only if it travels uncompressed.
    const plain = { 'accept-encoding': 'identity' };
    if (this.receivedBytes === 0 || this.remote.etag === null) return plain;
    return { ...plain, range: `bytes=${this.receivedBytes}-`, 'if-range': this.remote.etag };
  }

  /** Goes on where it stopped if the server agrees (206), begins anew if it sends the whole file (200). */
  private async accept(response: Response): Promise<void> {
    const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${this.receivedBytes}-`);
    if (goesOn) return;
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new SourceFailure(`${hostOf(this.url)} answered ${response.status} for ${new URL(this.url).pathname}`);
    }
    const etag = response.headers.get('etag');
    this.remote.etag = etag?.startsWith('W/') ? null : etag;
    this.remote.totalBytes = numberHeader(response.headers, 'content-length') ?? this.remote.totalBytes;
    this.hash = createHash('sha256');
    this.receivedBytes = 0;
    await this.handle.truncate(0);
  }

  private async append(piece: Uint8Array): Promise<void> {
    let offset = 0;
    while (offset < piece.byteLength) {
      offset += (await this.handle.write(piece, offset, piece.byteLength - offset, this.receivedBytes + offset)).bytesWritten;
    }
    this.hash.update(piece);
    this.receivedBytes += piece.byteLength;
    this.options.onBytes(this.receivedBytes, this.remote.totalBytes);
  }

  private failure(error: unknown): SourceFailure {
    const unreachable = !this.answered && this.receivedBytes === 0;
    return new SourceFailure(`${hostOf(this.url)} ${unreachable ? 'did not answer' : 'broke off'} (${rootMessage(error)})`, {
      cause: error,
      unreachable,
    });
  }

  private check(): void {
    const { totalBytes, sha256 } = this.remote;
    const name = new URL(this.url).pathname;
    if (totalBytes !== null && totalBytes !== this.receivedBytes) {
      throw new SourceFailure(`${name} from ${hostOf(this.url)} has ${this.receivedBytes} bytes instead of ${totalBytes}`);
    }
    if (sha256 !== null && sha256 !== this.hash.digest('hex')) {
      throw new SourceFailure(`${name} from ${hostOf(this.url)} does not have the hash the hub names`);
    }
  }
}

/** Aborts when nothing happens for the time allowed last, or when the caller does. */
class Watchdog {
  readonly signal: AbortSignal;
  private readonly late = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.late.signal]);
  }

  allow(timeoutMs: number, complaint: string): void {
    this.end();
    this.timer = setTimeout(() => this.late.abort(new Error(complaint)), timeoutMs);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function numberHeader(headers: Headers, name: string): number | null {
  const value = headers.get(name);
  return value !== null && /^\d+$/u.test(value) ? Number(value) : null;
}

/** Large files carry their SHA-256 as etag; small ones a git hash, which says nothing to us. */
function linkedSha256(headers: Headers): string | null {
  const etag = headers.get('x-linked-etag')?.replaceAll('"', '') ?? '';
  return SHA256.test(etag) ? etag : null;
}
