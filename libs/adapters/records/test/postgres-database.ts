import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateRecords } from '../src/open-records.ts';
import { servicePrivileges } from '../src/postgres/privileges.ts';

/** A database of its own on the real Postgres, with a role that migrates and one that services have. */
export interface TemporaryDatabase {
  readonly name: string;
  /** As the role that migrates. */
  readonly migrationUrl: string;
  /** As the role of the services. */
  readonly serviceUrl: string;
  /** Asks as the administrator, in this database. */
  ask<Row extends pg.QueryResultRow = pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** Asks as the administrator, in the database the environment names: also when this one takes no connections. */
  askOutside(sql: string): Promise<void>;
  empty(): Promise<void>;
  drop(): Promise<void>;
}

function realPostgres(): string {
  const url = process.env['CONTINUO_RECORDS_URL'] ?? '';
  if (/^postgres(ql)?:\/\//.test(url)) return url;
  throw new Error('this spec needs a real Postgres: run `npm run stack` and export what `npm run stack -- status` prints');
}

async function asked<Row extends pg.QueryResultRow>(url: string, ...statements: readonly string[]): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

function withParts(url: string, parts: { readonly database: string; readonly role?: string }): string {
  const changed = new URL(url);
  changed.pathname = `/${parts.database}`;
  if (parts.role !== undefined) [changed.username, changed.password] = [parts.role, parts.role];
  return changed.href;
}

export async function temporaryDatabase({ migrated = true }: { readonly migrated?: boolean } = {}): Promise<TemporaryDatabase> {
  const real = realPostgres();
  const name = `continuo_spec_${randomBytes(6).toString('hex')}`;
  const [migration, service] = [`${name}_migration`, `${name}_service`];
  const adminUrl = withParts(real, { database: name });
  const migrationUrl = withParts(real, { database: name, role: migration });
  await asked(
    real,
    `create role ${migration} login password '${migration}'`,
    `create role ${service} login password '${service}'`,
    `create database ${name}`,
  );
  await asked(adminUrl, ...servicePrivileges({ database: name, migration, service }));
  if (migrated) await migrateRecords({ engine: 'postgres', url: migrationUrl });
  let admin: pg.Client | null = null;
  const ask = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => {
    if (admin === null) {
      const client = new pg.Client(adminUrl);
      client.on('error', () => (admin = null));
      await client.connect();
      admin = client;
    }
    return (await admin.query<Row>(sql)).rows;
  };
  return {
    name,
    migrationUrl,
    serviceUrl: withParts(real, { database: name, role: service }),
    ask,
    askOutside: async (sql) => void (await asked(real, sql)),
    empty: async () => {
      const tables = await ask<{ tablename: string }>(
        `select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'`,
      );
      // Quicker than to truncate, when there is little in them; keys point at projects, so their order does not matter inside one `with`.
      const deletions = tables.map(({ tablename }, index) => `d${index} as (delete from "${tablename}")`);
      await ask(`with ${deletions.join(', ')} select 1`);
    },
    drop: async () => {
      await admin?.end();
      await asked(real, `drop database if exists ${name} with (force)`, `drop role ${service}`, `drop role ${migration}`);
    },
  };
}
