import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cluster } from '../../deployment/cluster.ts';
import type { Mode } from '../../deployment/deployment.ts';
import type { Filled } from './fill-server.ts';
import type { RecallSet } from './recall-set.ts';

/** What was put in once, by which code and under which key. */
export interface Kept {
  readonly key: string;
  readonly commit: string;
  readonly filledAt: string;
  readonly seconds: number;
  readonly filled: Filled;
}

/** Where a server's filled data stays between runs. */
export interface FillFolder {
  /** Null: in a temporary folder that ends with the server. */
  readonly directory: string | null;
  /** Null: nothing is in it yet. */
  readonly kept: Kept | null;
}

/** A folder per set, mode, embedder and content. @param keepIn where such folders stay; null: nothing is kept. */
export async function openFillFolder(keepIn: string | null, set: RecallSet, mode: Mode, embeddingModel: string): Promise<FillFolder> {
  if (keepIn === null) return { directory: null, kept: null };
  const content = JSON.stringify([set.units.map(({ id, sessions }) => [id, sessions]), embeddingModel]);
  const directory = join(keepIn, `${set.name}-${mode}-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`);
  const file = keptFile(directory);
  if (existsSync(file)) return { directory, kept: JSON.parse(await readFile(file, 'utf8')) as Kept };
  // What an interrupted run left behind is worth nothing.
  if (mode === 'cluster' && existsSync(directory)) await (await cluster(directory)).remove();
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  return { directory, kept: null };
}

/** Only what is complete is kept: called after everything was put in. */
export async function keepFill({ directory }: FillFolder, kept: Kept): Promise<void> {
  if (directory !== null) await writeFile(keptFile(directory), JSON.stringify(kept));
}

const keptFile = (directory: string): string => join(directory, 'recall-bench.json');
