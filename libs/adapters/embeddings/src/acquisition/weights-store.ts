import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sha256OfFile } from './file-digest.ts';

/** What the model's folder in the cache must hold. */
export const MODEL_FILE = 'model_int8.onnx';
export const TOKENIZER_FILE = 'tokenizer.json';

const FOLDER = 'multilingual-e5-small-int8';
const MANIFEST_FILE = 'manifest.json';
const MANIFEST_FORMAT = 1;
const PARTIAL_PREFIX = `.${FOLDER}.partial-`;
/** A partial folder of another machine on a shared cache is left alone for a day. */
const FOREIGN_PARTIAL_MS = 24 * 3_600_000;
/** What renaming onto a folder that is there already answers, by platform. */
const OCCUPIED = ['ENOTEMPTY', 'EEXIST', 'EPERM'];

interface Manifest {
  readonly format: number;
  readonly origin: string;
  readonly files: readonly { readonly name: string; readonly byteLength: number; readonly sha256: string }[];
}

export interface StoredWeights {
  readonly modelFile: string;
  readonly tokenizerFile: string;
  /** Where they came from, in words. */
  readonly origin: string;
}

/**
 * The cache folder. A model appears there whole, by one rename, or not at all: whatever a killed process leaves behind lies in
 * a partial folder of its own, which the next process sweeps away.
 */
export class WeightsStore {
  private readonly cacheFolder: string;
  private readonly folder: string;

  constructor(cacheFolder: string) {
    this.cacheFolder = cacheFolder;
    this.folder = join(cacheFolder, FOLDER);
  }

  /** The weights, if they are there and every byte is as its manifest says. */
  async find(signal?: AbortSignal): Promise<StoredWeights | null> {
    const manifest = await this.readManifest();
    if (manifest === null) return null;
    for (const name of [MODEL_FILE, TOKENIZER_FILE]) {
      const file = manifest.files.find((candidate) => candidate.name === name);
      const path = join(this.folder, name);
      const size = await sizeOf(path);
      if (file === undefined || size !== file.byteLength || (await sha256OfFile(path, signal)) !== file.sha256) return null;
    }
    return this.stored(manifest.origin);
  }

  /** A new empty folder that is this process's own until `commit` or `discard`. */
  async begin(): Promise<string> {
    const partial = join(this.cacheFolder, `${PARTIAL_PREFIX}${hostMark()}-${process.pid}-${randomBytes(6).toString('hex')}`);
    await mkdir(partial, { recursive: true });
    return partial;
  }

  /** Makes the model and tokenizer in a partial folder the weights of this cache, unless another process was faster. */
  async commit(partial: string, origin: string, signal?: AbortSignal): Promise<StoredWeights> {
    await this.writeManifest(partial, origin, signal);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        await rename(partial, this.folder);
        return this.stored(origin);
      } catch (error) {
        if (!OCCUPIED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
      const others = await this.find(signal);
      if (others !== null) {
        await this.discard(partial);
        return others;
      }
      await this.moveAside();
    }
    throw new Error(`the folder ${this.folder} cannot be replaced`);
  }

  async discard(partial: string): Promise<void> {
    await rm(partial, { recursive: true, force: true });
  }

  /** Removes what processes that are gone have left behind. */
  async sweep(): Promise<void> {
    const names = await readdir(this.cacheFolder).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(PARTIAL_PREFIX) || !(await this.abandoned(name))) continue;
      // A program the dead process had started may still write there; then the next sweep gets it.
      await this.discard(join(this.cacheFolder, name)).catch(() => undefined);
    }
  }

  private async abandoned(name: string): Promise<boolean> {
    const [host, processId] = name.slice(PARTIAL_PREFIX.length).split('-');
    if (host === hostMark()) return !processLives(Number(processId));
    const modifiedAt = await stat(join(this.cacheFolder, name)).then(
      (entry) => entry.mtimeMs,
      () => Date.now(),
    );
    return Date.now() - modifiedAt > FOREIGN_PARTIAL_MS;
  }

  /** A broken folder gives way: by a rename, so that no other process sees half of it. */
  private async moveAside(): Promise<void> {
    const aside = await this.begin();
    await rename(this.folder, join(aside, 'broken')).catch(() => undefined);
    await this.discard(aside);
  }

  private async readManifest(): Promise<Manifest | null> {
    try {
      const manifest = JSON.parse(await readFile(join(this.folder, MANIFEST_FILE), 'utf8')) as Manifest;
      return manifest.format === MANIFEST_FORMAT && Array.isArray(manifest.files) ? manifest : null;
    } catch {
      return null;
    }
  }

  private async writeManifest(partial: string, origin: string, signal?: AbortSignal): Promise<void> {
    const files = [];
    for (const name of [MODEL_FILE, TOKENIZER_FILE]) {
      const path = join(partial, name);
      await flush(path);
      files.push({ name, byteLength: (await stat(path)).size, sha256: await sha256OfFile(path, signal) });
    }
    const manifest: Manifest = { format: MANIFEST_FORMAT, origin, files };
    await writeFile(join(partial, MANIFEST_FILE), JSON.stringify(manifest, null, 2), { flush: true });
  }

  private stored(origin: string): StoredWeights {
    return { modelFile: join(this.folder, MODEL_FILE), tokenizerFile: join(this.folder, TOKENIZER_FILE), origin };
  }
}

/** A name that has no dash and tells machines apart. */
function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function processLives(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    (entry) => entry.size,
    () => null,
  );
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
