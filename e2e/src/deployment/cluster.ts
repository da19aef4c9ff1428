import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Deployment } from './deployment.ts';

const STARTER = join(import.meta.dirname, '../../../tools/cluster/run.mjs');
const STORES = ['CONTINUO_RECORDS_URL', 'CONTINUO_INDEX_URL', 'CONTINUO_BROKER_URL'] as const;

/** Four processes on the real stores, which hold a database, an index and a prefix of its own for each data folder. */
export async function cluster(dataDirectory: string): Promise<Deployment> {
  const stores = storesOfEnvironment();
  const file = join(dataDirectory, 'e2e-name');
  const isNew = !existsSync(file);
  if (isNew) writeFileSync(file, `e2e-${randomBytes(6).toString('hex')}`);
  const name = readFileSync(file, 'utf8');
  const database = name.replaceAll('-', '_');
  if (isNew) await inPostgres(stores.CONTINUO_RECORDS_URL, `create database ${database}`);
  const records = new URL(stores.CONTINUO_RECORDS_URL);
  records.pathname = `/${database}`;
  return {
    file: STARTER,
    environment: {
      ...stores,
      CONTINUO_RECORDS_URL: records.href,
      CONTINUO_INDEX_NAME: name,
      CONTINUO_INDEX_SHARDS: '1',
      CONTINUO_BROKER_PREFIX: name,
      CONTINUO_CLUSTER_REPLICAS: 'gateway=1,recall=1,generation=1,worker=1',
      CONTINUO_LOG_FORMAT: 'text',
    },
    remove: async () => {
      await inPostgres(stores.CONTINUO_RECORDS_URL, `drop database if exists ${database} with (force)`);
      await removeIndexes(stores.CONTINUO_INDEX_URL, name);
    },
  };
}

/** @throws Error saying how to get what is missing. */
export function storesOfEnvironment(): Readonly<Record<(typeof STORES)[number], string>> {
  const missing = STORES.filter((each) => (process.env[each] ?? '') === '');
  if (missing.length > 0) {
    throw new Error(
      `The cluster needs real stores, but ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set: run \`npm run stack\` and export what \`npm run stack -- status\` prints.`,
    );
  }
  return Object.fromEntries(STORES.map((each) => [each, process.env[each] ?? ''])) as Record<(typeof STORES)[number], string>;
}

/** Asks as the role the address names. */
export async function inPostgres(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Removes every index whose name begins so. */
export async function removeIndexes(indexUrl: string, name: string): Promise<void> {
  const { origin, username, password } = new URL(indexUrl);
  const headers: Record<string, string> =
    username === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
  const found = await fetch(`${origin}/_cat/indices/${name}-*?h=index&format=json`, { headers });
  if (!found.ok) return;
  for (const { index } of (await found.json()) as { index: string }[]) await fetch(`${origin}/${index}`, { method: 'DELETE', headers });
}
