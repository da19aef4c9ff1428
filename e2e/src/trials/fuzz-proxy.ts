import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that came back as it never should. */
export interface FuzzFault {
  readonly what: 'server error' | 'leak' | 'no answer';
  readonly request: string;
  readonly answer: string;
}

const SHOWN_CHARACTERS = 600;

/** Stands between whoever invents requests and the server: counts them, and reads every answer. */
export class FuzzProxy {
  requests = 0;
  readonly statuses = new Map<number, number>();
  readonly faults: FuzzFault[] = [];
  private readonly origin: URL;
  private readonly secrets: readonly string[];
  private readonly server = createServer((incoming, outgoing) => void this.pass(incoming, outgoing));

  /** @param secrets words that stand in what others said: no answer may contain one. */
  private constructor(origin: string, secrets: readonly string[]) {
    this.origin = new URL(origin);
    this.secrets = secrets;
  }

  static async start(origin: string, secrets: readonly string[]): Promise<FuzzProxy> {
    const proxy = new FuzzProxy(origin, secrets);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.requests += 1;
    const body = await readAll(incoming).catch(() => null);
    if (body === null) return;
    const { method = 'GET', url = '/', headers } = incoming;
    const shown = `${method} ${url} ${body.toString().slice(0, SHOWN_CHARACTERS)}`;
    const { hostname, port } = this.origin;
    const onward = send({ hostname, port, method, path: url, headers: { ...headers, host: this.origin.host } }, (reply) => {
      readAll(reply).then(
        (answer) => {
          this.judge(shown, reply.statusCode ?? 0, answer.toString());
          outgoing.writeHead(reply.statusCode ?? 502, withoutFraming(reply.headers)).end(answer);
        },
        (error: unknown) => this.fail(shown, error, outgoing),
      );
    });
    onward.on('error', (error) => this.fail(shown, error, outgoing));
    onward.end(body);
  }

  private judge(request: string, status: number, answer: string): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    const found = (what: FuzzFault['what']): unknown =>
      this.faults.push({ what, request, answer: `${status} ${answer.slice(0, SHOWN_CHARACTERS)}` });
    if (status >= 500) found('server error');
    if (this.secrets.some((secret) => answer.includes(secret))) found('leak');
  }

  private fail(request: string, error: unknown, outgoing: ServerResponse): void {
    this.faults.push({ what: 'no answer', request, answer: String(error) });
    outgoing.destroy();
  }
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The body goes on whole. */
const withoutFraming = ({ 'transfer-encoding': _chunked, connection: _connection, ...headers }: IncomingMessage['headers']) => headers;
