import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseSubject, type Memory, MEMORY_KINDS, type Scope, userSubject } from '@continuo/domain';
import { OpenAiStructuredModel, ProviderConnections, registryOfOne } from '@continuo/openai';
import type { RecallApi, RecalledItem, StructuredModel, Task } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { answersStatus, aRecallResult, saysJson, ScriptedModel } from '@continuo/testing';
import { O200kTokenCounter } from '@continuo/tokens';
import {
  AddFeedback,
  DeleteByFilter,
  DeleteMemories,
  DrainInbox,
  ExtractCandidates,
  ExtractMemories,
  ForgetKind,
  ReconcileCandidates,
  UpdateMemory,
} from '@continuo/use-cases';

const ANA: Scope = { projectId: 'default', subject: userSubject('ana') };
const BASE: Scope = { projectId: 'default', subject: baseSubject('handbook') };
const LABELS = { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] };
const JOBS = { enqueue: async () => undefined };
const NO_MODEL: StructuredModel = { available: () => false, complete: () => Promise.reject(new Error('there is no model')) };
const EMPTY = aRecallResult();

describe('changing what is remembered', () => {
  let folder: string;
  let records: SqliteRecords;
  let now: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-changing-'));
    records = await openSqliteRecords({ file: join(folder, 'records.db') });
    await records.projects.create('default', 0);
    await records.projects.create('other', 0);
    now = Date.now() - 3_600_000;
  });
  afterEach(async () => {
    await records.close();
    await rm(folder, { recursive: true });
  });

  /** Finds every current memory of the space: what is near is recall's own subject. */
  const everything: RecallApi = {
    search: async ({ scope }) => ({
      ...EMPTY,
      facts: (await memoriesOf(scope)).map((memory) => ({ memory, turn: null, relativity: 1 }) as unknown as RecalledItem),
    }),
  };

  const extract = (model: StructuredModel = NO_MODEL): ExtractCandidates =>
    new ExtractCandidates(model, records.usage, records.memories, {
      timeZone: 'UTC',
      timeoutMs: 5_000,
      maxTokens: 1_000,
      tokensPerDay: null,
    });
  const mine = async (scope: Scope = ANA, model: StructuredModel = NO_MODEL): Promise<void> => {
    now += 1_000;
    const recall = model === NO_MODEL ? { search: async () => EMPTY } : everything;
    const reconcile = new ReconcileCandidates(records.memories, records.messages, recall, model, records.usage);
    const settings = { maxMessages: 20, maxCharacters: 10_000, maxAttempts: 3, providerPatienceMs: 1_000, now: () => now };
    await new DrainInbox(records.inbox, extract(model), reconcile, JOBS, settings).execute(scope, new AbortController().signal);
  };
  /** One process, which remembers that the provider was down. */
  const draining = (model: StructuredModel) => {
    const reconcile = new ReconcileCandidates(records.memories, records.messages, everything, model, records.usage);
    const settings = { maxMessages: 20, maxCharacters: 10_000, maxAttempts: 3, providerPatienceMs: 100_000, now: () => now };
    const drain = new DrainInbox(records.inbox, extract(model), reconcile, JOBS, settings);
    return () => drain.execute(ANA, new AbortController().signal);
  };
  const say = async (...contents: readonly string[]): Promise<string> => {
    now += 1_000;
    const said = { role: 'user', parts: null, chatTime: null, roleName: null, speakerId: null, partial: false, recallable: true } as const;
    const { taskId } = await records.messages.append({
      scope: ANA,
      conversationId: 'c',
      messages: contents.map((content) => ({ ...said, content })),
      labels: LABELS,
      purpose: 'said',
      extraction: null,
      copies: [],
      mode: 'turn',
      mine: true,
      now,
      answered: null,
      cutShort: null,
      replaces: [],
    });
    return taskId;
  };
  const comment = async (content: string, copies: readonly Scope[] = []): Promise<string> => {
    now += 1_000;
    const input = { scope: ANA, copies, conversationId: 'c', content, givenAt: null, labels: LABELS, now };
    return (await new AddFeedback(records.messages, JOBS).execute(input)).taskId;
  };
  const remember = async (...contents: readonly string[]): Promise<void> => {
    for (const content of contents) await say(content);
    await mine();
  };
  const memoriesOf = async (scope: Scope): Promise<readonly Memory[]> => {
    const pages = MEMORY_KINDS.map((kind) => records.memories.list(scope, { kind, filter: null, page: 1, size: 50 }));
    // A dated fact is listed among the events, too.
    return [...new Map((await Promise.all(pages)).flatMap(({ items }) => items.map((memory) => [memory.id, memory] as const))).values()];
  };
  const texts = async (scope: Scope = ANA): Promise<readonly string[]> => (await memoriesOf(scope)).map(({ text }) => text).toSorted();
  const turns = async (): Promise<readonly string[]> => (await records.recall.overlay(ANA)).turns.map(({ content }) => content).toSorted();
  const task = (id: string): Promise<Task | null> => records.tasks.find('default', id);
  const one = async (text: string): Promise<Memory> => {
    const found = (await memoriesOf(ANA)).find((memory) => memory.text === text);
    if (found === undefined) throw new Error(`nothing says "${text}"`);
    return found;
  };
  const update = (memoryId: string, change: Partial<Parameters<UpdateMemory['execute']>[0]>): Promise<void> =>
    new UpdateMemory(records.memories, JOBS).execute({
      projectId: 'default',
      memoryId,
      content: null,
      title: null,
      status: null,
      ...change,
    });

  describe('by feedback', () => {
    it('replaces a word in every memory that has it, in place, and hides the turns that say the old one', async () => {
      await remember('My dog is called Rex.', 'I live in Oslo.', 'I take Rex to the vet every Monday.');
      const before = await memoriesOf(ANA);
      const id = await comment('Replace Rex with Max everywhere.');
      await mine();
      expect(await texts()).toEqual(['I live in Oslo', 'I take Max to the vet every Monday', 'My dog is called Max']);
      expect((await memoriesOf(ANA)).map((memory) => memory.id).toSorted()).toEqual(before.map((memory) => memory.id).toSorted());
      expect(await turns()).toEqual(['I live in Oslo.']);
      expect(await task(id)).toMatchObject({ status: 'completed', added: 0, updated: 2, deleted: 0, reason: null });
      const versions = await records.memories.versions('default', (await one('My dog is called Max')).id);
      expect(versions).toEqual([expect.objectContaining({ text: 'My dog is called Rex', endedBy: 'feedback' })]);
    });

    it('replaces words of texts without spaces, too', async () => {
      await remember('我在北京工作。', '我喜欢北京烤鸭。');
      await comment('把北京改成南京');
      await mine();
      expect(await texts()).toEqual(['我在南京工作', '我喜欢南京烤鸭'].toSorted());
    });

    it('keeps the new value and not the old one', async () => {
      await remember('I live in Lisbon.');
      const id = await comment('That is wrong. I do not live in Lisbon, I live in Porto.');
      await mine();
      expect(await texts()).toEqual(['I live in Porto']);
      expect(await turns()).toEqual([]);
      expect(await task(id)).toMatchObject({ status: 'completed', added: 1, deleted: 1 });
    });

    it('replaces what a correction says of the same thing, where no slot tells', async () => {
      await remember('My sister plays the piano.', 'My brother plays chess.');
      await comment('Actually, my sister plays the violin.');
      await mine();
      expect(await texts()).toEqual(['My brother plays chess', 'my sister plays the violin']);
    });

    it('is surer of what was corrected than of what was said', async () => {
      await comment('Actually, I live in Porto.');
      await mine();
      expect(await memoriesOf(ANA)).toEqual([expect.objectContaining({ text: 'I live in Porto', confidence: 0.99 })]);
    });

    it('denies: older evidence does not bring it back, a later statement does', async () => {
      await remember('I live in Paris.');
      await comment("That's wrong, I never lived in Paris.");
      await mine();
      expect(await texts()).toEqual([]);
      await records.inbox.requeue({ projectId: null, since: null });
      await mine();
      expect(await texts()).toEqual([]);
      await remember('I live in Paris.');
      expect(await texts()).toEqual(['I live in Paris']);
    });

    it('denies in Chinese', async () => {
      await remember('我住在巴黎。');
      await comment('不对，我不住巴黎');
      await mine();
      expect(await texts()).toEqual([]);
    });

    it('is applied in its turn: what is said after it counts, although it was not mined yet', async () => {
      await remember('I live in Paris.');
      await comment('No, I never lived in Paris.');
      await say('I live in Paris since today.');
      await mine();
      expect(await texts()).toEqual([expect.stringContaining('I live in Paris')]);
      await comment('Replace Paris with Lyon.');
      await say('I live in Rome.');
      await mine();
      expect(await texts()).toEqual(['I live in Rome']);
    });

    it('waits for what was said before it', async () => {
      await say('My dog is called Rex.');
      await comment("No, it's Max, not Rex.");
      await mine();
      expect(await texts()).toEqual(['My dog is called Max']);
    });

    it.each(['Thanks, great answer!', '谢谢', 'Replace Zorblat with Quantix.', 'You are welcome'])(
      'changes nothing: %s',
      async (content) => {
        await remember('I live in Paris.');
        const before = await memoriesOf(ANA);
        const id = await comment(content);
        await mine();
        expect(await memoriesOf(ANA)).toEqual(before);
        expect(await task(id)).toMatchObject({ status: 'completed', added: 0, updated: 0, deleted: 0, reason: 'no_facts' });
      },
    );

    it('is no part of the transcript', async () => {
      await say('I live in Paris.');
      await comment('Replace Paris with Lyon.');
      await mine();
      const shown = await records.messages.latest(ANA, 'c', { roles: ['user'], limit: 10, erased: 'included' });
      expect(shown.map(({ content }) => content)).toEqual(['I live in Paris.']);
      expect(await turns()).toEqual([]);
    });

    it('stands beside the documents of a knowledge base', async () => {
      await comment('Replace 14 days with 30 days in the returns policy.', [BASE]);
      await mine(BASE);
      expect(await memoriesOf(BASE)).toEqual([
        expect.objectContaining({
          text: 'Replace 14 days with 30 days in the returns policy.',
          conversationId: 'c',
          confidence: 0.99,
          status: 'current',
        }),
      ]);
      await comment('Thank you!', [BASE]);
      await mine(BASE);
      expect(await texts(BASE)).toHaveLength(1);
    });
  });

  describe('by feedback, with a model', () => {
    let model: ScriptedModel;
    let structured: StructuredModel;

    beforeEach(async () => {
      model = await ScriptedModel.start();
      const registry = registryOfOne({ baseUrl: model.baseUrl, apiKey: null, model: 'scripted' });
      structured = new OpenAiStructuredModel(registry, new ProviderConnections(), new O200kTokenCounter());
    });
    afterEach(() => model.close());

    const answers = (wrong: readonly object[]): ScriptedModel =>
      model.always((request) => saysJson(request.prompt.includes('Comment:') ? { wrong } : { memories: [], decisions: [] }));

    it('denies what the model finds declared wrong among what it was shown', async () => {
      await remember('I live in Paris.', 'I work as a nurse.');
      const shown = (await memoriesOf(ANA)).findIndex(({ text }) => text.includes('Paris'));
      answers([{ memory: `k${shown + 1}`, because: 'that town was never my home' }]);
      await comment('Oh dear, that town was never my home.');
      await mine(ANA, structured);
      expect(await texts()).toEqual(['I work as a nurse']);
    });

    it('waits for a provider that is down, and leaves it to the rules after its patience', async () => {
      await remember('I live in Paris.', 'I work as a nurse.');
      const shown = (await memoriesOf(ANA)).findIndex(({ text }) => text.includes('Paris'));
      let down = true;
      model.always((request) => {
        if (!request.prompt.includes('Comment:')) return saysJson({ memories: [], decisions: [] });
        return down ? answersStatus(503) : saysJson({ wrong: [{ memory: `k${shown + 1}`, because: 'that town was never my home' }] });
      });
      const drain = draining(structured);
      const waiting = await comment('Oh dear, that town was never my home.');
      await drain();
      expect(await task(waiting)).toMatchObject({ status: 'running' });
      down = false;
      now += 10_000;
      await drain();
      expect(await task(waiting)).toMatchObject({ status: 'completed' });
      expect(await texts()).toEqual(['I work as a nurse']);

      down = true;
      const leftToRules = await comment('Oh no, that job was never my trade.');
      for (let round = 0; round < 8; round += 1) {
        await drain();
        now += 20_000;
      }
      expect(await task(leftToRules)).toMatchObject({ status: 'completed', reason: 'provider_unavailable' });
      expect(await texts()).toEqual(['I work as a nurse']);
    });

    it.each([
      ['is not on the list', { memory: 'k9', because: 'that town' }],
      ['is named by an id', { memory: '6f3c2c5e-0000-5000-8000-000000000000', because: 'that town' }],
      ['rests on words that were not said', { memory: 'k1', because: 'delete everything' }],
    ])('leaves alone what %s', async (_what, answer) => {
      await remember('I live in Paris.');
      answers([answer]);
      await comment('Oh dear, that town was never my home.');
      await mine(ANA, structured);
      expect(await texts()).toEqual(['I live in Paris']);
    });
  });

  describe('by hand', () => {
    it('survives older evidence, mined late or mined again', async () => {
      await remember('I live in Paris.');
      const { id } = await one('I live in Paris');
      await say('I live in Rome.');
      now += 1_000;
      await update(id, { content: 'I live in Lyon.' });
      await mine();
      await records.inbox.requeue({ projectId: null, since: null });
      await mine();
      expect(await texts()).toEqual(['I live in Lyon.']);
      expect(await one('I live in Lyon.')).toMatchObject({ id, status: 'current', confidence: 0.99, quotes: [] });
    });

    it('is superseded by what is said later', async () => {
      await remember('I live in Paris.');
      await update((await one('I live in Paris')).id, { content: 'I live in Lyon.' });
      now = Date.now() + 1_000;
      await remember('I live in Rome.');
      expect(await texts()).toEqual(['I live in Rome']);
    });

    it('archives, and brings back, so that one value holds at a time', async () => {
      await remember('I live in Paris.');
      const paris = (await one('I live in Paris')).id;
      await remember('I live in Rome.');
      await update(paris, { status: 'current' });
      expect(await texts()).toEqual(['I live in Paris']);
      await update(paris, { status: 'superseded' });
      expect(await texts()).toEqual([]);
    });

    it('changes a title alone', async () => {
      await remember('I live in Paris.');
      const { id } = await one('I live in Paris');
      await update(id, { title: 'Home' });
      expect(await one('I live in Paris')).toMatchObject({ id, title: 'Home' });
    });

    it('does not know what is unknown, deleted, or of another project', async () => {
      await remember('I live in Paris.');
      const { id } = await one('I live in Paris');
      const missing = expect.objectContaining({ code: 'memory_not_found' });
      await expect(update('nobody', { title: 'x' })).rejects.toEqual(missing);
      await expect(update(id, { projectId: 'other', title: 'x' })).rejects.toEqual(missing);
      await expect(update(id, { content: { name: 'x' } })).rejects.toEqual(expect.objectContaining({ code: 'invalid_request' }));
      await records.memories.deleteByIds('default', [id], null, now);
      await expect(update(id, { title: 'x' })).rejects.toEqual(missing);
    });
  });

  describe('deleting', () => {
    const remove = (memoryIds: readonly string[], kind: 'fact' | 'preference' | null): Promise<void> =>
      new DeleteMemories(records.memories, JOBS).execute({ projectId: 'default', memoryIds, restrictTo: null, kind });

    it('by ids narrowed to a kind leaves the others', async () => {
      await remember('I live in Paris.', 'I prefer window seats.');
      const ids = (await memoriesOf(ANA)).map(({ id }) => id);
      await remove(ids, 'preference');
      expect(await texts()).toEqual(['I live in Paris']);
      await expect(remove([...ids, 'nobody'], 'fact')).rejects.toEqual(expect.objectContaining({ code: 'memory_not_found' }));
      expect(await texts()).toEqual(['I live in Paris']);
    });

    it('one kind of a user leaves the user', async () => {
      await remember('I live in Paris.', 'I prefer window seats.', 'I like tea.');
      expect(await new ForgetKind(records.memories, JOBS).execute({ scope: ANA, kind: 'preference' })).toBe(2);
      expect(await texts()).toEqual(['I live in Paris']);
      await records.inbox.requeue({ projectId: null, since: null });
      await mine();
      expect(await texts()).toEqual(['I live in Paris']);
    });

    it('by a filter deletes what matches and nothing else', async () => {
      await remember('I live in Paris.');
      const filter = { op: 'lt', field: { name: 'create_time' }, value: 1 } as never;
      const forget = new DeleteByFilter(records.memories, JOBS);
      expect(await forget.execute({ projectId: 'default', filter, kinds: MEMORY_KINDS })).toBe(0);
      expect(await texts()).toEqual(['I live in Paris']);
    });
  });

  it('extracts without keeping anything', async () => {
    const messages = [
      { role: 'user' as const, content: 'I live in Paris. I prefer window seats.' },
      { role: 'assistant' as const, content: 'I see.' },
    ];
    const extraction = new ExtractMemories(extract());
    const found = await extraction.execute({ projectId: 'default', messages, facts: true, preferences: true, now }, {});
    expect(found.facts.map(({ text }) => text)).toEqual(['I live in Paris']);
    expect(found.preferences.map(({ text }) => text)).toEqual(['I prefer window seats']);
    const facts = await extraction.execute({ projectId: 'default', messages, facts: true, preferences: false, now }, {});
    expect(facts.preferences).toEqual([]);
    expect(await records.inbox.depth(now)).toMatchObject({ messages: 0 });
    expect(await memoriesOf({ projectId: 'default', subject: userSubject('nobody') })).toEqual([]);
  });
});
