import { GetMemoryReply, GetStatusReply, OneMemoryReply, SearchMemoryReply } from '@continuo/contracts';
import { forEachKind, type Memory } from '@continuo/domain';
import type { RecalledItem, RecallRequest } from '@continuo/ports';
import { aMemory, aMessage, aTask, KEY, NO_RECALL, serve, type Served } from './http-server.ts';

const explanation = {
  coverage: 0.8,
  lexicalPart: 0.7,
  cosinePart: null,
  fit: 'words' as const,
  boosts: {},
  matched: [],
  lexicalRank: 1,
  cosine: null,
};
const recalled = (memory: Memory): readonly RecalledItem[] => [{ memory, turn: null, relativity: 0.75, explanation }];

const CREATED = 1_795_000_000_000;
const STORED = { id: 'm-1', create_time: CREATED, update_time: CREATED + 500, conversation_id: 'c-1', status: 'activated' };

const EVENT = aMemory({ kind: 'event', details: { event: { times: ['tonight'], locations: ['Lyon'], roles: ['Mia'] } } });
const TRAJECTORY = aMemory({
  kind: 'tool',
  text: 'Asked for flights; found three',
  details: {
    tool: {
      type: 'trajectory',
      used: [{ tool: 'search_flights', errorType: '', successRate: 0.5, experience: 'dates first' }],
      experience: 'Ask for the date.',
    },
  },
});
const SCHEMA = aMemory({
  kind: 'tool',
  text: '{"name":"search_flights"}',
  details: { tool: { type: 'schema', used: [], experience: '' } },
});
const SKILL_DETAILS = {
  name: 'Book a flight',
  description: 'From search to payment',
  procedure: '1. Search. 2. Pay.',
  experience: ['Compare'],
  preference: ['Window seat'],
  examples: [],
  script: { 'book.sh': 'echo' },
  others: {},
};
const skill = (fileId: string | null) =>
  aMemory({
    kind: 'skill',
    details: { skill: { ...SKILL_DETAILS, fileId } },
    ...(fileId === null ? {} : { conversationId: 'default_session' }),
  });
const FIELD = aMemory({
  kind: 'profile',
  details: {
    profile: { templateId: 'tpl_1', category: 'Basics', field: 'City', path: 'Basics.City', value: 'Lyon', algorithmUpdatable: false },
  },
});
const CHUNK = aMemory({
  scope: { projectId: 'maker', subject: 'base:b1' },
  conversationId: 'default_session',
  origin: 'document',
  text: 'Returns within 30 days',
  labels: { tags: ['mode:fine', 'multimodal:file'], info: {}, appId: null, agentId: null, relatedIds: [] },
  details: { document: { fileId: 'f1', fileName: 'returns.pdf', place: 3, headings: ['Returns'], page: 2 } },
});

const filter = { user: { app_id: 'shop' }, public: { tags: 'all' }, knowledgebase: { scene: 'help' } };
const equals = (name: 'app_id', value: string) => ({ op: 'equals', field: { name }, value });

