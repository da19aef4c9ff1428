import { baseSubject, documentMemoryId, type Memory } from '@continuo/domain';
import type { FileOutcome, KnowledgeFile } from '@continuo/ports';
import { aMemory, NOW, someLabels } from '../builders.ts';
import { emptyOutbox, type RecordsHarness, useRecords } from './records-harness.ts';

const BASE = 'base-1';
const SCOPE = { projectId: 'default', subject: baseSubject(BASE) } as const;

/** What every store of knowledge bases and their files promises. */
export function describeKnowledgeRecordsContract(harness: RecordsHarness): void {
  describe(`KnowledgeRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    beforeEach(async () => {
      for (const id of ['default', 'other']) await records().projects.create(id, NOW);
      await makeBase();
    });

    const makeBase = (id = BASE, projectId = 'default', now = NOW) =>
      records().knowledge.create({ id, projectId, name: 'Manuals', description: 'What comes with machines', now });

    /** A file that has arrived and waits to be read. */
    async function aFile(id: string, { baseId = BASE, now = NOW, parts = ['%PDF-1.7', ' the rest'], url = null as string | null } = {}) {
      const { files } = records();
      await files.announce({ id, baseId, type: 'document', name: `${id}.pdf`, declaredType: 'application/pdf', url }, now);
      for (const [place, part] of parts.entries()) await files.addPart(id, place, Buffer.from(part), now);
      const [file] = await files.admit([id], now);
      return file as KnowledgeFile;
    }

    const chunk = (fileId: string, place: number, text = `Chapter ${place} of ${fileId}`): Memory =>
      aMemory({
        id: documentMemoryId(fileId, place),
        scope: SCOPE,
        text,
        origin: 'document',
        conversationId: 'default_session',
        details: { document: { fileId, fileName: `${fileId}.pdf`, place, headings: ['Start'], page: 3 } },
        labels: someLabels({ tags: ['mode:fine'], info: { file_id: fileId } }),
        sourceMessageIds: [],
        quotes: [],
      });

    const read = (fileId: string, chunks = 2): FileOutcome => ({
      status: 'completed',
      memories: Array.from({ length: chunks }, (_, place) => chunk(fileId, place)),
      name: `${fileId}.pdf`,
      size: 17,
      keepContent: false,
    });

    const ids = (files: readonly KnowledgeFile[]) => files.map(({ id }) => id);
    const facts = async () =>
      (await records().memories.list(SCOPE, { kind: 'fact', filter: null, page: 1, size: 50 })).items.map(({ id }) => id).toSorted();

    describe('bases', () => {
      it('links a base to the project that makes it and to no other', async () => {
        const base = { id: BASE, scope: SCOPE, name: 'Manuals', description: 'What comes with machines', createdAt: NOW };
        expect(await records().knowledge.linkedTo('default')).toEqual([base]);
        expect(await records().knowledge.linkedTo('other')).toEqual([]);
        expect(await records().knowledge.find('default', BASE)).toEqual({ base, linked: true });
        expect(await records().knowledge.find('other', BASE)).toEqual({ base, linked: false });
        expect(await records().knowledge.find('default', 'unknown')).toBeNull();
      });

      it('keeps the scope of the project that made it, whoever else may use it', async () => {
        await makeBase('base-2', 'default', NOW + 1);
        await records().knowledge.link('other', 'base-2', NOW + 2);
        await records().knowledge.link('other', 'base-2', NOW + 3);
        expect((await records().knowledge.linkedTo('other')).map(({ scope }) => scope)).toEqual([
          { projectId: 'default', subject: 'base:base-2' },
        ]);
        expect((await records().knowledge.linkedTo('default')).map(({ id }) => id)).toEqual([BASE, 'base-2']);
        await expect(records().knowledge.link('other', 'unknown', NOW)).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
      });

      it('unlinks one project alone', async () => {
        await records().knowledge.link('other', BASE, NOW);
        expect(await records().knowledge.unlink('default', BASE)).toBe(true);
        expect(await records().knowledge.unlink('default', BASE)).toBe(false);
        expect(await records().knowledge.linkedTo('default')).toEqual([]);
        expect((await records().knowledge.linkedTo('other')).map(({ id }) => id)).toEqual([BASE]);
      });

      it('lets nobody change what is in a base that is not linked to them, the project that made it included', async () => {
        await aFile('read');
        await records().files.finish('read', read('read'), NOW);
        const [id = ''] = await facts();
        const edit = { text: 'changed', details: null, title: null, status: null };
        const { memories, knowledge } = records();
        await knowledge.link('other', BASE, NOW);
        await knowledge.unlink('default', BASE);
        await expect(memories.update('default', id, edit, 'edit', NOW)).rejects.toMatchObject({ code: 'memory_not_found' });
        await expect(memories.deleteByIds('default', [id], null, NOW)).rejects.toMatchObject({ code: 'memory_not_found' });
        expect(await facts()).toContain(id);
        await knowledge.link('default', BASE, NOW);
        await memories.update('default', id, edit, 'edit', NOW);
        await memories.deleteByIds('default', [id], null, NOW);
        expect(await facts()).not.toContain(id);
      });

      it('deletes a base with its files, their contents, its memories and its links', async () => {
        await records().knowledge.link('other', BASE, NOW);
        await aFile('read');
        await records().files.finish('read', read('read'), NOW);
        await aFile('waiting');
        await makeBase('base-2');
        await aFile('elsewhere', { baseId: 'base-2' });

        expect(await records().knowledge.delete(BASE, NOW + 1)).toMatchObject({ id: BASE, scope: SCOPE });

        expect(await records().knowledge.find('default', BASE)).toBeNull();
        expect(await records().knowledge.linkedTo('other')).toEqual([]);
        expect(await records().files.list(BASE, { type: null, page: 1, size: 10 })).toEqual({ items: [], total: 0 });
        expect(await records().files.part('waiting', 0)).toBeNull();
        expect(await facts()).toEqual([]);
        expect(await records().memories.pendingErasures()).toEqual([SCOPE]);
        expect(ids(await records().files.byIds('default', ['elsewhere']))).toEqual(['elsewhere']);
        expect(await records().knowledge.delete(BASE, NOW + 2)).toBeNull();
      });
    });

    describe('files that arrive', () => {
      it('are seen when all of an upload have arrived, in the order they were sent', async () => {
        const { files } = records();
        for (const id of ['b', 'a']) {
          await files.announce({ id, baseId: BASE, type: 'document', name: `${id}.md`, declaredType: null, url: null }, NOW);
          await files.addPart(id, 0, Buffer.from('# Title\n'), NOW);
        }
        await files.addPart('b', 1, Buffer.from('Text'), NOW);
        expect(await files.byIds('default', ['a', 'b'])).toEqual([]);
        expect(await files.list(BASE, { type: null, page: 1, size: 10 })).toEqual({ items: [], total: 0 });
        expect(await files.basesWithWork(NOW, 10)).toEqual([]);
        expect(await files.takeNext(BASE, NOW)).toBeNull();

        const admitted = await files.admit(['b', 'a'], NOW);

        expect(admitted).toMatchObject([
          { id: 'b', name: 'b.md', type: 'document', size: 12, status: 'running', reason: null, chunks: 0, finishedAt: null },
          { id: 'a', size: 8, status: 'running' },
        ]);
        expect(await files.byIds('default', ['a', 'b'])).toEqual(admitted.toReversed());
        expect(await files.basesWithWork(NOW, 10)).toEqual([BASE]);
      });

      it('keep their content byte by byte, also as a view of something larger', async () => {
        const whole = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
        await records().files.announce({ id: 'f', baseId: BASE, type: 'skill', name: 'f', declaredType: null, url: null }, NOW);
        await records().files.addPart('f', 0, whole.subarray(10, 20), NOW);
        await records().files.addPart('f', 0, whole.subarray(100, 200), NOW);
        await records().files.addPart('f', 1, whole.subarray(0, 0), NOW);
        expect(Buffer.from((await records().files.part('f', 0)) ?? []).equals(whole.subarray(100, 200))).toBe(true);
        expect((await records().files.part('f', 1))?.byteLength).toBe(0);
        expect(await records().files.part('f', 2)).toBeNull();
      });

      it('leave nothing behind when they are withdrawn', async () => {
        await aFile('admitted');
        await records().files.announce({ id: 'cut', baseId: BASE, type: 'document', name: 'cut', declaredType: null, url: null }, NOW);
        await records().files.addPart('cut', 0, Buffer.from('half of'), NOW);
        await records().files.withdraw(['cut', 'admitted', 'unknown']);
        expect(await records().files.part('cut', 0)).toBeNull();
        await expect(records().files.addPart('cut', 1, Buffer.from('it'), NOW)).rejects.toMatchObject({ code: 'not_found' });
        await expect(records().files.admit(['cut'], NOW)).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
        expect(ids(await records().files.byIds('default', ['admitted']))).toEqual(['admitted']);
      });

      it('are withdrawn when nothing has come for a while, but not those that wait to be read', async () => {
        const { files } = records();
        for (const id of ['left', 'slow'])
          await files.announce({ id, baseId: BASE, type: 'document', name: id, declaredType: null, url: null }, NOW);
        await files.addPart('left', 0, Buffer.from('1'), NOW + 10);
        await files.addPart('slow', 0, Buffer.from('1'), NOW + 1_000);
        await aFile('waiting');
        expect(await files.withdrawStale(NOW + 500)).toBe(1);
        expect(await files.part('left', 0)).toBeNull();
        expect(await files.part('slow', 0)).not.toBeNull();
        expect(ids(await files.byIds('default', ['waiting']))).toEqual(['waiting']);
      });

      it('are refused for a base that is not there, and go with one that is deleted meanwhile', async () => {
        const file = { id: 'f', baseId: 'unknown', type: 'document' as const, name: 'f', declaredType: null, url: null };
        await expect(records().files.announce(file, NOW)).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
        await records().files.announce({ ...file, baseId: BASE }, NOW);
        await records().knowledge.delete(BASE, NOW);
        await expect(records().files.addPart('f', 0, Buffer.from('1'), NOW)).rejects.toMatchObject({ code: 'not_found' });
        await expect(records().files.admit(['f'], NOW)).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
      });

      it('are admitted all or none', async () => {
        await records().files.announce({ id: 'here', baseId: BASE, type: 'document', name: 'h', declaredType: null, url: null }, NOW);
        await expect(records().files.admit(['here', 'gone'], NOW)).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
        expect(await records().files.byIds('default', ['here'])).toEqual([]);
        expect(await records().files.basesWithWork(NOW, 10)).toEqual([]);
      });
    });

    describe('files that are read', () => {
      it('are taken oldest first, with the scope of their base and the number of the attempt', async () => {
        const { files } = records();
        await aFile('later', { now: NOW + 5, url: 'https://example.org/later.pdf', parts: [] });
        await aFile('first');
        expect(await files.takeNext(BASE, NOW + 10)).toEqual({
          file: expect.objectContaining({ id: 'first', name: 'first.pdf', size: 17 }),
          scope: SCOPE,
          declaredType: 'application/pdf',
          url: null,
          attempt: 1,
        });
        expect(await files.takeNext(BASE, NOW + 10)).toMatchObject({ file: { id: 'first' }, attempt: 2 });
        await files.finish('first', read('first'), NOW + 10);
        expect(await files.takeNext(BASE, NOW + 10)).toMatchObject({
          file: { id: 'later' },
          url: 'https://example.org/later.pdf',
          attempt: 1,
        });
      });

      it('wait as long as they are told, and an attempt that was not their fault does not count', async () => {
        const { files } = records();
        await aFile('f');
        await files.takeNext(BASE, NOW);
        await files.postpone('f', NOW + 100, true);
        expect(await files.takeNext(BASE, NOW + 99)).toBeNull();
        expect(await files.basesWithWork(NOW + 99, 10)).toEqual([]);
        expect(await files.basesWithWork(NOW + 100, 10)).toEqual([BASE]);
        expect(await files.takeNext(BASE, NOW + 100)).toMatchObject({ attempt: 2 });
        await files.postpone('f', NOW + 100, false);
        expect(await files.takeNext(BASE, NOW + 100)).toMatchObject({ attempt: 2 });
        await files.finish('f', read('f'), NOW);
        await files.postpone('f', NOW, true);
        expect(await files.takeNext(BASE, NOW + 100)).toBeNull();
      });

      it('become memories that are listed, filtered and told to the index, and their content goes', async () => {
        await aFile('f');
        await emptyOutbox(records());
        expect(await records().files.finish('f', read('f'), NOW + 7)).toBe(true);
        expect(await records().files.byIds('default', ['f'])).toMatchObject([
          { id: 'f', status: 'completed', chunks: 2, reason: null, finishedAt: NOW + 7 },
        ]);
        expect(await records().files.part('f', 0)).toBeNull();
        expect(await facts()).toEqual([documentMemoryId('f', 0), documentMemoryId('f', 1)].toSorted());
        const filter = { op: 'equals', field: { name: 'info', key: 'file_id' }, value: 'f' } as const;
        const { items } = await records().memories.list(SCOPE, { kind: 'fact', filter, page: 1, size: 10 });
        expect(items).toHaveLength(2);
        expect(items[0]?.details.document).toMatchObject({ fileId: 'f', fileName: 'f.pdf', headings: ['Start'], page: 3 });
        expect((await records().outbox.next(10)).map(({ document }) => String(document?.text)).toSorted()).toEqual([
          'Chapter 0 of f',
          'Chapter 1 of f',
        ]);
        const { revision } = await records().memories.neighbours(SCOPE, { topicKeys: [], statementKeys: [], ids: [] });
        expect(revision).toBe(1);
      });

      it('keep their content when it is to be downloaded', async () => {
        await aFile('f');
        await records().files.finish('f', { ...read('f', 1), keepContent: true } as FileOutcome, NOW);
        expect(Buffer.from((await records().files.part('f', 1)) ?? []).toString()).toBe(' the rest');
      });

      it('fail with a reason, and nothing of their content stays', async () => {
        await aFile('f');
        expect(await records().files.finish('f', { status: 'failed', reason: 'file_invalid: The PDF is encrypted.', size: 17 }, NOW)).toBe(
          true,
        );
        expect(await records().files.byIds('default', ['f'])).toMatchObject([
          { status: 'failed', reason: 'file_invalid: The PDF is encrypted.', chunks: 0 },
        ]);
        expect(await records().files.part('f', 0)).toBeNull();
        expect(await records().files.basesWithWork(NOW, 10)).toEqual([]);
      });

      it('are finished once', async () => {
        await aFile('f');
        expect(await records().files.finish('f', read('f'), NOW)).toBe(true);
        expect(await records().files.finish('f', { status: 'failed', reason: 'late', size: 0 }, NOW)).toBe(false);
        expect(await records().files.byIds('default', ['f'])).toMatchObject([{ status: 'completed' }]);
      });

      it('keep nothing when they or their base were deleted meanwhile', async () => {
        await aFile('f');
        await aFile('g');
        await records().files.takeNext(BASE, NOW);
        await records().files.delete('default', ['f'], NOW);
        expect(await records().files.finish('f', read('f'), NOW)).toBe(false);
        await records().knowledge.delete(BASE, NOW);
        expect(await records().files.finish('g', read('g'), NOW)).toBe(false);
        expect(await facts()).toEqual([]);
      });

      it('leave nothing behind, however their end and the deletion of their base fall together', async () => {
        for (let round = 0; round < 8; round += 1) {
          const baseId = `race-${round}`;
          await makeBase(baseId);
          const scope = { projectId: 'default', subject: baseSubject(baseId) };
          const file = `file-${round}`;
          await aFile(file, { baseId });
          const memories = Array.from({ length: 30 }, (_, place) => ({ ...chunk(file, place), scope }));
          const outcome: FileOutcome = { status: 'completed', memories, name: file, size: 1, keepContent: false };
          const remove = () => (round % 2 === 0 ? records().knowledge.delete(baseId, NOW) : records().files.delete('default', [file], NOW));
          await Promise.all(
            round % 4 < 2 ? [records().files.finish(file, outcome, NOW), remove()] : [remove(), records().files.finish(file, outcome, NOW)],
          );
          const left = await records().memories.list(scope, { kind: 'fact', filter: null, page: 1, size: 50 });
          expect({ round, total: left.total }).toEqual({ round, total: 0 });
          expect(await records().files.byIds('default', [file])).toEqual([]);
          expect(await records().files.part(file, 0)).toBeNull();
        }
      });
    });

    describe('files that are listed and deleted', () => {
      it('are listed newest first, page by page, by type', async () => {
        await aFile('one', { now: NOW });
        await aFile('two', { now: NOW + 1 });
        await aFile('three', { now: NOW + 2 });
        await records().files.announce({ id: 's', baseId: BASE, type: 'skill', name: 's.md', declaredType: null, url: null }, NOW + 3);
        await records().files.admit(['s'], NOW + 3);
        const page = async (query: { type: 'document' | 'skill' | null; page: number; size: number }) => {
          const { items, total } = await records().files.list(BASE, query);
          return [ids(items), total];
        };
        expect(await page({ type: null, page: 1, size: 3 })).toEqual([['s', 'three', 'two'], 4]);
        expect(await page({ type: null, page: 2, size: 3 })).toEqual([['one'], 4]);
        expect(await page({ type: null, page: 3, size: 3 })).toEqual([[], 4]);
        expect(await page({ type: null, page: Number.MAX_SAFE_INTEGER, size: 100 })).toEqual([[], 4]);
        expect(await page({ type: 'skill', page: 1, size: 3 })).toEqual([['s'], 1]);
      });

      it('are shown and deleted only where their base may be used', async () => {
        await aFile('f');
        expect(await records().files.byIds('other', ['f'])).toEqual([]);
        await expect(records().files.delete('other', ['f'], NOW)).rejects.toMatchObject({ code: 'not_found' });
        await records().knowledge.link('other', BASE, NOW);
        await records().files.delete('other', ['f'], NOW);
        expect(await records().files.byIds('default', ['f'])).toEqual([]);
      });

      it('go with their memories and contents, which the index is told, and leave others as they are', async () => {
        for (const id of ['f', 'g']) {
          await aFile(id);
          await records().files.finish(id, { ...read(id), keepContent: true } as FileOutcome, NOW);
        }
        await emptyOutbox(records());

        await records().files.delete('default', ['f', 'f'], NOW + 1);

        expect(await facts()).toEqual([documentMemoryId('g', 0), documentMemoryId('g', 1)].toSorted());
        expect(await records().files.part('f', 0)).toBeNull();
        expect(await records().files.part('g', 0)).not.toBeNull();
        const told = await records().outbox.next(10);
        expect(new Map(told.map(({ id, document }) => [id, document]))).toEqual(
          new Map([0, 1].map((place) => [documentMemoryId('f', place), null])),
        );
        expect(told.every(({ indexVersion }) => indexVersion === 2)).toBe(true);
      });

      it('are deleted all or none', async () => {
        await aFile('f');
        await expect(records().files.delete('default', ['f', 'unknown'], NOW)).rejects.toMatchObject({ code: 'not_found' });
        expect(ids(await records().files.byIds('default', ['f']))).toEqual(['f']);
      });
    });
  });
}
