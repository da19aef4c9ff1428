import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A connection to a real Postgres that can be cut, refused or go silent. */
export class Wire {
  private readonly target: URL;
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private silent = false;

  constructor(target: string) {
    this.target = new URL(target);
  }

  /** The same database, through the wire. Its port stays over cuts; until the first `mend` nobody listens there. */
  async url(): Promise<string> {
    if (this.port === 0) {
      await this.mend();
      await this.cut();
    }
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  async mend(): Promise<void> {
    this.silent = false;
    if (this.server !== null) return;
    this.server = createServer((socket) => this.join(socket));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address !== null) this.port = address.port;
  }

  /** Ends all connections; new ones are refused. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    this.drop();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Ends all connections; new ones are taken. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  /** From now on nothing comes through any more, and nobody is told. */
  hush(): void {
    this.silent = true;
  }

  private join(near: Socket): void {
    const far = connect(Number(this.target.port || '5432'), this.target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (!this.silent) to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
