import { Agent, request as httpRequest } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Speaks to one server over connections that are kept open; lighter than `fetch`, so that the generator does not weigh on what it measures. */
export class Connection {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' });
  private readonly base: URL;
  private readonly key: string;

  constructor(base: string, key: string) {
    this.base = new URL(base);
    this.key = key;
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const payload = Buffer.from(JSON.stringify(body));
    const authorised = { authorization: `Token ${this.key}`, 'content-type': 'application/json', 'content-length': String(payload.length) };
    return this.send('POST', `${this.base.pathname}${path}`, { ...authorised, ...headers }, payload);
  }

  /** An address outside the prefix, without the key. */
  get(path: string): Promise<Reply> {
    return this.send('GET', path, {}, null);
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, headers: Readonly<Record<string, string>>, payload: Buffer | null): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.base;
      const outgoing = httpRequest({ agent: this.agent, hostname, port, method, path, headers, timeout: 60_000 }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        incoming.once('error', reject);
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within a minute')));
      outgoing.once('error', reject);
      outgoing.end(payload ?? undefined);
    });
  }
}
