import type { ProfileTree, Scope } from '@continuo/domain';
import { type ArchiveRecords, type ArchiveRow, DEFAULT_PROJECT_SETTINGS, type ProjectSettings } from '@continuo/ports';
import { aMemory, aRequest, aScope, NOW, someLabels } from '../builders.ts';
import { type AllRecords, append, contents, emptyOutbox, noChanges, readBatch, type RecordsHarness, remember } from './records-harness.ts';

export interface ArchivingRecords extends AllRecords {
  readonly archive: ArchiveRecords;
}

const EVE = aScope({ subject: 'user:eve' });
const PEOPLE: ProfileTree = { Basics: { City: { value: '', algorithmUpdatable: true } } };
const NOTHING = { topicKeys: [], statementKeys: [], ids: [] };

async function* each(rows: readonly unknown[]): AsyncIterable<unknown> {
  // As they come out of a file.
  for (const row of rows) yield JSON.parse(JSON.stringify(row));
}

async function exported(records: ArchivingRecords, vectors = true, projectId = 'default'): Promise<readonly ArchiveRow[]> {
  const rows: ArchiveRow[] = [];
  for await (const row of records.archive.read(projectId, { vectors })) rows.push(row);
  return rows;
}

const imported = (records: ArchivingRecords, rows: readonly unknown[], projectId = 'default') =>
  records.archive.write(projectId, each(rows));

/** Something of everything, by two users of one project and one of another. */
async function fill(records: ArchivingRecords): Promise<void> {
  await records.projects.create('default', NOW - 5);
  await records.projects.create('other', NOW);
  const key = await records.projects.addKey({ projectId: 'default', keyHash: 'hash-1', hint: 'sk-1', label: 'first', now: NOW });
  await records.projects.addKey({ projectId: 'default', keyHash: 'hash-2', hint: 'sk-2', label: '', now: NOW });
  await records.projects.revokeKey(key.id, NOW + 1);
  await records.usage.add('default', '2026-05-01', 321);
  await remember(records, { id: 'elsewhere', scope: aScope({ projectId: 'other' }) });
  const labels = someLabels({
    tags: ['t', 'ü'],
    info: { a: 1, list: ['x', 2, null], deep: { kept: [1] } },
    appId: 'app',
    agentId: 'agent',
  });
  const paris = await remember(records, { id: 'paris', text: 'I live in Paris', topicKey: 'home.city', topicValue: 'paris' }, { labels });
  await append(records, { scope: EVE, messages: ['hers', { role: 'assistant', content: 'ok' }] });
  await append(records, { mode: 'turn', messages: [{ role: 'assistant', content: 'Lovely' }, 'I moved to Lyon'] });
  const batch = await readBatch(records);
  const lyon = aMemory({ id: 'lyon', text: 'I live in Lyon', kind: 'preference', sourceMessageIds: [batch.messages[1]?.id ?? ''] });
  const supersede = [{ id: 'paris', by: 'lyon', validTo: NOW }];
  await records.inbox.commit(batch, noChanges({ insert: [lyon], supersede, hide: [paris.message.id] }), NOW + 3);
  await remember(records, {
    id: 'smoke',
    text: 'I smoke. The folder lies in the drawer.',
    quotes: ['I smoke'],
    eventTime: { from: NOW, to: NOW + 1 },
    confidence: 0.25,
  });
  await records.memories.deleteByIds('default', ['smoke'], null, NOW + 4);
  await records.vectors.store('m', [
    { id: 'lyon', vector: new Float32Array([0.25, -1, 1e-7]) },
    { id: batch.messages[1]?.id ?? '', vector: new Float32Array([1, 2, 3]) },
  ]);
  await append(records, {
    conversationId: 'tuesday',
    messages: [{ content: 'timed', chatTime: NOW - 9, roleName: 'Ana', parts: [{ type: 'x' }] }],
  });
  await records.inbox.writeJournal(await readBatch(records), { candidates: [1] }, NOW);
  await records.inbox.postpone(await readBatch(records), { retryAt: NOW + 50, countsAsAttempt: true, reason: 'parse_failed' });
  await append(records, {
    conversationId: 'wednesday',
    mode: 'turn',
    mine: false,
    messages: ['tell me', { role: 'assistant', content: 'On', partial: true }],
  });
  const agent = aScope({ subject: 'agent:x' });
  await remember(records, { id: 'erased', scope: agent });
  await records.memories.eraseSubject(agent, { keepMessages: true, now: NOW });
  await append(records, { scope: agent, messages: ['anew'] });
  await records.requests.begin(aRequest());
  await fillShared(records);
}

