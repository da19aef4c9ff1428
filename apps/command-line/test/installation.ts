import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';

export type Settings = Readonly<Record<string, string>>;

const CLI = join(import.meta.dirname, '../dist/cli.js');
/** Words alone and no model, so that nothing of this machine is found. */
const BARE = { CONTINUO_EMBEDDING_SOURCES: '', CONTINUO_MODEL_DISCOVERY: 'off', PORT: '1' };

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly complaints: string;
}

/** Starts the built command line; whoever starts it reads its output. */
export const start = (words: readonly string[], settings: Settings): ChildProcess =>
  spawn(process.execPath, [CLI, ...words], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...BARE, ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

/** Everything a started command says until it ends. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const texts = { output: '', complaints: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.complaints += text));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { exitCode, ...texts };
}

/** Runs one command to its end. */
export function continuo(words: readonly string[], settings: Settings, input: string | Uint8Array = ''): Promise<Ended> {
  const child = start(words, settings);
  // A command that has had enough of its input closes it.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return ended(child);
}

/** The value a command prints with `--json`; it has to succeed. */
export async function asked(words: readonly string[], settings: Settings, input: string | Uint8Array = '') {
  const { exitCode, output, complaints } = await continuo([...words, '--json'], settings, input);
  if (exitCode !== 0) throw new Error(`${words.join(' ')} ended with ${exitCode}: ${complaints}${output}`);
  return JSON.parse(output);
}

/** A folder for one spec. */
export async function aFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-command-line-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

function requiredUrl(name: string, what: string): string {
  const url = process.env[name];
  if (url === undefined || url === '')
    throw new Error(`This spec needs a real ${what}: run \`npm run stack\` and export what \`npm run stack -- status\` prints.`);
  return url;
}

export const brokerUrl = (): string => requiredUrl('CONTINUO_BROKER_URL', 'Redis');
export const indexUrl = (): string => requiredUrl('CONTINUO_INDEX_URL', 'OpenSearch');

/** An empty database of its own. */
export async function aDatabase(): Promise<{ readonly url: string; remove(): Promise<void> }> {
  const server = requiredUrl('CONTINUO_RECORDS_URL', 'Postgres');
  const name = `spec_cli_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => administer(server, `drop database if exists ${name} with (force)`) };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Everything a spec has put into Redis. */
export async function removeKeys(prefix: string): Promise<void> {
  const redis = new Redis(brokerUrl());
  try {
    for await (const keys of redis.scanStream({ match: `{${prefix}}*`, count: 1_000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
