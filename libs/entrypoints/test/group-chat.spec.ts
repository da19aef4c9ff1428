import type { KnowledgeBase } from '@continuo/ports';
import { serve, type Served } from './http-server.ts';

const said = (content: string, more: object = {}) => ({ role: 'user', content, ...more });
const base: KnowledgeBase = {
  id: 'base-1',
  scope: { projectId: 'maker', subject: 'base:base-1' },
  name: 'Shop',
  description: '',
  createdAt: 0,
};

describe('Writes to several spaces', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  beforeEach(() => served.reset());

  afterAll(() => served.close());

  const lastInput = () => served.behind.calls.at(-1)?.input as Record<string, unknown>;
  const speakers = () => (lastInput()['messages'] as { speakerId: string | null }[]).map(({ speakerId }) => speakerId);
  const add = (body: object) => served.post('/add/message', { messages: [said('hello')], ...body });

  it('go to every listed user, and say of each message whose it is', async () => {
    const reply = await add({
      user_id: ['ana', 'ben', 'ana'],
      agent_id: 'guide',
      messages: [
        said('I am here', { role_id: 'ben', role_name: 'Ben' }),
        said('Me too', { role_name: 'Cleo' }),
        said('And I'),
        { role: 'assistant', content: 'Welcome', role_id: 'guide' },
      ],
    });

    expect(reply.status).toBe(200);
    expect(lastInput()).toMatchObject({
      scope: { projectId: 'default', subject: 'user:ana' },
      copies: [{ projectId: 'default', subject: 'user:ben' }],
      labels: { agentId: 'guide', relatedIds: ['ana', 'ben', 'guide'] },
    });
    // Who is not named is nobody of the list: a statement must not become everybody's.
    expect(speakers()).toEqual(['ben', 'Cleo', 'somebody', 'guide']);
  });

  it('go to agents, too, where the project gives them memories of their own', async () => {
    served.behind.settings = { independentAgents: true };
    await add({ user_id: 'ana', agent_id: ['guide', 'cook'], messages: [said('hi'), { role: 'assistant', content: 'Hello' }] });

    expect(lastInput()).toMatchObject({
      scope: { subject: 'user:ana' },
      copies: [
        { projectId: 'default', subject: 'agent:guide' },
        { projectId: 'default', subject: 'agent:cook' },
      ],
    });
    expect(speakers()).toEqual(['ana', null]);

    await add({ agent_id: 'guide' });
    expect(lastInput()).toMatchObject({ scope: { subject: 'agent:guide' }, copies: [] });
  });

  it('leave a single user’s words as they are', async () => {
    await add({ user_id: 'ana', agent_id: 'guide' });

    expect(lastInput()).toMatchObject({ copies: [], labels: { agentId: 'guide', relatedIds: ['ana', 'guide'] } });
    expect(speakers()).toEqual([null]);
  });

  it('go to the public memory and to linked knowledge bases that are named', async () => {
    served.behind.bases = [base];
    await add({ user_id: 'ana', allow_public: true, allow_knowledgebase_ids: ['base-1', 'base-1'] });

    expect(lastInput()).toMatchObject({ copies: [{ projectId: 'default', subject: 'public:all' }, base.scope] });
    expect(speakers()).toEqual(['ana']);

    await served.post('/chat', { user_id: 'ana', query: 'hi', allow_public: true, allow_knowledgebase_ids: ['base-1'], agent_id: 'guide' });
    expect(lastInput()).toMatchObject({
      scope: { subject: 'user:ana' },
      copies: [{ subject: 'public:all' }, { subject: 'base:base-1' }],
      labels: { agentId: 'guide', relatedIds: ['ana', 'guide'] },
    });
  });

  it.each([
    ['a base that is not linked', { user_id: 'ana', allow_knowledgebase_ids: ['other'] }, 50123, /^allow_knowledgebase_ids /u],
    [
      'a speaker who is not listed',
      { user_id: ['ana', 'ben'], messages: [said('a'), said('b', { role_id: 'cleo' })] },
      40000,
      /^messages\[1\]\.role_id /u,
    ],
    [
      'a speaker who is not listed where others read it',
      { user_id: 'ana', allow_public: true, messages: [said('a', { role_id: 'cleo' })] },
      40000,
      /^messages\[0\]\.role_id /u,
    ],
    [
      'more bases than a write may go to',
      { user_id: 'ana', allow_knowledgebase_ids: Array.from({ length: 21 }, (_, index) => `base-${index}`) },
      40000,
      /^allow_knowledgebase_ids /u,
    ],
    ['an agent alone that is a label', { agent_id: 'guide' }, 40002, /^user_id is required/u],
  ])('refuse %s', async (_what, body, code, message) => {
    const reply = await add(body);

    expect(reply.body).toMatchObject({ code, message: expect.stringMatching(message) as string, data: null });
    expect(served.behind.calls).toEqual([]);
  });

  it('hand over what is to be made of the messages', async () => {
    await add({ user_id: 'ana', allow_memory_view: ['event'], custom_extract_prompt: { event: 'Only journeys.' } });
    expect(lastInput()['extraction']).toEqual({ views: ['event'], instructions: { event: 'Only journeys.' } });

    await add({ user_id: 'ana' });
    expect(lastInput()['extraction']).toBeNull();
  });

  it('wait for memories when asked to, unless an image or a file is among the messages', async () => {
    await add({ user_id: 'ana', async_mode: false });
    expect(lastInput()['wait']).toBe(true);

    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
    await add({ user_id: 'ana', async_mode: false, messages: [said('see'), { role: 'user', content: [image] }] });
    expect(lastInput()['wait']).toBe(false);
  });
});