const BASE = aScope({ subject: 'base:handbook' });
const PUBLIC = aScope({ subject: 'public:all' });
const SETTINGS: ProjectSettings = { ...DEFAULT_PROJECT_SETTINGS, independentAgents: true, strict: true, retentionDays: 7 };

/** What a project has besides its users: settings, shared spaces, documents, profiles, edits. */
async function fillShared(records: ArchivingRecords): Promise<void> {
  await records.projects.saveSettings('default', SETTINGS);
  const base = { name: 'Handbook', description: 'How we work' };
  await records.knowledge.create({ ...base, id: 'handbook', projectId: 'default', now: NOW });
  await records.knowledge.create({ ...base, id: 'abroad', projectId: 'other', now: NOW });
  await records.knowledge.create({ ...base, id: 'unlinked', projectId: 'default', now: NOW });
  await records.knowledge.link('default', 'abroad', NOW);
  await records.knowledge.unlink('default', 'unlinked');
  for (const id of ['read', 'waiting', 'arriving']) {
    const file = { id, baseId: 'handbook', type: 'skill' as const, name: `${id}.md`, declaredType: 'text/markdown', url: null };
    await records.files.announce(file, NOW);
    for (const [place, part] of ['# One', '\u0000\u00ff two'].entries()) {
      await records.files.addPart(id, place, Buffer.from(part, 'latin1'), NOW);
    }
    if (id !== 'arriving') await records.files.admit([id], NOW);
  }
  const details = { document: { fileId: 'read', fileName: 'read.md', place: 0, headings: ['One'], page: null } };
  const chunk = aMemory({ id: 'chunk', scope: BASE, text: 'How we work', origin: 'document', details, sourceMessageIds: [], quotes: [] });
  await records.files.finish('read', { status: 'completed', memories: [chunk], name: 'read.md', size: 9, keepContent: true }, NOW + 1);
  const template = await records.profiles.addTemplate('default', { name: 'People', metadata: PEOPLE }, NOW);
  await records.profiles.bind('default', [{ subject: 'user:eve', templateId: template }], NOW);
  const city = { names: ['Basics', 'City'], value: 'Oslo', algorithmUpdatable: null };
  await records.profiles.edit(EVE, template, { set: [city], remove: [] }, NOW + 1);
  const labels = someLabels({ relatedIds: ['eve', 'bot'] });
  const said = [{ content: 'Lunch at noon', speakerId: 'eve', roleName: 'Eve' }];
  const extraction = { views: ['preference'], instructions: { image: 'tersely' } };
  await append(records, { scope: EVE, conversationId: 'group', messages: said, labels, extraction, copies: [PUBLIC, BASE] });
  await append(records, { scope: EVE, mode: 'turn', purpose: 'feedback', messages: ['No, at one'] });
  const wording = { title: null, status: null, details: null };
  await records.memories.update('default', 'lyon', { ...wording, text: 'I live in Nice' }, 'edit', NOW + 5);
  await records.memories.update('default', 'lyon', { ...wording, text: 'I live in Cannes' }, 'feedback', NOW + 6);
  await records.vectors.store('m', [
    { id: 'lyon', vector: new Float32Array([0.25, -1, 1e-7]) },
    { id: 'chunk', vector: new Float32Array([1, 2, 3]) },
  ]);
}

const SINCE_VERSION_2 = new Set([
  ...['settings', 'parentId', 'speakerId', 'purpose', 'extraction', 'relatedIds', 'details', 'editedAt', 'versions'],
  ...['event', 'tool', 'skill', 'profile'],
]);

