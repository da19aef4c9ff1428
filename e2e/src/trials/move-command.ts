import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const CLI = join(import.meta.dirname, '../../../apps/command-line/dist/cli.js');

type Settings = Readonly<Record<string, string>>;

const start = (settings: Settings, ...words: readonly string[]) =>
  spawn(process.execPath, [CLI, ...words], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', CONTINUO_EMBEDDING_SOURCES: '', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

async function ended(what: string, child: ReturnType<typeof start>): Promise<void> {
  const complaints = text(child.stderr);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${await complaints}`);
}

/** The lines of `continuo export`. */
export async function exported(settings: Settings): Promise<readonly string[]> {
  const child = start(settings, 'export');
  child.stdin.end();
  const [lines] = await Promise.all([text(child.stdout), ended('export', child)]);
  return lines.trimEnd().split('\n');
}

/** `continuo export | continuo import`. Returns the time it took, in milliseconds. */
export async function moved(from: Settings, to: Settings): Promise<number> {
  const startedAt = Date.now();
  const source = start(from, 'export');
  const sink = start(to, 'import');
  source.stdin.end();
  source.stdout.pipe(sink.stdin);
  sink.stdout.resume();
  await Promise.all([ended('export', source), ended('import', sink)]);
  return Date.now() - startedAt;
}

/** `continuo migrate`: a database that is new gets its schema. */
export async function migrated(settings: Settings): Promise<void> {
  const child = start(settings, 'migrate');
  child.stdin.end();
  child.stdout.resume();
  await ended('migrate', child);
}

/** `continuo mine`: stored messages are read again. */
export async function minedAgain(settings: Settings): Promise<void> {
  const child = start(settings, 'mine');
  child.stdin.end();
  child.stdout.resume();
  await ended('mine', child);
}
