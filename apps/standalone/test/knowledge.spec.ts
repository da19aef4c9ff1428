import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@continuo/contracts';
import { baseSubject, type DocumentBlock } from '@continuo/domain';
import type { FileFetcher, ReadDocument, ReadSkill } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { AddFiles, KnowledgeBases, KnowledgeFiles, ReadFiles, type SentFile, SweepFiles } from '@continuo/use-cases';

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1024 * 1024;

const block = (kind: DocumentBlock['kind'], text: string, page: number | null = null): DocumentBlock => ({
  kind,
  level: kind === 'heading' ? 1 : null,
  text,
  page,
});

const MANUAL: ReadDocument = {
  format: 'pdf',
  title: 'Manual of the mill',
  pages: 9,
  blocks: [
    block('heading', 'Cleaning', 4),
    block('text', 'Rinse the tank weekly.', 4),
    block('heading', 'Noise', 7),
    block('text', 'It hums.', 7),
  ],
};

const SKILL: ReadSkill = {
  name: 'grind',
  description: 'How coffee is ground',
  procedure: 'Turn the handle.',
  examples: ['Fine for espresso'],
  experience: ['Clean it first'],
  preference: ['Slowly'],
  scripts: { 'run.py': 'print(1)', 'long.py': 'x'.repeat(250_000) },
  others: { 'photo.png': 1_234, 'notes.txt': 'short' },
};

const sent = (name: string, bytes: Iterable<Uint8Array> = [Buffer.from('content')], more: Partial<SentFile> = {}): SentFile => ({
  type: 'document',
  name,
  declaredType: null,
  content: { bytes },
  ...more,
});

