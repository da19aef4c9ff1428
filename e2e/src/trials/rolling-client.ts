import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** No client waits longer. */
const CLIENT_TIMEOUT_MS = 60_000;
const CONNECT_AGAIN_AFTER_MS = 50;
const CONNECTS = 40;

/** `stream`: a chat whose answer is streamed. */
export type RequestKind = 'add' | 'search' | 'chat' | 'stream';
/** Whether the client keeps its connections or makes one for each request. */
export type ConnectionKind = 'kept' | 'new';

/** What became of one request. */
export interface RequestResult {
  /** `cut`: a stream without its end, or with an error in it. */
  readonly outcome: 'ok' | 'refused' | 'cut' | 'connection';
  /** Of what went wrong, for people. */
  readonly detail: string;
  /** Connects that were refused before one was taken: all that is ever repeated. */
  readonly refusedConnects: number;
  /** The reply's body, or of a stream what was said. */
  readonly reply: string;
}

export interface RequestTarget {
  /** Base of the contract's paths. */
  readonly base: string;
  readonly key: string;
}

/** A client that sends every request once, over connections it keeps or over one for each. */
export class RollingClient {
  readonly #target: RequestTarget;
  readonly #kept = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(target: RequestTarget) {
    this.#target = target;
  }

  /** Never throws. */
  async send(kind: RequestKind, connection: ConnectionKind, body: object): Promise<RequestResult> {
    const agent = connection === 'kept' ? this.#kept : new Agent({ keepAlive: false });
    for (let refusedConnects = 0; ; refusedConnects += 1) {
      try {
        const result = await this.#exchange(kind, agent, body);
        return { ...result, refusedConnects };
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        // Nothing was sent: the one failure that says so for certain.
        const mayRepeat = code === 'ECONNREFUSED' && refusedConnects < CONNECTS;
        if (!mayRepeat) return { outcome: 'connection', detail: code ?? message, refusedConnects, reply: '' };
        await sleep(CONNECT_AGAIN_AFTER_MS);
      } finally {
        if (connection === 'new') agent.destroy();
      }
    }
  }

  close(): void {
    this.#kept.destroy();
  }

  #exchange(kind: RequestKind, agent: Agent, body: object): Promise<Omit<RequestResult, 'refusedConnects'>> {
    const { base, key } = this.#target;
    const payload = Buffer.from(JSON.stringify(body));
    const headers = {
      authorization: `Token ${key}`,
      'content-type': 'application/json',
      'content-length': String(payload.length),
      'X-Continuo-Debug': 'explain',
    };
    return new Promise((resolve, reject) => {
      const outgoing: ClientRequest = httpRequest(
        `${base}/${PATHS[kind]}`,
        { agent, method: 'POST', headers, timeout: CLIENT_TIMEOUT_MS },
        (incoming) => void readReply(kind, incoming).then(resolve, reject),
      );
      outgoing.once('timeout', () => outgoing.destroy(new Error(`nothing for ${CLIENT_TIMEOUT_MS / 1_000} s`)));
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  }
}

const PATHS: Readonly<Record<RequestKind, string>> = { add: 'add/message', search: 'search/memory', chat: 'chat', stream: 'chat' };

async function readReply(kind: RequestKind, incoming: IncomingMessage): Promise<Omit<RequestResult, 'refusedConnects'>> {
  const isStream = incoming.headers['content-type']?.startsWith('text/event-stream') === true;
  let text = '';
  try {
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  } catch (error) {
    if (!isStream) throw error;
    return { outcome: 'cut', detail: (error as NodeJS.ErrnoException).code ?? 'ended', reply: '' };
  }
  if (incoming.statusCode !== 200) return { outcome: 'refused', detail: `${incoming.statusCode} ${text.slice(0, 120)}`, reply: '' };
  if (kind !== 'stream') return { outcome: 'ok', detail: '', reply: text };
  return isStream ? readStream(text) : { outcome: 'refused', detail: 'no stream', reply: '' };
}

function readStream(text: string): Omit<RequestResult, 'refusedConnects'> {
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice('data:'.length)) as { readonly type: string; readonly data: string });
  const reply = events
    .filter(({ type }) => type === 'text')
    .map(({ data }) => data)
    .join('');
  const failure = events.find(({ type }) => type === 'error');
  if (failure !== undefined) return { outcome: 'cut', detail: String(failure.data), reply };
  if (events.at(-1)?.type !== 'end') return { outcome: 'cut', detail: 'no end', reply };
  return { outcome: 'ok', detail: '', reply };
}
