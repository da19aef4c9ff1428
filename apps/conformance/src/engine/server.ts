import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from './json.ts';

export interface Reply {
  /** `POST /search/memory`, for messages. */
  readonly request: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text; undefined when it is no JSON. */
  readonly body: unknown;
}

export interface RequestOptions {
  readonly method?: string;
  /** Sent instead of the server's key. */
  readonly key?: string;
  /** Instead of `Token <key>`; null sends none. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

type Body = string | FormData;

const BUSY_STATUS = 429;
const BUSY_ATTEMPTS = 6;
const BUSY_PAUSE_MS = 1_000;

/** A server that claims the contract, reached by HTTP alone. */
export class Server {
  private readonly baseUrl: string;
  private readonly key: string;
  private readonly timeoutMs: number;

  constructor(baseUrl: string, key: string, timeoutMs: number) {
    this.baseUrl = baseUrl.replace(/\/+$/u, '');
    this.key = key;
    this.timeoutMs = timeoutMs;
  }

  /** A body that is a string is sent as it is. */
  post(path: string, body: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.send(path, body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body), {
      method: 'POST',
      ...options,
    });
  }

  get(path: string, options: RequestOptions = {}): Promise<Reply> {
    return this.send(path, undefined, { method: 'GET', ...options });
  }

  private async send(path: string, body: Body | undefined, options: RequestOptions): Promise<Reply> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.sendOnce(path, body, options);
      // A rate limit is a right of the server, not a breach of a rule that happens to run then.
      if (reply.status !== BUSY_STATUS || attempt === BUSY_ATTEMPTS) return reply;
      await sleep(attempt * BUSY_PAUSE_MS);
    }
  }

  private async sendOnce(path: string, body: Body | undefined, options: RequestOptions): Promise<Reply> {
    const authorization = options.authorization === undefined ? `Token ${options.key ?? this.key}` : options.authorization;
    const response = await fetch(`${this.baseUrl}${path}`, {
      method: options.method ?? 'GET',
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    const text = await response.text();
    return { request: `${options.method} ${path}`, status: response.status, headers: response.headers, text, body: parseJson(text) };
  }
}
