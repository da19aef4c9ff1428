import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  /** Requests whose reply has not been sent in full. */
  running: number;
  /** What had been read of it when it was last looked at: more means that a request is on its way. */
  bytesRead: number;
  /** Monotonic time in milliseconds. */
  silentSince: number;
}

/**
 * The open connections of a server and how long each has been silent. Node's own list of idle ones does not tell the time, and
 * takes a connection that has never asked for anything for a busy one.
 */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private readonly whenNone = new Set<() => void>();
  private acceptedCount = 0;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.add(socket));
    // Before the application's own listener: what answers at once must have been counted as running.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => this.follow(request.socket, response));
  }

  get count(): number {
    return this.open.size;
  }

  /** How many there have been in all. */
  get accepted(): number {
    return this.acceptedCount;
  }

  /** Closes those that have neither sent nor been owed anything for this long. */
  closeSilent(forMs: number, now = performance.now()): void {
    for (const [socket, connection] of this.open) {
      if (connection.running > 0) continue;
      if (socket.bytesRead !== connection.bytesRead) {
        connection.bytesRead = socket.bytesRead;
        connection.silentSince = now;
      } else if (now - connection.silentSince >= forMs) socket.destroy();
    }
  }

  closeAll(): void {
    for (const socket of this.open.keys()) socket.destroy();
  }

  /** Resolves as soon as none is open. */
  none(): Promise<void> {
    if (this.open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenNone.add(resolve));
  }

  private add(socket: Socket): void {
    this.acceptedCount += 1;
    this.open.set(socket, { running: 0, bytesRead: 0, silentSince: performance.now() });
    socket.once('close', () => {
      this.open.delete(socket);
      if (this.open.size > 0) return;
      for (const wake of this.whenNone) wake();
      this.whenNone.clear();
    });
  }

  private follow(socket: Socket, response: ServerResponse): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    connection.running += 1;
    response.once('close', () => {
      connection.running -= 1;
      connection.bytesRead = socket.bytesRead;
      connection.silentSince = performance.now();
    });
  }
}
