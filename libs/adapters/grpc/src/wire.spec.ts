import type { Filter, IndexedDocument } from '@continuo/domain';
import type { ChatModelEvent, RecallRequest, RecallResult, StructuredRequest } from '@continuo/ports';
import { aMemory, aMessage, anIndexedDocument, aScope } from '@continuo/testing';
import { NO_INDEX, Services } from '../test/services.ts';

const services = new Services();
afterEach(() => services.close());

const MEMORY = aMemory({
  kind: 'preference',
  preferenceType: 'implicit',
  reasoning: 'because',
  language: 'zh',
  topicKey: 'home.city',
  topicValue: 'lyon',
  negated: true,
  about: 'Mia',
  origin: 'document',
  entities: ['北京', '🏨', ''],
  keyPhrases: ['a', 'b'],
  eventTime: { from: -62_135_596_800_000, to: 253_402_300_800_000 },
  confidence: 0.1 + 0.2,
  sourceMessageIds: ['m1', 'm2'],
  quotes: ['said "so"\n\u0000 and so'],
  evidence: 3,
  sourceSequence: Number.MAX_SAFE_INTEGER,
  status: 'superseded',
  supersededBy: 'memory-2',
  validTo: 7,
  labels: {
    tags: ['x'],
    info: { __proto__: null, deep: { list: [1.5, null, true, 'ü'] }, '': 0 },
    appId: '',
    agentId: 'agent',
    relatedIds: ['ana', ''],
  },
});

const EXPLANATION = {
  coverage: 1 / 3,
  lexicalPart: 0,
  cosinePart: null,
  fit: 'vectors',
  boosts: { recency: 1.25, 'same conversation': 0 },
  matched: ['tea', '茶'],
  lexicalRank: null,
  cosine: -0.5,
} as const;

const EVENT = aMemory({ id: 'event', kind: 'event', details: { event: { times: ['tonight'], locations: [], roles: ['Ana', '妈妈'] } } });
const TOOL = aMemory({
  id: 'tool',
  kind: 'tool',
  details: {
    tool: {
      type: 'trajectory',
      used: [{ tool: 'search', errorType: '', successRate: 0.5, experience: 'slow' }],
      experience: 'ask once',
    },
  },
});
const SKILL = aMemory({
  id: 'skill',
  kind: 'skill',
  scope: aScope({ subject: 'base:b1' }),
  details: {
    skill: {
      name: 'book',
      description: '',
      procedure: '1.',
      experience: [],
      preference: ['x'],
      examples: [],
      script: { 'a.sh': 'echo' },
      others: {},
      fileId: null,
    },
    document: { fileId: 'f', fileName: 'x.md', place: 0, headings: ['A', 'B'], page: null },
  },
});
const PROFILE = aMemory({
  id: 'profile',
  kind: 'profile',
  details: { profile: { templateId: 't', category: '', field: 'job', path: 'job', value: 'nurse', algorithmUpdatable: false } },
});
const found = (memory: typeof MEMORY): RecallResult['facts'] => [{ memory, turn: null, relativity: 0.5, explanation: EXPLANATION }];

const RESULT: RecallResult = {
  state: 'below_threshold',
  facts: [{ memory: MEMORY, turn: null, relativity: 0.123456789, explanation: EXPLANATION }],
  preferences: [
    {
      memory: null,
      turn: aMessage({
        parts: [{ type: 'image_url', image_url: { url: 'data:' } }],
        chatTime: 0,
        roleName: '',
        role: 'tool',
        state: 'unmined',
        partial: true,
        withheld: ['one', 'two'],
        speakerId: 'ben',
        purpose: 'feedback',
        extraction: { views: ['preference'], instructions: { image: 'what is on it' } },
      }),
      relativity: 0,
      explanation: { ...EXPLANATION, cosinePart: 0, lexicalRank: 1, cosine: null, fit: 'both', boosts: {}, matched: [] },
    },
  ],
  events: found(EVENT),
  tools: found(TOOL),
  skills: found(SKILL),
  profiles: found(PROFILE),
  absences: [
    { id: 'a', reason: 'covered_by_memory', relativity: null },
    { id: 'b', reason: 'over_limit', relativity: 0 },
  ],
  missingArms: ['vectors'],
  configuration: { embeddingModel: null, without: [], candidates: 0 },
  timings: { embedMs: 0, indexMs: 0.5, totalMs: 12.25 },
};

const FILTER: Filter = {
  op: 'or',
  of: [
    { op: 'and', of: [] },
    {
      op: 'and',
      of: [
        { op: 'equals', field: { name: 'info', key: '' }, value: false },
        { op: 'contains', field: { name: 'tags' }, value: '' },
        { op: 'like', field: { name: 'agent_id' }, value: 0 },
        { op: 'in', field: { name: 'app_id' }, values: ['x', 0, false, -1.5] },
        { op: 'in', field: { name: 'app_id' }, values: [] },
        { op: 'gt', field: { name: 'create_time' }, value: 1_772_366_400_000 },
        { op: 'lte', field: { name: 'update_time' }, value: '2026' },
      ],
    },
  ],
};

const REQUEST: RecallRequest = {
  scope: aScope({ projectId: 'ü/1', subject: 'agent:北京 🏨\nx' }),
  query: '',
  conversationId: null,
  filter: FILTER,
  others: [
    { scope: aScope({ subject: 'public:all' }), filter: null },
    { scope: aScope({ projectId: 'p2', subject: 'base:b1' }), filter: { op: 'equals', field: { name: 'related_id' }, value: 'ana' } },
  ],
  limits: { fact: 0, preference: 25, event: 1, tool: 2, skill: 3, profile: 4 },
  together: 0,
  minRelativity: 0.45,
  explainIds: ['a', 'b'],
};

