import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut as if its machine had lost power: every connection ends at once, and no new one comes about. */
export class Passage {
  readonly #sockets = new Set<Socket>();
  readonly #targetPort: () => number;
  #server: Server | null = null;
  #port = 0;

  constructor(targetPort: () => number) {
    this.#targetPort = targetPort;
  }

  get port(): number {
    return this.#port;
  }

  async open(): Promise<void> {
    const server = createServer((incoming) => {
      const outgoing = connect(this.#targetPort(), '127.0.0.1');
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => (this.#server === null ? resolve(null) : this.#server.close(resolve)));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
    this.#server = null;
  }
}