describe('the files of a knowledge base', () => {
  let folder: string;
  let records: SqliteRecords;
  let baseId: string;
  let raised: string[];
  let read: () => Promise<ReadDocument>;
  let fetch: FileFetcher['fetch'];
  const jobs = { enqueue: async (job: { readonly name: string }) => void raised.push(job.name) };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-knowledge-'));
    records = await openSqliteRecords({ file: join(folder, 'records.db') });
    for (const id of ['default', 'other']) await records.projects.create(id, 0);
    raised = [];
    read = async () => MANUAL;
    fetch = async () => Promise.reject(new AppError('file_invalid', 'The server did not answer.'));
    baseId = await bases().create({ projectId: 'default', name: 'Manuals', description: '' });
  });
  afterEach(async () => {
    await records.close();
    await rm(folder, { recursive: true });
  });

  const bases = () => new KnowledgeBases(records.knowledge, jobs);
  const files = () => new KnowledgeFiles(bases(), records.files, jobs);
  const add = (...given: readonly SentFile[]) =>
    new AddFiles(bases(), records.files, jobs).execute({ projectId: 'default', baseId, files: given });
  const readDue = (signal = new AbortController().signal) =>
    new ReadFiles(
      records.files,
      { documents: { read: () => read() }, skills: { read: async () => SKILL }, fetcher: { fetch: (...call) => fetch(...call) } },
      jobs,
    ).execute(baseId, signal);
  const memories = async (kind: 'fact' | 'skill' = 'fact') =>
    (await records.memories.list({ projectId: 'default', subject: baseSubject(baseId) }, { kind, filter: null, page: 1, size: 50 })).items;
  const state = async (fileId: string | undefined) => (await files().byIds('default', [fileId ?? '']))[0];

  describe('taking them in', () => {
    it('keeps them in parts of a megabyte and asks for their reading', async () => {
      const bytes = Buffer.alloc(2.5 * MEBIBYTE, 'abcdefgh');
      const pieces = [bytes.subarray(0, 10), bytes.subarray(10, 1.7 * MEBIBYTE), bytes.subarray(1.7 * MEBIBYTE)];
      const [file] = await add(sent('manual.pdf', pieces));
      expect(file).toMatchObject({
        name: 'manual.pdf',
        size: bytes.length,
        status: 'running',
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      const parts = await Promise.all([0, 1, 2, 3].map((place) => records.files.part(file?.id ?? '', place)));
      expect(parts.map((part) => part?.length)).toEqual([MEBIBYTE, MEBIBYTE, MEBIBYTE / 2, undefined]);
      expect(Buffer.concat(parts.flatMap((part) => part ?? [])).equals(bytes)).toBe(true);
      expect(raised).toContain('read-files');
    });

    it('leaves nothing of any of them when one breaks off', async () => {
      function* broken(): Iterable<Uint8Array> {
        yield Buffer.alloc(2 * MEBIBYTE);
        throw new AppError('client_gone', 'gone');
      }
      await expect(add(sent('fine.md'), sent('broken.md', broken()))).rejects.toMatchObject({ code: 'client_gone' });
      expect(await records.files.withdrawStale(Date.now() + HOUR_MS)).toBe(0);
      expect(await files().list('default', baseId, { type: null, page: 1, size: 9 })).toEqual({ items: [], total: 0 });
      expect(raised).not.toContain('read-files');
    });

    it('takes 100 MB of one and 300 MB of all, and not a byte more', async () => {
      const megabyte = Buffer.alloc(MEBIBYTE);
      const of = (megabytes: number) => Array.from({ length: megabytes }, () => megabyte);
      await expect(add(sent('a.txt', [...of(100), Buffer.alloc(1)]))).rejects.toMatchObject({ code: 'file_too_large' });
      const together = [of(100), of(100), of(99)].map((pieces) => sent('a.txt', pieces));
      await expect(add(...together, sent('b.txt', [...of(1), Buffer.alloc(1)]))).rejects.toMatchObject({ code: 'files_too_large' });
    });

    it('names what has no name after its address or its type', async () => {
      const url = { url: 'https://example.org/docs/Year%20report.pdf?x=1' };
      const added = await add(
        sent('', [], { content: url }),
        sent('', [Buffer.from('x')], { declaredType: 'text/markdown' }),
        sent('../../etc/pass\u0000wd.md'),
        sent(''),
      );
      expect(added.map(({ name }) => name)).toEqual(['Year report.pdf', 'file.md', 'passwd.md', 'file']);
    });

    it('refuses a base of another project, and one that is not there', async () => {
      const elsewhere = (projectId: string, id: string) =>
        new AddFiles(bases(), records.files, jobs).execute({ projectId, baseId: id, files: [sent('a.md')] });
      await expect(elsewhere('other', baseId)).rejects.toMatchObject({ code: 'knowledge_base_not_linked' });
      await expect(elsewhere('default', 'unknown')).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
    });
  });

  describe('reading them', () => {
    it('makes a memory of every piece, which says where it stands', async () => {
      const [file] = await add(sent('mill.pdf'));
      expect(await readDue()).toBe(1);
      expect(await state(file?.id)).toMatchObject({ status: 'completed', chunks: 2, size: 7 });
      const found = (await memories()).toSorted((a, b) => (a.details.document?.place ?? 0) - (b.details.document?.place ?? 0));
      expect(found[0]).toMatchObject({
        text: expect.stringContaining('Rinse the tank weekly.'),
        title: 'Cleaning',
        origin: 'document',
        conversationId: 'default_session',
        keyPhrases: ['mill', 'Manual of the mill'],
        statedAt: file?.createdAt,
        labels: { tags: ['mode:fine', 'multimodal:file'], info: { file_id: file?.id, file_name: 'mill.pdf', chunk: 0, page: 4 } },
        details: { document: { fileId: file?.id, fileName: 'mill.pdf', place: 0, headings: ['Cleaning'], page: 4 } },
      });
      expect(found[1]).toMatchObject({ title: 'Noise', details: { document: { place: 1, page: 7 } } });
      expect(await records.files.part(file?.id ?? '', 0)).toBeNull();
      expect(raised).toContain('index-outbox');
    });

    it('makes one memory of a skill, and keeps its file', async () => {
      const [file] = await add(sent('grind.zip', [Buffer.from('PK')], { type: 'skill' }));
      await readDue();
      const [skill] = await memories('skill');
      expect(skill?.text).toBe('grind\n\nHow coffee is ground\n\nTurn the handle.');
      expect(skill?.details.skill).toMatchObject({
        name: 'grind',
        fileId: file?.id,
        script: { 'run.py': 'print(1)', 'long.py': '250000 characters' },
        others: { 'photo.png': '1234 bytes', 'notes.txt': expect.any(String) },
      });
      const { bytes } = await files().skill('default', file?.id ?? '');
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      expect(Buffer.concat(pieces).toString()).toBe('PK');
      await expect(files().skill('other', file?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
      await files().delete('default', [file?.id ?? ''], baseId);
      expect(await memories('skill')).toEqual([]);
    });

    it.each([
      ['file_invalid', 'file_invalid: It is broken.'],
      ['file_type_unsupported', 'file_type_unsupported: It is broken.'],
      ['file_too_large', 'file_too_large: It is broken.'],
    ] as const)('fails a file for good that is at fault itself: %s', async (code, reason) => {
      read = async () => Promise.reject(new AppError(code, 'It is broken.'));
      const [file] = await add(sent('a.pdf'));
      expect(await readDue()).toBe(1);
      expect(await state(file?.id)).toMatchObject({ status: 'failed', reason });
      expect(await records.files.part(file?.id ?? '', 0)).toBeNull();
    });

    it('fails a document without text, and one with more than can be kept', async () => {
      read = async () => ({ ...MANUAL, blocks: [] });
      const [empty] = await add(sent('scan.pdf'));
      await readDue();
      expect((await state(empty?.id))?.reason).toContain('no text');
      read = async () => ({
        ...MANUAL,
        blocks: Array.from({ length: 20_001 }, () => [block('heading', 'Title'), block('text', 'Text')]).flat(),
      });
      const [long] = await add(sent('long.pdf'));
      await readDue();
      expect((await state(long?.id))?.reason).toMatch(/^file_too_large: /u);
      expect(await memories()).toEqual([]);
    });

    it('lets a file wait, and go on with the next, when the reader is busy', async () => {
      read = async () => Promise.reject(new AppError('draining', 'busy'));
      const [file] = await add(sent('a.pdf'));
      expect(await readDue()).toBe(0);
      expect(await state(file?.id)).toMatchObject({ status: 'running' });
      expect(await records.files.takeNext(baseId, Date.now())).toBeNull();
      // It counted for nothing.
      expect(await records.files.takeNext(baseId, Date.now() + HOUR_MS)).toMatchObject({ attempt: 1 });
    });

    it('takes a file up again at once that a stop interrupted', async () => {
      const stop = new AbortController();
      read = async () => {
        stop.abort(new AppError('draining', 'the process stops'));
        throw stop.signal.reason;
      };
      const [file] = await add(sent('a.pdf'));
      await expect(readDue(stop.signal)).rejects.toMatchObject({ code: 'draining' });
      read = async () => MANUAL;
      expect(await readDue()).toBe(1);
      expect(await state(file?.id)).toMatchObject({ status: 'completed' });
    });

    it('tells of a fault of ours, lets the file wait longer each time, and gives it up in the end', async () => {
      read = async () => Promise.reject(new TypeError('a bug'));
      const [file] = await add(sent('a.pdf'));
      await expect(readDue()).rejects.toThrow('a bug');
      expect(await records.files.takeNext(baseId, Date.now() + 1_000)).toBeNull();
      for (let attempt = 2; attempt <= 6; attempt += 1) {
        await records.files.postpone(file?.id ?? '', 0, true);
        await expect(readDue()).rejects.toThrow('a bug');
      }
      await records.files.postpone(file?.id ?? '', 0, true);
      expect(await readDue()).toBe(1);
      expect(await state(file?.id)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^gave_up: /) });
    });

    it('fetches a file by its address, and a few times more when nobody answers', async () => {
      const [file] = await add(sent('', [], { content: { url: 'https://example.org/get?id=7' } }));
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        expect(await readDue()).toBe(0);
        expect(await state(file?.id)).toMatchObject({ status: 'running' });
        await records.files.postpone(file?.id ?? '', 0, true);
      }
      expect(await readDue()).toBe(1);
      expect(await state(file?.id)).toMatchObject({ status: 'failed', reason: 'not_fetched: The server did not answer.' });

      const asked: string[] = [];
      fetch = async (url) => {
        asked.push(url);
        return { bytes: Buffer.from('fetched'), name: 'mill.pdf', declaredType: 'application/pdf' };
      };
      const [other] = await add(sent('', [], { content: { url: 'https://example.org/get?id=7' } }));
      await readDue();
      expect(await state(other?.id)).toMatchObject({ status: 'completed', name: 'mill.pdf', size: 7 });
      expect(asked).toEqual(['https://example.org/get?id=7']);
    });

    it('fails a file at once whose address leads into the network', async () => {
      fetch = async () => Promise.reject(new AppError('invalid_request', 'The address is private.'));
      const [file] = await add(sent('', [], { content: { url: 'https://intern.example/a.pdf' } }));
      await readDue();
      expect(await state(file?.id)).toMatchObject({ status: 'failed', reason: 'address_refused: The address is private.' });
    });

    it.each(['file', 'base'] as const)('keeps nothing of a file when the %s is deleted while it is read', async (what) => {
      const [file] = await add(sent('a.pdf'));
      read = async () => {
        if (what === 'file') await files().delete('default', [file?.id ?? ''], null);
        else await bases().delete('default', baseId);
        return MANUAL;
      };
      expect(await readDue()).toBe(0);
      expect(await memories()).toEqual([]);
      expect(await state(file?.id)).toBeUndefined();
    });

    it('is asked for again when the signal was lost', async () => {
      await add(sent('a.pdf'));
      raised = [];
      await new SweepFiles(records.files, jobs).execute();
      expect(raised).toEqual(['read-files']);
      await readDue();
      raised = [];
      await new SweepFiles(records.files, jobs).execute();
      expect(raised).toEqual([]);
    });
  });
});
