import { once } from 'node:events';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { openRecords } from '@continuo/records';
import { NOW, remember } from '@continuo/testing';
import { aDatabase, aFolder, asked, brokerUrl, continuo, ended, removeKeys, type Settings, start } from './installation.ts';
import { populate } from './populate.ts';

const USERS = 50;
const FEW = 5;
const INTO_FEW = ['import', '--project', 'few'];

/** What one command writes is what the other reads, as in a shell. */
async function piped(from: readonly string[], source: Settings, to: readonly string[], target: Settings) {
  const writer = start(from, source);
  const reader = start([...to, '--json'], target);
  if (writer.stdout === null || reader.stdin === null) throw new Error('no pipe');
  writer.stdout.pipe(reader.stdin);
  const [, { exitCode, output, complaints }] = await Promise.all([once(writer, 'exit'), ended(reader)]);
  if (exitCode !== 0) throw new Error(`the import ended with ${exitCode}: ${complaints}${output}`);
  return JSON.parse(output);
}

async function linesOf(settings: Settings, ...options: readonly string[]): Promise<readonly string[]> {
  const { exitCode, output, complaints } = await continuo(['export', ...options], settings);
  if (exitCode !== 0) throw new Error(complaints);
  return output.split('\n');
}

describe('moving a project', () => {
  const removers: (() => Promise<void>)[] = [];
  let standalone: Settings;
  let database: string;
  let cluster: Settings;
  let original: readonly string[];
  /** Another project of the same users: enough to see what goes wrong. */
  let few: readonly string[];

  async function emptyFolder(): Promise<Settings> {
    const { folder, remove } = await aFolder();
    removers.push(remove);
    return { CONTINUO_DATA_DIR: join(folder, 'data') };
  }

  beforeAll(async () => {
    const { folder, remove } = await aFolder();
    removers.push(remove);
    standalone = { CONTINUO_DATA_DIR: folder };
    const records = await openRecords({ engine: 'sqlite', file: join(folder, 'records.db') });
    await populate(records, USERS);
    await populate(records, FEW, 'few');
    await records.close();
    await asked(['keys', 'create', '--label', 'for the app'], standalone);
    await asked(['mine', '--since', '2026-05-01'], standalone);
    const made = await aDatabase();
    removers.push(made.remove);
    database = made.url;
    cluster = { CONTINUO_RECORDS_URL: database };
    await asked(['migrate'], cluster);
    original = await linesOf(standalone);
    few = await linesOf(standalone, '--project', 'few');
  });
  afterAll(async () => {
    for (const remove of removers.toReversed()) await remove();
  });

  it('from a file into Postgres and back by pipes loses nothing and changes nothing', async () => {
    const kinds = new Map<string, number>();
    for (const line of original.slice(1, -1)) {
      const { row } = JSON.parse(line) as { row: string };
      kinds.set(row, (kinds.get(row) ?? 0) + 1);
    }
    const expected = ['project', 'key', 'usage', 'conversation', 'task', 'message', 'journal', 'memory', 'denial', 'vector', 'subject_end'];
    for (const kind of expected) expect([kind, kinds.has(kind)]).toEqual([kind, true]);
    expect(kinds.get('subject')).toBe(USERS);

    const there = await piped(['export'], standalone, ['import'], cluster);
    expect(there).toMatchObject({ project: 'default', subjects: USERS, known: 0, refused: [] });
    expect(await linesOf(cluster)).toEqual(original);

    const home = await emptyFolder();
    const back = await piped(['export'], cluster, ['import'], home);
    expect(back).toEqual(there);
    expect(await linesOf(home)).toEqual(original);
  });

  it('a second time changes nothing', async () => {
    const again = await piped(['export'], standalone, ['import'], cluster);
    expect(again).toMatchObject({ added: 0, subjects: USERS, refused: [] });
    expect(await linesOf(cluster)).toEqual(original);
  });

  it('goes on where it was cut off', async () => {
    const target = await emptyFolder();
    const half = few.slice(0, Math.floor(few.length / 2)).join('\n');
    const cut = await continuo(INTO_FEW, target, half.slice(0, -20));
    expect(cut).toMatchObject({ exitCode: 1, output: '' });
    expect(cut.complaints).toMatch(/^The input breaks off in line \d+/);
    const clean = await continuo(INTO_FEW, target, `${half}\n`);
    expect(clean.exitCode).toBe(1);
    expect(clean.complaints).toMatch(/breaks off/);
    expect((await asked(INTO_FEW, target, few.join('\n'))).refused).toEqual([]);
    expect(await linesOf(target, '--project', 'few')).toEqual(few);
  });

  it('leaves vectors out when it is told to', async () => {
    const target = await emptyFolder();
    const lines = await linesOf(standalone, '--project', 'few', '--no-vectors');
    expect(lines.some((line) => line.includes('"row":"vector"'))).toBe(false);
    await asked(INTO_FEW, target, lines.join('\n'));
    expect(await linesOf(target, '--project', 'few', '--no-vectors')).toEqual(lines);
    const records = await openRecords({ engine: 'sqlite', file: join(target['CONTINUO_DATA_DIR'] ?? '', 'records.db') });
    expect((await records.vectors.missing('any', 1)).length).toBe(1);
    await records.close();
  });

  it('takes each project by itself, and makes the one it goes to', async () => {
    const source = await emptyFolder();
    await asked(['import', '--project', 'second'], source, few.join('\n'));
    expect((await asked(['projects', 'list'], source)).map(({ id }: { id: string }) => id)).toEqual(['second']);
    const lines = await linesOf(source, '--project', 'second');
    expect(lines.slice(1)).toEqual(few.slice(1));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ project: 'second' });
    const missing = await continuo(['export', '--project', 'third'], source);
    expect(missing).toMatchObject({ exitCode: 1, output: '' });
    expect(missing.complaints).toMatch(/no project third/);
    for (const command of ['export', 'import']) {
      const refused = await continuo([command, '--project', 'Big Corp'], source);
      expect(refused).toMatchObject({ exitCode: 2, output: '', complaints: expect.stringContaining('Big Corp') });
    }
  });

  it.each([
    ['no JSON', (lines: string[]) => lines.splice(4, 1, '{"row":'), /^Line 5 is no JSON/],
    ['an empty line', (lines: string[]) => lines.splice(4, 0, ''), /^Line 5 is empty/],
    ['a row that is none', (lines: string[]) => lines.splice(4, 1, '{"row":"mystery"}'), /line 5: row/],
    ['another kind of file', (lines: string[]) => lines.splice(0, lines.length, '{"hello":"world"}'), /line 1: archive/],
    ['nothing', (lines: string[]) => lines.splice(0), /line 1: .*breaks off/],
    ['a second export behind the first', (lines: string[]) => lines.splice(lines.length - 1, 0, ...few), /nothing may come after the end/],
  ])('names what is wrong with %s', async (_what, change, words) => {
    const target = await emptyFolder();
    const lines = [...few];
    change(lines);
    const { exitCode, output, complaints } = await continuo(['import'], target, lines.join('\n'));
    expect([exitCode, output]).toEqual([1, '']);
    expect(complaints).toMatch(words);
    expect(complaints).not.toMatch(/\n\s+at /);
  });

  it('does not bring back who was erased since', async () => {
    const target = await emptyFolder();
    await asked(['import'], target, few.join('\n'));
    const records = await openRecords({ engine: 'sqlite', file: join(target['CONTINUO_DATA_DIR'] ?? '', 'records.db') });
    await records.memories.eraseSubject({ projectId: 'default', subject: 'user:ana-3' }, { keepMessages: false, now: NOW });
    const { exitCode, output } = await continuo(['import'], target, few.join('\n'));
    expect(exitCode).toBe(1);
    expect(output).toMatch(/1 subjects were left alone[^]*user:ana-3\n/);
    const { total } = await records.memories.list(
      { projectId: 'default', subject: 'user:ana-3' },
      { kind: 'fact', filter: null, page: 1, size: 5 },
    );
    expect(total).toBe(0);
    await records.close();
  });

  it('stops with words when nobody reads any more, and leaves nothing open', async () => {
    const child = start(['export'], standalone);
    const end = ended(child);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { exitCode, complaints } = await end;
    expect(exitCode).toBe(1);
    expect(complaints).toMatch(/^The reader of the output went away after \d+ lines/);
  });

  it('says how much went, apart from what went', async () => {
    const { output, complaints } = await continuo(['export'], standalone);
    expect(output.split('\n')).toEqual(original);
    expect(complaints).toBe(`Project default: ${USERS} subjects in ${original.length - 1} lines.\n`);
  });

  it('is safe beside a running writer, and tells the workers what waits', async () => {
    const prefix = `spec-cli-${randomBytes(6).toString('hex')}`;
    const target: Settings = { ...(await emptyFolder()), CONTINUO_BROKER_URL: brokerUrl(), CONTINUO_BROKER_PREFIX: prefix };
    await asked(['import'], target, (await linesOf(standalone, '--project', 'few', '--no-vectors')).join('\n'));
    const records = await openRecords({ engine: 'sqlite', file: join(target['CONTINUO_DATA_DIR'] ?? '', 'records.db') });
    let isDone = false;
    const scope = { projectId: 'default', subject: 'user:new' } as const;
    const writing = (async () => {
      let said = 0;
      for (; !isDone; said += 1) await remember(records, { id: `new-${said}`, scope, text: `I have ${said} bees` }, { now: NOW + said });
      return said;
    })();
    await asked(['import'], target, few.join('\n'));
    const during = await linesOf(target);
    isDone = true;
    const said = await writing;
    await records.close();
    expect(said).toBeGreaterThan(0);
    expect(JSON.parse(during.at(-2) ?? '')).toMatchObject({ row: 'end' });
    const after = await linesOf(target);
    expect(after.filter((line) => line.includes('"row":"memory"') && line.includes(' bees"')).length).toBeGreaterThanOrEqual(said);
    const depth = await asked(['jobs', 'depth'], target);
    const waiting = new Map(depth.queues.map((queue: { name: string; waiting: number }) => [queue.name, queue.waiting]));
    expect(waiting.get('drain-inbox')).toBeGreaterThan(0);
    expect(waiting.get('index-outbox')).toBe(1);
    await removeKeys(prefix);
  });
});
