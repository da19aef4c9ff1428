import { aScope, NOW } from '../builders.ts';
import { append, contents, emptyOutbox, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const EVE = aScope({ subject: 'user:eve' });

/** What every store promises to recall. */
export function describeRecallRecordsContract(harness: RecordsHarness): void {
  describe(`RecallRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    describe('overlay', () => {
      it('is empty for an unknown subject', async () => {
        expect(await records().recall.overlay(aScope())).toEqual({ epoch: 0, turns: [], memories: [] });
      });

      it('shows what was said at once, newest first, until the index knows it', async () => {
        await append(records(), { messages: ['one', 'two', { content: 'unheard', recallable: false }] });
        await append(records(), { scope: EVE, messages: ['hers'] });
        expect(contents((await records().recall.overlay(aScope())).turns)).toEqual(['two', 'one']);
        await emptyOutbox(records());
        expect((await records().recall.overlay(aScope())).turns).toEqual([]);
      });

      it('holds the 200 newest turns', async () => {
        await append(records(), { messages: Array.from({ length: 230 }, (_, index) => `m${index}`) });
        const { turns } = await records().recall.overlay(aScope());
        expect(turns).toHaveLength(200);
        expect([turns[0]?.content, turns[199]?.content]).toEqual(['m229', 'm30']);
      });

      it('puts an old turn that waits again behind the new ones', async () => {
        const { messages } = await append(records(), { messages: ['old'] });
        await emptyOutbox(records());
        await append(records(), { mode: 'turn', messages: ['new'] });
        await records().vectors.setCurrent({ id: 'm', dimension: 1 });
        await records().vectors.store('m', [{ id: messages[0]?.id ?? '', vector: new Float32Array([1]) }]);
        expect(contents((await records().recall.overlay(aScope())).turns)).toEqual(['new', 'old']);
      });

      it('shows memories in the outbox as they are now, stale ones included', async () => {
        const { memory } = await remember(records());
        await remember(records(), { id: 'hers', scope: EVE });
        expect((await records().recall.overlay(aScope())).memories).toEqual([memory]);
        await emptyOutbox(records());
        expect((await records().recall.overlay(aScope())).memories).toEqual([]);
        await records().memories.deleteByIds('default', [memory.id], null, NOW);
        const { memories, turns } = await records().recall.overlay(aScope());
        expect(memories).toMatchObject([{ id: memory.id, status: 'deleted' }]);
        expect(turns).toEqual([]);
      });
    });

    describe('inUse', () => {
      it('names the scopes that somebody wrote to, of any project, with their epochs', async () => {
        const base = aScope({ projectId: 'other', subject: 'base:b1' });
        await append(records(), { messages: ['one'] });
        await append(records(), { scope: base, messages: ['two'] });
        await append(records(), { scope: EVE, messages: ['erased'] });
        await records().memories.eraseSubject(EVE, { keepMessages: false, now: NOW });
        const unused = [aScope({ subject: 'public:all' }), { ...base, projectId: 'default' }, { ...aScope(), projectId: 'other' }];
        const used = await records().recall.inUse([...unused, base, EVE, aScope()]);
        expect(used.toSorted((a, b) => (a.scope.subject < b.scope.subject ? -1 : 1))).toEqual([
          { scope: base, epoch: 0 },
          { scope: aScope(), epoch: 0 },
          { scope: EVE, epoch: 1 },
        ]);
        expect(await records().recall.inUse(unused)).toEqual([]);
        expect(await records().recall.inUse([])).toEqual([]);
      });

      it('takes more scopes than a statement may name', async () => {
        await append(records(), { scope: aScope({ subject: 'base:b999' }), messages: ['one'] });
        const many = Array.from({ length: 1_200 }, (_, index) => aScope({ subject: `base:b${index}` }));
        expect(await records().recall.inUse(many)).toEqual([{ scope: aScope({ subject: 'base:b999' }), epoch: 0 }]);
      });
    });

    describe('check', () => {
      it('lets through what is current and not hidden, of this scope and epoch', async () => {
        const { memory, message } = await remember(records());
        const theirs = await remember(records(), { id: 'hers', scope: EVE });
        const elsewhere = await remember(records(), { id: 'elsewhere', scope: aScope({ projectId: 'other' }) });
        const quiet = await append(records(), { mode: 'turn', messages: [{ content: 'quiet', recallable: false }] });
        const ids = [memory, message, theirs.memory, theirs.message, elsewhere.memory, elsewhere.message].map(({ id }) => id);
        const checked = await records().recall.check(aScope(), 0, [...ids, quiet.messages[0]?.id ?? '', 'unknown']);
        expect([...checked.memories]).toEqual([[memory.id, memory]]);
        expect([...checked.turns.keys()]).toEqual([message.id]);
        expect(checked.turns.get(message.id)?.content).toBe(message.content);
      });

      it('lets nothing through of another epoch', async () => {
        const { memory, message } = await remember(records());
        expect((await records().recall.check(aScope(), 1, [memory.id, message.id])).memories.size).toBe(0);
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
        const again = await append(records(), { messages: [message.content] });
        const id = again.messages[0]?.id ?? '';
        expect((await records().recall.check(aScope(), 0, [id])).turns.size).toBe(0);
        expect((await records().recall.check(aScope(), 1, [id])).turns.size).toBe(1);
      });

      it('stops what was superseded', async () => {
        const { memory, message } = await remember(records());
        await append(records(), { mode: 'turn', messages: ['no more tea'] });
        await records().inbox.commit(
          await readBatch(records()),
          noChanges({ supersede: [{ id: memory.id, by: null, validTo: NOW }], hide: [message.id] }),
          NOW,
        );
        const checked = await records().recall.check(aScope(), 0, [memory.id, message.id]);
        expect([checked.memories.size, checked.turns.size]).toEqual([0, 0]);
      });

      it('says why something of this scope is held back', async () => {
        const former = await remember(records(), { id: 'former', text: 'I live in Paris' });
        await append(records(), { mode: 'turn', messages: ['no more'] });
        const changes = noChanges({ supersede: [{ id: 'former', by: null, validTo: NOW }], hide: [former.message.id] });
        await records().inbox.commit(await readBatch(records()), changes, NOW);
        await remember(records(), { id: 'removed', text: 'I smoke' });
        await records().memories.deleteByIds('default', ['removed'], null, NOW);
        const quiet = await append(records(), { mode: 'turn', messages: [{ content: 'quiet', recallable: false }] });
        const { memory, message } = await remember(records(), { id: 'kept', text: 'I ski' });
        const hers = await remember(records(), { id: 'hers', scope: EVE });
        await records().memories.deleteByIds('default', ['hers'], null, NOW);
        const quietId = quiet.messages[0]?.id ?? '';
        const ids = ['former', former.message.id, 'removed', quietId, memory.id, message.id, 'hers', hers.message.id, 'unknown'];
        const { absent } = await records().recall.check(aScope(), 0, ids);
        expect(Object.fromEntries(absent)).toEqual({
          former: 'superseded',
          [former.message.id]: 'hidden',
          removed: 'deleted',
          [quietId]: 'hidden',
        });
      });

      it('holds back transcripts that were kept through an erasure', async () => {
        const { message } = await remember(records());
        await records().memories.eraseSubject(aScope(), { keepMessages: true, now: NOW });
        const checked = await records().recall.check(aScope(), 1, [message.id]);
        expect([checked.turns.size, checked.absent.get(message.id)]).toEqual([0, 'hidden']);
      });

      it('answers for many ids at once, and for none', async () => {
        const { messages } = await append(records(), { messages: Array.from({ length: 600 }, (_, index) => `m${index}`) });
        expect(
          (
            await records().recall.check(
              aScope(),
              0,
              messages.map(({ id }) => id),
            )
          ).turns.size,
        ).toBe(600);
        expect((await records().recall.check(aScope(), 0, [])).turns.size).toBe(0);
      });
    });
  });
}