describe('A chat', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  beforeEach(() => served.reset());

  afterAll(() => served.close());

  const lastInput = () => served.behind.calls.at(-1)?.input as Record<string, unknown>;

  it('searches the public memory always, and knowledge bases with their skills when they are named', async () => {
    served.behind.bases = [base];
    await served.post('/chat', { user_id: 'ana', query: 'tea?' });
    expect(lastInput()).toMatchObject({ others: [{ scope: { subject: 'public:all' }, filter: null }], skillLimit: 0, copies: [] });

    const filter = { user: { agent_id: 'guide' }, knowledgebase: { tags: { contains: 'returns' } } };
    await served.post('/chat', { user_id: 'ana', query: 'returns?', knowledgebase_ids: ['all'], filter });
    const input = lastInput() as unknown as { filter: unknown; skillLimit: number; others: { scope: unknown; filter: unknown }[] };
    expect(input.others.map(({ scope }) => scope)).toEqual([{ projectId: 'default', subject: 'public:all' }, base.scope]);
    expect(JSON.stringify(input.filter)).toContain('guide');
    expect(JSON.stringify(input.others[1]?.filter)).toContain('returns');
    expect(input.others[0]?.filter).toBeNull();
    expect(input.skillLimit).toBeGreaterThan(0);
  });

  it('refuses a knowledge base that is not linked', async () => {
    expect((await served.post('/chat', { user_id: 'ana', query: 'hi', knowledgebase_ids: ['other'] })).body.code).toBe(50123);
  });
});

describe('Settings of a project', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  beforeEach(() => served.reset());

  afterAll(() => served.close());

  it('come before those of the installation', async () => {
    const status = () => served.post('/get/status', { task_id: 'task-1' });
    const filtered = () => served.post('/chat', { user_id: 'ana', query: 'hi', filter: {} });
    expect(Array.isArray((await status()).body.data)).toBe(false);
    expect((await filtered()).status).toBe(200);

    served.behind.settings = { legacyStatusList: true, strict: true };
    expect(Array.isArray((await status()).body.data)).toBe(true);
    expect((await filtered()).body.code).toBe(40000);
  });
});