describe('recall over the wire', () => {
  it('carries every member of a request and of a result as it is, and tells null from empty and from 0', async () => {
    const seen: RecallRequest[] = [];
    const server = await services.recallServer({
      recall: {
        search: async (request) => {
          seen.push(request);
          return RESULT;
        },
      },
    });
    const { recall } = await services.recallClient(server);
    expect(await recall.search(REQUEST, {})).toEqual(RESULT);
    expect(await recall.search({ ...REQUEST, filter: null, conversationId: '', embed: false, without: ['date', 'words'] }, {})).toEqual(
      RESULT,
    );
    expect(seen).toEqual([
      { ...REQUEST, embed: true, without: [] },
      { ...REQUEST, filter: null, conversationId: '', embed: false, without: ['date', 'words'] },
    ]);
  });

  it('takes a deep filter', async () => {
    let filter: Filter = { op: 'equals', field: { name: 'tags' }, value: 'x' };
    for (let depth = 0; depth < 40; depth += 1) filter = { op: 'and', of: [filter] };
    let seen: Filter | null = null;
    const server = await services.recallServer({
      recall: { search: async (request) => ((seen = request.filter), RESULT) },
    });
    await (await services.recallClient(server)).recall.search({ ...REQUEST, filter }, {});
    expect(seen).toEqual(filter);
  });
});

describe('documents over the wire', () => {
  it('carries every member as it is, the vector bit by bit', async () => {
    const documents: IndexedDocument[] = [
      anIndexedDocument({
        kind: 'turn',
        role: 'assistant',
        eventTime: { from: 0, to: 0 },
        vector: Float32Array.of(1e-30, -0, 1 / 3),
        labels: MEMORY.labels,
      }),
      // A view into a larger buffer, not at its start.
      anIndexedDocument({ id: 'b', vector: new Float32Array(Float32Array.of(9, 9, 1, 2).buffer, 8, 2), vectorModelId: 'm' }),
      anIndexedDocument({ id: 'c', about: '', keys: [''], source: 'x' }),
    ];
    let seen: readonly IndexedDocument[] = [];
    const server = await services.recallServer({ index: { ...NO_INDEX, upsert: async (received) => void (seen = received) } });
    await (await services.recallClient(server)).index.upsert(documents);
    expect(seen).toEqual(
      documents.map((document) => ({ ...document, vector: document.vector === null ? null : Float32Array.from(document.vector) })),
    );
  });

  it('splits what is larger than a message, and keeps the order', async () => {
    const seen: number[] = [];
    const ids: string[] = [];
    const server = await services.recallServer({
      index: {
        ...NO_INDEX,
        upsert: async (documents) => {
          seen.push(documents.length);
          ids.push(...documents.map(({ id }) => id));
        },
      },
    });
    const { index } = await services.recallClient(server);
    const info = Object.fromEntries(Array.from({ length: 10_000 }, (_, place) => [`label ${place}`, `value ${place}`]));
    const large = Array.from({ length: 20 }, (_, place) =>
      anIndexedDocument({ id: `d${place}`, text: 'x'.repeat(1_000_000), vector: new Float32Array(1_536) }),
    );
    large.push(anIndexedDocument({ id: 'many labels', labels: { ...MEMORY.labels, info } }));
    await index.upsert(large);
    expect(seen.length).toBeGreaterThan(4);
    expect(ids).toEqual(large.map(({ id }) => id));
    await index.upsert([]);
    await index.remove([]);
  }, 30_000);
});

describe('answers over the wire', () => {
  it('keeps a character whole whose halves come in two pieces', async () => {
    const events: ChatModelEvent[] = [
      { type: 'reasoning', text: 'hm 🏨'.slice(0, -1) },
      { type: 'text', text: 'to \ud83c' },
      { type: 'reasoning', text: '\udfe8' },
      { type: 'text', text: '\udfe8!' },
      { type: 'end', finish: 'length', usage: { promptTokens: 0, answerTokens: 5 } },
    ];
    const server = await services.generationServer({
      chat: {
        describe: () => ({ available: true, models: [], reason: 'yes' }),
        async *stream() {
          yield* events;
        },
      },
    });
    const { chat } = await services.generationClient(server);
    const received: ChatModelEvent[] = [];
    const request = { scope: aScope(), modelName: null, messages: [], temperature: 0, topP: 1, maxTokens: 1 };
    for await (const event of chat.stream(request, {})) received.push(event);
    const joined = (type: string): string => received.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
    expect([joined('text'), joined('reasoning'), received.at(-1)]).toEqual(['to 🏨!', 'hm 🏨', events.at(-1)]);
  });

  it('carries a structured request and its reply as they are', async () => {
    const request: StructuredRequest = {
      scope: aScope(),
      role: 'reconcile',
      name: 'x',
      messages: [{ role: 'assistant', content: '🏨' }],
      schema: { type: 'object', properties: { items: { type: 'array', items: { enum: [null, 1, 'a'] } } } },
      itemsKey: 'items',
      maxTokens: 7,
    };
    const reply = { items: [null, 1.5, 'x', { a: [] }, []], salvaged: true, modelName: 'm', usage: { promptTokens: 1, answerTokens: 2 } };
    let seen: StructuredRequest | null = null;
    const server = await services.generationServer({
      structured: { available: (role) => role === 'reconcile', complete: async (received) => ((seen = received), reply) },
    });
    const { structured, chat, described } = await services.generationClient(server);
    expect(await structured.complete(request, {})).toEqual(reply);
    expect(seen).toEqual(request);
    expect([structured.available('extract'), structured.available('reconcile')]).toEqual([true, true]);
    chat.open();
    expect(await described(10_000)).toBe(true);
    expect([structured.available('extract'), structured.available('reconcile')]).toEqual([false, true]);
  });
});
