import type { BrokerConnection } from '../connection/open-connection.ts';
import type { TellEvent } from './broker-event.ts';

/** The connection that all workers of a process share, opened with the first of them, and the blocking ones they make from it. */
export class WorkConnection {
  readonly #open: () => BrokerConnection;
  readonly #tell: TellEvent;
  readonly #onReady: () => void;
  readonly #blocking = new Set<BrokerConnection>();
  #connection: BrokerConnection | undefined;
  #lost = false;

  constructor(open: () => BrokerConnection, tell: TellEvent, onReady: () => void) {
    this.#open = open;
    this.#tell = tell;
    this.#onReady = onReady;
  }

  get connection(): BrokerConnection {
    this.#connection ??= this.#watched(this.#open());
    return this.#connection;
  }

  /** Every one, whatever became of the workers. */
  disconnect(): void {
    for (const connection of [this.#connection, ...this.#blocking]) {
      // A second time, it would wait for a socket that has closed already.
      if (connection === undefined || connection.status === 'end') continue;
      connection.disconnect();
      // Between two attempts to connect it ends without a word, and BullMQ waits for that word.
      if (connection.status === 'reconnecting') connection.emit('end');
    }
  }

  #watched(connection: BrokerConnection): BrokerConnection {
    connection.on('error', () => undefined);
    connection.on('ready', () => {
      this.#lost = false;
      this.#tell({ type: 'connection', state: 'ready' });
      this.#onReady();
    });
    connection.on('close', () => {
      if (this.#lost) return;
      this.#lost = true;
      this.#tell({ type: 'connection', state: 'lost' });
    });
    const duplicate = connection.duplicate.bind(connection) as (...given: unknown[]) => BrokerConnection;
    connection.duplicate = ((...given: unknown[]) => {
      const blocking = duplicate(...given);
      this.#blocking.add(blocking);
      blocking.on('error', () => undefined);
      return blocking;
    }) as typeof connection.duplicate;
    return connection;
  }
}