/** The row as a version wrote it that knew facts and preferences of users and agents alone. */
const asInVersion1 = (row: ArchiveRow): unknown =>
  'archive' in row
    ? { ...row, archive: 1 }
    : JSON.parse(JSON.stringify(row, (key, value) => (SINCE_VERSION_2.has(key) ? undefined : value)));

/** What moving a project from one store into another promises, whatever the engines. */
export function describeArchiveRecordsContract(source: RecordsHarness<ArchivingRecords>, target: RecordsHarness<ArchivingRecords>): void {
  describe(`ArchiveRecords contract: ${source.name} to ${target.name}`, () => {
    let from: ArchivingRecords;
    let to: ArchivingRecords;
    beforeAll(async () => {
      await source.start();
      await target.start();
    });
    beforeEach(async () => {
      [from, to] = [await source.reset(), await target.reset()];
    });
    afterAll(async () => {
      await source.stop();
      await target.stop();
    });

    it.each([true, false])('gives the same rows again after the move, vectors: %s', async (vectors) => {
      await fill(from);
      const rows = await exported(from, vectors);
      const report = await imported(to, rows);
      expect(report).toMatchObject({ subjects: 6, known: 0, refused: [] });
      expect(await exported(to, vectors)).toEqual(rows);
      expect(rows.map((row) => JSON.stringify(row)).toSorted()).toEqual(
        (await exported(to, vectors)).map((row) => JSON.stringify(row)).toSorted(),
      );
      expect(new Set(rows.map((row) => ('row' in row ? row.row : 'head')))).toEqual(
        new Set([
          ...['head', 'project', 'key', 'usage', 'template', 'base', 'file', 'file_part', 'subject', 'conversation', 'task', 'message'],
          ...['journal', 'memory', 'denial', 'profile'],
          ...(vectors ? ['vector'] : []),
          ...['subject_end', 'end'],
        ]),
      );
      for (const missing of ['elsewhere', 'arriving', 'abroad']) expect(JSON.stringify(rows)).not.toContain(missing);
    });

    it('changes nothing the second time', async () => {
      await fill(from);
      const rows = await exported(from);
      await imported(to, rows);
      await emptyOutbox(to);
      const before = await exported(to);
      expect(await imported(to, rows)).toMatchObject({ subjects: 6, added: 0, refused: [] });
      expect(await exported(to)).toEqual(before);
      expect(await to.outbox.depth()).toBe(0);
    });

    it('goes on where it was: reads, mines, denies and recognises as before', async () => {
      await fill(from);
      await imported(to, await exported(from));
      for (const kind of ['fact', 'preference'] as const) {
        const list = { kind, filter: null, page: 1, size: 50 };
        const ids = async (records: AllRecords) => (await records.memories.list(aScope(), list)).items.map(({ id }) => id);
        expect(await ids(to)).toEqual(await ids(from));
      }
      const filter = { op: 'equals', field: { name: 'tags' }, value: 'ü' } as const;
      const topic = { ...NOTHING, topicKeys: ['home.city'], sourceMessageIds: [] };
      expect((await to.memories.neighbours(aScope(), topic)).memories.map(({ id }) => id)).toEqual(['paris']);
      expect((await to.memories.list(aScope(), { kind: 'fact', filter, page: 1, size: 5 })).total).toBe(0);
      expect(await to.projects.projectOfKey('hash-2')).toMatchObject({ id: 'default' });
      expect(await to.projects.projectOfKey('hash-1')).toBeNull();
      const waiting = await readBatch(to, aScope(), { now: NOW + 50 });
      expect(waiting).toMatchObject({ journal: { candidates: [1] }, attempts: 1, conversationId: 'tuesday' });
      expect((await append(to, { scope: EVE, messages: ['hers', { role: 'assistant', content: 'ok' }, 'more'] })).appended).toBe(1);
      expect(
        (await append(to, { conversationId: 'tuesday', messages: [{ content: 'timed', chatTime: NOW - 9, parts: [{ type: 'x' }] }] }))
          .appended,
      ).toBe(0);
    });

    it('keeps old evidence older than a denial and what is said next newer', async () => {
      await fill(from);
      await imported(to, await exported(from));
      const [denial] = (await to.memories.neighbours(aScope(), NOTHING)).denials;
      const [smoke] = await to.memories.byIds('default', ['smoke']);
      expect(smoke?.sourceSequence).toBeLessThanOrEqual(denial?.throughSequence ?? 0);
      for (const scope of [EVE, aScope()]) {
        const { messages } = await append(to, { scope, conversationId: 'new', mode: 'turn', messages: ['I smoke'] });
        expect(messages[0]?.sequence).toBeGreaterThan(denial?.throughSequence ?? 0);
      }
    });

    it('numbers what is said next after a denial that reaches further than all messages', async () => {
      await from.projects.create('default', NOW);
      await remember(from, { id: 'smoke', text: 'I smoke' });
      await append(from, { scope: aScope({ subject: 'agent:x' }), messages: ['later'] });
      await from.memories.deleteByIds('default', ['smoke'], null, NOW);
      await append(to, { scope: aScope({ projectId: 'other' }), messages: ['here'] });
      await imported(to, await exported(from));
      const [denial] = (await to.memories.neighbours(aScope(), NOTHING)).denials;
      const { messages } = await append(to, { mode: 'turn', messages: ['I smoke'] });
      expect(messages[0]?.sequence).toBeGreaterThan(denial?.throughSequence ?? 0);
    });

    it('puts what can be recalled into the outbox, with its vector', async () => {
      await fill(from);
      await to.vectors.setCurrent({ id: 'm', dimension: 3 });
      await imported(to, await exported(from));
      const items = await to.outbox.next(100);
      const expected = (await from.indexSource.entries({ afterId: null, limit: 100 })).filter(({ scope }) => scope.projectId === 'default');
      expect(items.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
      expect(items.every(({ document }) => document !== null)).toBe(true);
      expect(items.find(({ id }) => id === 'lyon')?.document?.vector).toEqual(new Float32Array([0.25, -1, 1e-7]));
      expect((await to.vectors.progress('m')).filled).toBe(2);
    });

    it('brings only what came since when it is moved again', async () => {
      await fill(from);
      await imported(to, await exported(from));
      const here = await append(to, { mode: 'turn', messages: ['said here'] });
      await append(from, { mode: 'turn', messages: ['said there'] });
      const report = await imported(to, await exported(from));
      // The message and its task; the conversation's place is the same on both sides.
      expect(report).toMatchObject({ added: 2, refused: [] });
      const kept = contents(await to.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 2, erased: 'left_out' }));
      expect(kept).toEqual(['said here', 'said there']);
      expect(here.appended).toBe(1);
    });

    it('leaves alone whom one side has erased since', async () => {
      await fill(from);
      const rows = await exported(from);
      await imported(to, rows);
      await to.memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
      expect(await imported(to, rows)).toMatchObject({ refused: [aScope().subject], added: 0 });
      expect((await to.memories.list(aScope(), { kind: 'preference', filter: null, page: 1, size: 5 })).total).toBe(0);
    });

    it('puts the rows into the project that is named', async () => {
      await fill(from);
      await imported(to, await exported(from), 'moved');
      expect(await to.projects.list()).toEqual([{ id: 'moved', createdAt: NOW - 5, settings: SETTINGS }]);
      expect((await to.memories.byIds('moved', ['lyon']))[0]?.scope).toEqual({ projectId: 'moved', subject: 'user:ana' } satisfies Scope);
      expect(await to.memories.byIds('default', ['lyon'])).toEqual([]);
    });

    it('refuses ids and keys that belong to another project', async () => {
      await fill(from);
      const rows = await exported(from);
      await imported(to, rows);
      await expect(imported(to, rows, 'second')).rejects.toMatchObject({
        code: 'invalid_request',
        message: 'line 3: the key opens another project here',
      });
      const keyless = rows.filter((row) => !('row' in row && row.row === 'key'));
      await expect(imported(to, keyless, 'second')).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringMatching(/^line \d+: the id belongs to another project or subject here$/),
      });
      expect(await exported(to)).toEqual(rows);
    });

    it('moves settings, documents, profiles, shared spaces and edits', async () => {
      await fill(from);
      await imported(to, await exported(from));
      expect(await to.projects.find('default')).toMatchObject({ settings: SETTINGS });
      expect((await to.knowledge.linkedTo('default')).map(({ id, scope }) => ({ id, scope }))).toEqual([{ id: 'handbook', scope: BASE }]);
      expect(await to.knowledge.find('default', 'unlinked')).toMatchObject({ linked: false });
      const files = await to.files.byIds('default', ['read', 'waiting', 'arriving']);
      expect(files).toEqual(await from.files.byIds('default', ['read', 'waiting']));
      expect(Buffer.from((await to.files.part('waiting', 1)) ?? []).toString('latin1')).toBe('\u0000\u00ff two');
      expect(await to.profiles.instances(EVE)).toEqual(await from.profiles.instances(EVE));
      expect(await to.memories.versions('default', 'lyon')).toEqual(await from.memories.versions('default', 'lyon'));
      expect((await to.memories.versions('default', 'lyon')).map(({ text }) => text)).toEqual(['I live in Nice', 'I live in Lyon']);
      const batch = await readBatch(to, PUBLIC);
      expect(batch.messages).toMatchObject([
        { speakerId: 'eve', labels: { relatedIds: ['eve', 'bot'] }, extraction: { views: ['preference'] } },
      ]);
      const task = await from.tasks.find('default', (await readBatch(from, PUBLIC)).messages[0]?.taskId ?? '');
      expect(await to.tasks.find('default', batch.messages[0]?.taskId ?? '')).toEqual(task);
      expect(await to.tasks.find('default', task?.parentId ?? '')).toEqual(await from.tasks.find('default', task?.parentId ?? ''));
    });

    it('does not bring back a knowledge base that was deleted since', async () => {
      await fill(from);
      const rows = await exported(from);
      await imported(to, rows);
      await to.knowledge.delete('handbook', NOW + 9);
      expect(await imported(to, rows)).toMatchObject({ added: 0, refused: [BASE.subject] });
      expect(await to.knowledge.linkedTo('default')).toEqual([]);
      expect(await to.files.byIds('default', ['read'])).toEqual([]);
    });

    it('shows no file of which not all has come, and goes on with it', async () => {
      await fill(from);
      const rows = await exported(from);
      const part = rows.findIndex((row) => 'row' in row && row.row === 'file_part');
      await expect(imported(to, rows.slice(0, part + 1))).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await to.files.byIds('default', ['read', 'waiting'])).toEqual([]);
      await imported(to, rows);
      expect(await exported(to)).toEqual(rows);
    });

    it('takes archives of version 1', async () => {
      await append(from, { messages: ['one', { role: 'assistant', content: 'two' }] });
      await from.projects.create('default', NOW);
      await remember(from, { id: 'tea' });
      const rows = await exported(from);
      const earlier = rows.map((row) => asInVersion1(row));
      expect(await imported(to, earlier)).toMatchObject({ subjects: 1, known: 0, refused: [] });
      expect(await exported(to)).toEqual(rows);
    });

    it('knows no archive of an unknown project', async () => {
      await expect(exported(from)).rejects.toMatchObject({ code: 'not_found' });
    });

    describe('a broken archive', () => {
      const line = (rows: readonly ArchiveRow[], kind: string): number => rows.findIndex((row) => 'row' in row && row.row === kind);
      const changed = (rows: readonly ArchiveRow[], at: number, change: object): readonly unknown[] =>
        rows.map((row, index) => (index === at ? { ...row, ...change } : row));

      it.each<[string, object, string]>([
        ['message', { content: 7 }, 'content must be a text'],
        ['message', { role: 'robot' }, 'role must be one of user, assistant, system, tool'],
        ['message', { labels: { tags: ['a', 1], info: {}, appId: null, agentId: null, relatedIds: [] } }, 'labels.tags[1] must be a text'],
        ['message', { rank: 0 }, 'rank must be a whole number of at least 1'],
        ['memory', { createdAt: 'yesterday' }, 'createdAt must be a whole number'],
        ['memory', { eventTime: {} }, 'eventTime.from must be a whole number'],
        ['vector', { vector: 'AAA' }, 'vector must be numbers of 32 bits as Base64'],
        ['vector', { itemId: 'stray' }, 'itemId must be a message or memory of the subject'],
        ['subject', { subject: 'ana' }, 'subject must be a user, an agent, a knowledge base or the public space'],
        ['usage', { tokens: -1 }, 'tokens must be a whole number of at least 0'],
        ['task', { row: 'note' }, 'row must be one of conversation, task, message, journal, memory, denial, profile, vector'],
        ['denial', { row: 'message' }, 'the row comes too late'],
        ['file', { parts: 1 }, 'parts must be how many parts came'],
        ['file_part', { fileId: 'else' }, 'fileId must be the file before'],
        ['file_part', { bytes: 'A' }, 'bytes must be bytes as Base64'],
        ['profile', { templateId: 'else' }, 'templateId must be a template of the project'],
        ['project', { settings: { ...SETTINGS, retentionDays: 0 } }, 'settings.retentionDays must be a whole number of at least 1'],
        ['end', { subjects: 9 }, 'subjects must be how many subjects came'],
      ])('is refused for a %s with %j', async (kind, change, problem) => {
        await fill(from);
        const rows = await exported(from);
        const at = line(rows, kind);
        const refusal = { code: 'invalid_request', message: `line ${at + 1}: ${problem}` };
        await expect(imported(to, changed(rows, at, change))).rejects.toMatchObject(refusal);
      });

      it('is refused when a later version has written it', async () => {
        await expect(imported(to, [{ archive: 3 }])).rejects.toMatchObject({
          code: 'invalid_request',
          message: expect.stringMatching(/^line 1: archive must be 2 at most/),
        });
        await expect(imported(to, [[]])).rejects.toMatchObject({ message: 'line 1: must be an object' });
        expect(await to.projects.list()).toEqual([]);
      });

      it('leaves no half of a subject, wherever it breaks off', async () => {
        await append(from, { messages: ['one', 'two'] });
        await from.projects.create('default', NOW);
        const rows = await exported(from);
        for (let count = 0; count < rows.length; count += 1) {
          await expect(imported(to, rows.slice(0, count))).rejects.toMatchObject({
            message: `line ${count + 1}: the archive breaks off here`,
          });
          const found = (await to.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 9, erased: 'left_out' })).length;
          expect([0, 2]).toContain(found);
          if (count < rows.length - 1) expect(found).toBe(0);
        }
        const lost = rows.filter((row) => !('row' in row && row.row === 'message' && row.content === 'one'));
        await expect(imported(await target.reset(), lost)).rejects.toMatchObject({
          message: expect.stringMatching(/rows must be how many rows came$/),
        });
      });
    });

    it('takes a subject of 1,200 messages while more is said', async () => {
      await from.projects.create('default', NOW);
      await append(from, { messages: Array.from({ length: 1_200 }, (_, index) => `m${index}`) });
      const rows: ArchiveRow[] = [];
      let said = 0;
      for await (const row of from.archive.read('default', { vectors: false })) {
        rows.push(row);
        if ('row' in row && row.row === 'message' && said < 5 && row.rank % 300 === 0) {
          said += 1;
          await append(from, { mode: 'turn', messages: ['meanwhile'] });
        }
      }
      expect(said).toBeGreaterThan(0);
      expect(await imported(to, rows)).toMatchObject({ subjects: 1, refused: [] });
      const kept = await to.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 5_000, erased: 'left_out' });
      expect(contents(kept)).toEqual(Array.from({ length: 1_200 }, (_, index) => `m${index}`));
    }, 30_000);
  });
}
