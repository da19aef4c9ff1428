import type { ExclusiveWork } from '@continuo/ports';
import pg from 'pg';
import { advisoryKey } from './postgres-dialect.ts';
import { asAppError } from './postgres-failure.ts';
import { connectionOf, type PostgresSettings } from './postgres-pool.ts';

/** What the way to the server may take beyond its own limit for a statement. */
const SILENCE_MS = 5_000;

/** Locks of one connection, which the database lets go when the connection ends with its process. */
export class PostgresExclusiveWork implements ExclusiveWork {
  private readonly settings: PostgresSettings;
  private readonly running = new Set<string>();
  private connecting: Promise<pg.Client> | null = null;
  private closed = false;

  constructor(settings: PostgresSettings) {
    this.settings = settings;
  }

  async attempt(name: string, work: () => Promise<void>): Promise<boolean> {
    // One connection may take its own lock again, so the database would not notice.
    if (this.running.has(name)) return false;
    this.running.add(name);
    try {
      const key = advisoryKey(`work:${name}`);
      const client = await this.connection();
      if (!(await ask(client, 'select pg_try_advisory_lock($1::bigint) as done', key))) return false;
      try {
        await work();
      } finally {
        // What cannot be let go by asking is let go with the connection.
        await ask(client, 'select pg_advisory_unlock($1::bigint) as done', key).catch(() => this.drop(client));
      }
      return true;
    } finally {
      this.running.delete(name);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const client = await this.connecting?.catch(() => null);
    await client?.end().catch(() => undefined);
  }

  private async connection(): Promise<pg.Client> {
    if (this.closed) throw asAppError(new Error('Client was closed'));
    this.connecting ??= this.connect();
    try {
      return await this.connecting;
    } catch (error) {
      this.connecting = null;
      throw asAppError(error);
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      pipeline: true,
      // A server that goes without a word must not hold up the work for ever.
      query_timeout: this.settings.statementTimeoutMs + SILENCE_MS,
      ...connectionOf({ ...this.settings, applicationName: `${this.settings.applicationName}-work` }),
    } as pg.ClientConfig);
    client.on('error', () => this.drop(client));
    client.on('end', () => this.drop(client));
    await client.connect();
    return client;
  }

  private drop(client: pg.Client): void {
    void this.connecting?.then(
      (current) => {
        if (current === client) this.connecting = null;
      },
      () => undefined,
    );
    client.end().catch(() => undefined);
  }
}

async function ask(client: pg.Client, text: string, key: string): Promise<boolean> {
  try {
    const { rows } = await client.query<{ done: boolean }>(text, [key]);
    return rows[0]?.done === true;
  } catch (error) {
    throw asAppError(error);
  }
}