describe('Memory views', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  beforeEach(() => served.reset());
  afterAll(() => served.close());

  const asked = (): RecallRequest => served.behind.calls.at(-1)?.input as RecallRequest;
  const search = (body: object = {}) => served.post('/search/memory', { user_id: 'ana', query: 'tea', ...body });
  const found = async (lists: Partial<typeof NO_RECALL>) => {
    served.behind.recall = { ...NO_RECALL, state: 'ok', ...lists };
    return SearchMemoryReply.parse((await search()).body).data;
  };

  it('shows an event with when, where and who', async () => {
    const { event_detail_list: list } = await found({ events: recalled(EVENT) });
    expect(list).toEqual([
      {
        ...STORED,
        event_key: 'Green tea',
        event_value: EVENT.text,
        event_type: 'EventMemory',
        event_time: ['tonight'],
        event_location: ['Lyon'],
        event_roles: ['Mia'],
        relativity: 0.75,
      },
    ]);
    expect((await found({ events: recalled(aMemory({ kind: 'event' })) })).event_detail_list).toMatchObject([{ event_time: [] }]);
  });

  it('shows how tools did, and a schema as text without that', async () => {
    const { tool_memory_detail_list: list } = await found({ tools: [...recalled(TRAJECTORY), ...recalled(SCHEMA)] });
    expect(list).toEqual([
      {
        ...STORED,
        tool_type: 'ToolTrajectoryMemory',
        tool_value: TRAJECTORY.text,
        tool_used_status: [{ used_tool: 'search_flights', error_type: '', success_rate: 0.5, tool_experience: 'dates first' }],
        experience: 'Ask for the date.',
        relativity: 0.75,
      },
      { ...STORED, tool_type: 'ToolSchemaMemory', tool_value: SCHEMA.text, relativity: 0.75 },
    ]);
  });

  it('shows a skill as an object, with where its file is', async () => {
    const { skill_detail_list: list } = await found({ skills: [...recalled(skill(null)), ...recalled(skill('f/1'))] });
    const common = { skill_value: SKILL_DETAILS, skill_type: 'SkillMemory', confidence: 0.99, tags: ['drinks'], relativity: 0.75 };
    expect(list).toEqual([
      { ...STORED, ...common, skill_url: '' },
      { ...STORED, ...common, conversation_id: 'default_session', skill_url: '/api/openmem/v1/get/skill/f%2F1' },
    ]);
  });

  it('shows a field of a profile by its path', async () => {
    expect((await found({ profiles: recalled(FIELD) })).profile_detail_list).toEqual([
      {
        id: 'm-1',
        memory: 'Basics.City: Lyon',
        memory_type: 'ProfileMemory',
        template_id: 'tpl_1',
        profile_category: 'Basics',
        profile_field: 'City',
        profile_path: 'Basics.City',
        status: 'activated',
        created_at: '2026-11-18T11:06:40.000Z',
        updated_at: '2026-11-18T11:06:40.500Z',
        confidence: 0.99,
        relativity: 0.75,
        algorithm_updatable: false,
      },
    ]);
  });

  it('shows what was read in a file as a long-term memory with its file', async () => {
    expect((await found({ facts: recalled(CHUNK) })).memory_detail_list).toMatchObject([
      {
        conversation_id: 'default_session',
        memory_type: 'LongTermMemory',
        tags: ['mode:fine', 'multimodal:file'],
        source_file: { file_id: 'f1', file_name: 'returns.pdf', page: 2, headings: ['Returns'] },
      },
    ]);
  });

  it('searches what is public with the user’s own, and knowledge bases only when they are named', async () => {
    await search();
    expect(asked()).toMatchObject({
      scope: { projectId: 'default', subject: 'user:ana' },
      others: [{ scope: { projectId: 'default', subject: 'public:all' }, filter: null }],
      together: null,
    });
  });

  it('searches the bases that are named, each source within its own filter', async () => {
    const base = (id: string, projectId: string) => ({
      id,
      scope: { projectId, subject: `base:${id}` as const },
      name: id,
      description: '',
      createdAt: 0,
    });
    served.behind.bases = [base('b1', 'maker'), base('b2', 'default')];
    await search({ knowledgebase_ids: ['b1'], filter });
    expect(asked()).toMatchObject({
      filter: equals('app_id', 'shop'),
      others: [
        { filter: { op: 'contains', field: { name: 'tags' }, value: 'all' } },
        { scope: { projectId: 'maker', subject: 'base:b1' }, filter: { field: { key: 'scene' }, value: 'help' } },
      ],
    });
    await search({ knowledgebase_ids: 'all' });
    expect(asked().others.map(({ scope }) => scope.subject)).toEqual(['public:all', 'base:b1', 'base:b2']);
    await search({ knowledgebase_ids: [] });
    expect(asked().others).toHaveLength(1);
  });

  it.each([
    ['a base that is not linked', { knowledgebase_ids: ['b9'] }, 50123],
    ['all beside ids', { knowledgebase_ids: ['all', 'b1'] }, 40000],
    ['a filter for bases where none is named', { filter }, 40000],
    ['an agent alone', { user_id: null, agent_id: 'guide' }, 40002],
    ['nobody', { user_id: null }, 40002],
    ['an unknown view', { include_memory_view: ['dreams'] }, 40000],
  ])('refuses %s', async (_what, body, code) => {
    const reply = await search(body);
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(served.behind.calls).toEqual([]);
  });

  it('bounds the views that are named together, and ignores the older switches beside them', async () => {
    await search({ include_memory_view: ['event', 'skill'], memory_limit_number: '4', include_tool_memory: true });
    expect(asked()).toMatchObject({ limits: { ...forEachKind(() => 0), event: 4, skill: 4 }, together: 4 });
    await search({ include_tool_memory: true, include_preference: false });
    expect(asked()).toMatchObject({ limits: { ...forEachKind(() => 0), fact: 9, tool: 6 }, together: null });
  });

  it('is about an agent where agents have memories of their own, and then about one of both', async () => {
    served.behind.settings = { independentAgents: true };
    await search({ user_id: null, agent_id: 'guide', filter: { agent: { app_id: 'shop' }, user: { app_id: 'other' } } });
    expect(asked()).toMatchObject({ scope: { subject: 'agent:guide' }, filter: equals('app_id', 'shop') });
    expect((await search({ agent_id: 'guide' })).body.code).toBe(40000);
    await served.post('/get/memory', { agent_id: 'guide', filter: { agent: { app_id: 'shop' } } });
    expect(asked()).toMatchObject({ scope: { subject: 'agent:guide' }, filter: equals('app_id', 'shop') });
  });

  it('takes {} for no filter, unless the project is strict', async () => {
    expect((await search({ filter: {} })).status).toBe(200);
    served.behind.settings = { strict: true };
    expect((await search({ filter: {} })).body.code).toBe(40000);
    expect((await served.post('/get/memory', { user_id: 'ana', filter: {} })).body.code).toBe(40000);
  });

  it('lists every view, profiles as a whole, and those that are named alone', async () => {
    served.behind.profiles = [
      {
        id: 'p-1',
        scope: { projectId: 'default', subject: 'user:ana' },
        templateId: 'tpl_1',
        properties: { Basics: { City: { value: 'Lyon', algorithmUpdatable: true } } },
        createdAt: CREATED,
        updatedAt: CREATED,
      },
    ];
    served.behind.memory = TRAJECTORY;
    const { data } = GetMemoryReply.parse((await served.post('/get/memory', { user_id: 'ana' })).body);
    expect(asked()).toMatchObject({ kinds: ['fact', 'preference', 'profile', 'event', 'tool', 'skill'] });
    expect(data.tool_memory_detail_list).toMatchObject([
      {
        source: 'user: I drink green tea every morning',
        sources: [{ message_id: 'msg-1' }],
        info: { scene: 'kitchen' },
        experience: 'Ask for the date.',
        relativity: 0,
      },
    ]);
    expect(data.profile_detail_list).toMatchObject([
      { profile_template_id: 'tpl_1', properties: { Basics: { City: { value: 'Lyon', algorithm_updatable: true } } } },
    ]);
    await served.post('/get/memory', { user_id: 'ana', include_memory_view: ['event', 'skill'], include_preference: true });
    expect(asked()).toMatchObject({ kinds: ['event', 'skill'] });
    await served.post('/get/memory', { user_id: 'ana', include_tool_memory: false });
    expect(asked()).toMatchObject({ kinds: ['fact', 'preference', 'profile', 'event', 'skill'] });
  });

  it.each([
    [EVENT, { memory_view: 'event', content: EVENT.text, user_id: 'ana', agent_id: 'guide' }],
    [skill(null), { memory_view: 'skill', content: SKILL_DETAILS, memory: EVENT.text }],
    [FIELD, { memory_view: 'profile', algorithm_updatable: false }],
    [TRAJECTORY, { memory_view: 'tool_memory' }],
    [CHUNK, { conversation_id: 'default_session', user_id: '', agent_id: '' }],
    [aMemory({ scope: { projectId: 'default', subject: 'agent:butler' } }), { user_id: '', agent_id: 'butler' }],
  ])('reads one of any kind, and whose it is', async (memory, expected) => {
    served.behind.memory = memory;
    const response = await served.raw('/get/memory/m-1', { headers: { authorization: `Token ${KEY}` } });
    expect(OneMemoryReply.parse(await response.json()).data).toMatchObject(expected);
  });

  it('tells which memories of every view a task touched', async () => {
    served.behind.task = aTask({ memoryIds: { ...forEachKind((kind) => [`${kind}-1`]), preference: [] } });
    const { data } = GetStatusReply.parse((await served.post('/get/status', { task_id: 'task-1' })).body);
    expect(data).toMatchObject({
      memory_views: {
        detail_factual: { memory_ids: ['fact-1'] },
        event: { memory_ids: ['event-1'] },
        tool_memory: { memory_ids: ['tool-1'] },
        skill: { memory_ids: ['skill-1'] },
        profile: { memory_ids: ['profile-1'] },
      },
    });
    expect(data.memory_views).not.toHaveProperty('preference');
  });

  it('shows a turn as it was said', async () => {
    const turn = aMessage({ scope: { projectId: 'default', subject: 'public:all' } });
    const { memory_detail_list: list } = await found({ facts: [{ memory: null, turn, relativity: 1, explanation }] });
    expect(list).toMatchObject([{ id: 'msg-1', memory_type: 'WorkingMemory', memory_value: turn.content }]);
  });
});
