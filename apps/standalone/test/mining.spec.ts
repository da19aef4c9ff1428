import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Labels, type Scope } from '@continuo/domain';
import { OpenAiStructuredModel, ProviderConnections, registryOfOne } from '@continuo/openai';
import { O200kTokenCounter } from '@continuo/tokens';
import type { InboxRecords, RecallApi, Task } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { aRecallResult, fails, says, saysJson, ScriptedModel } from '@continuo/testing';
import { DrainInbox, ExtractCandidates, ReconcileCandidates } from '@continuo/use-cases';

const SCOPE: Scope = { projectId: 'default', subject: 'user:ana' };
const NO_LABELS: Labels = { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] };
const DAY_MS = 86_400_000;

/** Finds nothing: near neighbours are recall's own subject. */
const NO_RECALL: RecallApi = { search: async () => aRecallResult() };

const item = (text: string, quote: string, message = 'm1') => ({ kind: 'fact', title: text, text, quote, message_ids: [message] });

describe('mining with a model', () => {
  let folder: string;
  let records: SqliteRecords;
  let model: ScriptedModel;
  let now: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-mining-'));
    records = await openSqliteRecords({ file: join(folder, 'records.db') });
    await records.projects.create('default', 0);
    model = await ScriptedModel.start();
    now = Date.now();
  });
  afterEach(async () => {
    await records.close();
    await model.close();
    await rm(folder, { recursive: true });
  });

  const drain = (options: { readonly tokensPerDay?: number; readonly inbox?: InboxRecords } = {}): DrainInbox => {
    const structured = new OpenAiStructuredModel(
      registryOfOne({ baseUrl: model.baseUrl, apiKey: null, model: 'scripted' }),
      new ProviderConnections(),
      new O200kTokenCounter(),
    );
    const settings = { timeZone: 'UTC', timeoutMs: 5_000, maxTokens: 1_000, tokensPerDay: options.tokensPerDay ?? null };
    return new DrainInbox(
      options.inbox ?? records.inbox,
      new ExtractCandidates(structured, records.usage, records.memories, settings),
      new ReconcileCandidates(records.memories, records.messages, NO_RECALL, structured, records.usage),
      { enqueue: async () => undefined },
      { maxMessages: 20, maxCharacters: 10_000, maxAttempts: 3, providerPatienceMs: DAY_MS, now: () => now },
    );
  };

  const say = async (...contents: readonly string[]): Promise<string> => {
    const { taskId } = await records.messages.append({
      scope: SCOPE,
      conversationId: 'c',
      messages: contents.map((content) => ({
        role: 'user',
        content,
        parts: null,
        chatTime: null,
        roleName: null,
        speakerId: null,
        partial: false,
        recallable: true,
      })),
      labels: NO_LABELS,
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

  const run = (mining: DrainInbox): Promise<unknown> => mining.execute(SCOPE, new AbortController().signal);
  const task = (id: string): Promise<Task | null> => records.tasks.find('default', id);
  const texts = async (): Promise<readonly string[]> =>
    (await records.memories.list(SCOPE, { kind: 'fact', filter: null, page: 1, size: 50 })).items.map((memory) => memory.text);

  it('asks the model once for a batch of many turns', async () => {
    model.always(saysJson({ memories: [item('The user keeps bees.', 'I keep bees'), item('The user sails.', 'I sail', 'm3')] }));
    await say('I keep bees');
    await say('The weather is nice');
    const last = await say('I sail');
    await run(drain());
    expect(model.chats).toHaveLength(1);
    expect((await texts()).toSorted()).toEqual(['The user keeps bees.', 'The user sails.']);
    expect(await task(last)).toMatchObject({ status: 'completed', added: 1, reason: null });
  });

  it('drops what the model invented and says that there was nothing', async () => {
    model.always(saysJson({ memories: [item('The user has a yacht.', 'I have a yacht')] }));
    const id = await say('What is the weather like?');
    await run(drain());
    expect(await texts()).toEqual([]);
    expect(await task(id)).toMatchObject({ status: 'completed', reason: 'no_facts' });
  });

  it('fails a batch that is never answered readably, with the reason, and goes on with the next', async () => {
    model.always((request) =>
      request.prompt.split('New messages:')[1]?.includes('poison')
        ? says('I would rather not.')
        : saysJson({ memories: [item('The user sails.', 'I sail')] }),
    );
    const poisoned = await say('poison');
    const mining = drain();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await run(mining);
      now += 61_000;
    }
    expect(await task(poisoned)).toMatchObject({ status: 'failed', reason: 'parse_failed' });
    const next = await say('I sail');
    await run(mining);
    expect(await task(next)).toMatchObject({ status: 'completed', added: 1 });
    expect(await records.messages.latest(SCOPE, 'c', { roles: ['user'], limit: 10, erased: 'included' })).toHaveLength(2);
  });

  it('waits for a provider that is down without counting attempts, and finishes when it is back', async () => {
    model.always(fails());
    const id = await say('I sail');
    const mining = drain();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await run(mining);
      expect(await task(id)).toMatchObject({ status: 'running' });
      now += 61_000;
    }
    model.always(saysJson({ memories: [item('The user sails.', 'I sail')] }));
    await run(drain());
    expect(await task(id)).toMatchObject({ status: 'completed', added: 1 });
  });

  it('lets the rules do it when the provider stays down for longer than a day', async () => {
    model.always(fails());
    const id = await say('I live in Oslo.');
    const mining = drain();
    await run(mining);
    // It comes back again and again while it waits.
    for (let waited = 0; waited <= DAY_MS; waited += DAY_MS / 5) {
      now += DAY_MS / 5;
      await run(mining);
    }
    expect(await texts()).toEqual([expect.stringContaining('Oslo')]);
    expect(await task(id)).toMatchObject({ status: 'completed', added: 1 });
  });

  it('lets the rules do it when the day is spent', async () => {
    model.always(saysJson({ memories: [item('The user sails.', 'I sail')] }, { usage: { promptTokens: 900, answerTokens: 200 } }));
    await say('I sail');
    await run(drain({ tokensPerDay: 1_000 }));
    await say('I live in Oslo.');
    await run(drain({ tokensPerDay: 1_000 }));
    expect(model.chats).toHaveLength(1);
    expect(await texts()).toEqual(expect.arrayContaining([expect.stringContaining('Oslo')]));
  });

  it('does not ask the model again for what stands in the journal', async () => {
    model.always(saysJson({ memories: [item('The user sails.', 'I sail')] }));
    await say('I sail');
    const inbox = records.inbox;
    const dying: InboxRecords = {
      readBatch: (scope, limits) => inbox.readBatch(scope, limits),
      writeJournal: (batch, journal, at) => inbox.writeJournal(batch, journal, at),
      commit: () => Promise.reject(new Error('the process died here')),
      postpone: (batch, input) => inbox.postpone(batch, input),
      fail: (batch, reason, at) => inbox.fail(batch, reason, at),
      pendingScopes: (at, limit) => inbox.pendingScopes(at, limit),
      depth: (at) => inbox.depth(at),
      requeue: (input) => inbox.requeue(input),
    };
    await expect(run(drain({ inbox: dying }))).rejects.toThrow('died');
    now += 61_000;
    await run(drain());
    expect(model.chats).toHaveLength(1);
    expect(await texts()).toEqual(['The user sails.']);
  });
});
