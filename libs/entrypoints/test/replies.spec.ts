import {
  AddMessageReply,
  AppError,
  ChatReply,
  DeleteMemoryReply,
  ErrorReply,
  GetMemoryReply,
  GetMessageReply,
  GetStatusReply,
  OneMemoryReply,
  PingReply,
  SearchMemoryReply,
} from '@continuo/contracts';
import { forEachKind } from '@continuo/domain';
import type { RecalledItem } from '@continuo/ports';
import { aMemory, aMessage, anAnswer, aTask, KEY, NO_RECALL, serve, type Served } from './http-server.ts';

const explanation = {
  coverage: 0.8,
  lexicalPart: 0.7,
  cosinePart: null,
  fit: 'words' as const,
  boosts: { recency: 1.02 },
  matched: ['tea'],
  lexicalRank: 1,
  cosine: null,
};
const recalled = (item: Partial<RecalledItem>): RecalledItem => ({ memory: null, turn: null, relativity: 0.812_345, explanation, ...item });

describe('Replies', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  beforeEach(() => served.reset());

  afterAll(() => served.close());

  const lastInput = (): Record<string, unknown> => served.behind.calls.at(-1)?.input as Record<string, unknown>;

  it('acknowledges messages and hands them over as the domain knows them', async () => {
    const reply = await served.post('/add/message', {
      user_id: 'ana',
      conversation_id: 'c-1',
      messages: [
        { role: 'user', content: 'I moved', chat_time: '2026-11-20 09:00:00', role_name: 'Ana' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
      tags: ['home'],
      info: { scene: 'chat' },
      app_id: 'shop',
      agent_id: 'guide',
      asyncMode: 'false',
    });

    expect(reply.status).toBe(200);
    expect(AddMessageReply.parse(reply.body)).toEqual({
      code: 0,
      message: 'ok',
      data: { success: true, task_id: 'task-1', status: 'running' },
    });
    expect(lastInput()).toEqual({
      scope: { projectId: 'default', subject: 'user:ana' },
      copies: [],
      conversationId: 'c-1',
      messages: [
        { role: 'user', content: 'I moved', parts: null, chatTime: Date.UTC(2026, 10, 20, 1), roleName: 'Ana', speakerId: null },
        {
          role: 'user',
          content: 'See',
          parts: {
            content: [
              { type: 'text', text: 'See' },
              { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            ],
          },
          chatTime: null,
          roleName: null,
          speakerId: null,
        },
      ],
      labels: { tags: ['home'], info: { scene: 'chat' }, appId: 'shop', agentId: 'guide', relatedIds: ['ana', 'guide'] },
      extraction: null,
      // Never with an image or a file, whatever was asked for.
      wait: false,
      idempotencyKey: null,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/u),
      now: expect.any(Number),
    });
  });

  it('takes the key of a repeat from its header, and gives equal requests equal fingerprints', async () => {
    const body = { user_id: 'ana', messages: [{ role: 'user', content: 'hi' }] };
    await served.post('/add/message', { ...body, tags: null }, { 'idempotency-key': 'k-1' });
    const first = lastInput();
    await served.post('/add/message', body);

    expect(first['idempotencyKey']).toBe('k-1');
    expect(lastInput()['fingerprint']).toBe(first['fingerprint']);
  });

  it('finds memories, preferences and turns in the shape of the contract', async () => {
    served.behind.recall = {
      ...NO_RECALL,
      state: 'ok',
      facts: [
        recalled({ memory: aMemory({}) }),
        recalled({ memory: aMemory({ id: 'm-2', about: 'Mia' }) }),
        recalled({ turn: aMessage({ role: 'assistant', content: '七天、全季' }) }),
      ],
      preferences: [
        recalled({ memory: aMemory({ id: 'm-3', kind: 'preference', preferenceType: 'explicit', text: '不吃海鲜', language: 'zh' }) }),
      ],
    };
    const reply = await served.post('/search/memory', { user_id: 'ana', query: 'tea' });
    const { data } = SearchMemoryReply.parse(reply.body);

    expect(data.memory_detail_list[0]).toEqual({
      id: 'm-1',
      memory_key: 'Green tea',
      memory_value: 'I drink green tea every morning.',
      memory_type: 'UserMemory',
      create_time: 1_795_000_000_000,
      update_time: 1_795_000_000_500,
      conversation_id: 'c-1',
      status: 'activated',
      confidence: 0.99,
      tags: ['drinks'],
      relativity: 0.8123,
    });
    expect(data.memory_detail_list.map((item) => item.memory_type)).toEqual(['UserMemory', 'LongTermMemory', 'WorkingMemory']);
    expect(data.memory_detail_list[2]?.memory_value).toBe('[assistant观点] 七天、全季');
    expect(data.preference_detail_list[0]).toMatchObject({
      preference_type: 'explicit_preference',
      preference: '不吃海鲜',
      reasoning: '',
      relativity: 0.8123,
    });
    expect(data.preference_note).toContain('偏好');
    expect(data).toMatchObject({ profile_detail_list: [], event_detail_list: [], tool_memory_detail_list: [], skill_detail_list: [] });
    expect(reply.body.data).not.toHaveProperty('debug');
  });

  it('finds nothing with every list and the note there', async () => {
    const reply = await served.post('/search/memory', { user_id: 'ana', query: 'tea', filter: null });

    expect(reply.body.data).toEqual({
      memory_detail_list: [],
      preference_detail_list: [],
      profile_detail_list: [],
      event_detail_list: [],
      tool_memory_detail_list: [],
      skill_detail_list: [],
      preference_note: '',
    });
  });

  it('explains a search when asked to', async () => {
    served.behind.recall = {
      ...NO_RECALL,
      state: 'degraded',
      facts: [recalled({ memory: aMemory({}) })],
      absences: [{ id: 'm-9', reason: 'below_threshold', relativity: 0.2 }],
      missingArms: ['vectors'],
      configuration: { embeddingModel: 'small', without: ['date', 'speaker'], candidates: 7 },
    };
    const reply = await served.post(
      '/search/memory',
      { user_id: 'ana', query: 'tea', memory_limit_number: 50 },
      { 'x-continuo-debug': 'explain', 'x-continuo-explain-ids': 'm-9, m-8', 'x-continuo-without': 'date, speaker' },
    );

    expect(lastInput()).toMatchObject({ explainIds: ['m-9', 'm-8'], without: ['date', 'speaker'], limits: { fact: 50, preference: 9 } });
    expect(SearchMemoryReply.parse(reply.body).data.debug).toMatchObject({
      recall: 'degraded',
      missing_arms: ['vectors'],
      configuration: { embedding_model: 'small', without: ['date', 'speaker'], candidates: 7 },
      items: [
        {
          id: 'm-1',
          kind: 'fact',
          source_message_ids: ['msg-1'],
          explanation: { coverage: 0.8, lexical_rank: 1, boosts: { recency: 1.02 } },
        },
      ],
      absences: [{ id: 'm-9', reason: 'below_threshold', relativity: 0.2 }],
    });
  });

  it('hands a chat over with the defaults of the contract', async () => {
    const reply = await served.post('/chat', { user_id: 'ana', query: 'tea?', conversation_id: null });

    expect(ChatReply.parse(reply.body).data).toEqual({ response: 'Hello', conversation_id: 'c-1' });
    expect(lastInput()).toMatchObject({
      conversationId: null,
      filter: null,
      factLimit: 9,
      preferenceLimit: 9,
      minRelativity: 0.45,
      modelName: null,
      systemPrompt: null,
      temperature: 0.7,
      topP: 0.95,
      maxTokens: 8192,
      remember: true,
      wait: false,
      stream: false,
      explainIds: [],
    });
  });

  it('tells the chat that its answer has arrived', async () => {
    const delivered = new Promise<void>((resolve) => {
      served.behind.chat = () => ({ delivered: () => Promise.resolve(resolve()) });
    });
    await served.post('/chat', { user_id: 'ana', query: 'tea?' });

    await delivered;
  });

  it('explains a chat when asked to', async () => {
    served.behind.chat = () => ({ whole: () => Promise.resolve(anAnswer({ recall: { ...NO_RECALL, state: 'below_threshold' } })) });
    const reply = await served.post('/chat', { user_id: 'ana', query: 'tea?' }, { 'x-continuo-debug': 'explain' });

    expect(ChatReply.parse(reply.body).data.debug?.recall).toBe('below_threshold');
  });

  it('lists messages with their times', async () => {
    const reply = await served.post('/get/message', { user_id: 'ana', conversation_id: 'c-1', message_limit_number: '200' });

    expect(lastInput()).toMatchObject({ conversationId: 'c-1', limit: 50 });
    expect(GetMessageReply.parse(reply.body).data.message_detail_list).toEqual([
      {
        message_id: 'msg-1',
        role: 'user',
        content: 'I drink green tea every morning',
        create_time: '2026-11-18T11:06:40.000Z',
        update_time: '2026-11-18T11:06:40.000Z',
      },
      expect.objectContaining({ role: 'assistant', parts: { content: [] } }),
    ]);
  });

  it('lists memories page by page, with their sources', async () => {
    const reply = await served.post('/get/memory', { user_id: 'ana', current: 2, size: 5, include_preference: false });
    const { data } = GetMemoryReply.parse(reply.body);

    expect(lastInput()).toMatchObject({ kinds: ['fact', 'profile', 'event', 'tool', 'skill'], page: 2, size: 5, filter: null });
    expect(data).toMatchObject({ total: 1, size: 5, current: 2, pages: 1, preference_detail_list: [] });
    expect(data.memory_detail_list[0]).toMatchObject({
      info: { scene: 'kitchen' },
      sources: [{ message_id: 'msg-1', role: 'user', chat_time: 1_795_000_000_000 }],
    });
  });

  it('reads one memory', async () => {
    const response = await served.raw('/get/memory/m-1', {
      headers: { authorization: `Token ${KEY}`, 'content-type': 'application/json' },
    });

    expect(response.status).toBe(200);
    expect(OneMemoryReply.parse(await response.json()).data).toEqual({
      id: 'm-1',
      memory_view: 'detail_factual',
      title: 'Green tea',
      content: 'I drink green tea every morning.',
      memory: 'I drink green tea every morning.',
      conversation_id: 'c-1',
      message_ids: ['msg-1'],
      messages: [{ role: 'user', content: 'I drink green tea every morning', chat_time: '2026-11-18T11:06:40.000Z' }],
      status: 'activated',
      algorithm_updatable: true,
      created_at: '2026-11-18T11:06:40.000Z',
      updated_at: '2026-11-18T11:06:40.500Z',
      user_id: 'ana',
      agent_id: 'guide',
      tags: ['drinks'],
      info: { scene: 'kitchen' },
    });
  });

  it('tells how far a task is', async () => {
    const done = await served.post('/get/status', { task_id: 'task-1' });
    served.behind.task = aTask({ status: 'failed', reason: 'parse_failed', added: 0, memoryIds: forEachKind(() => []) });
    const failed = await served.post('/get/status', { task_id: 'task-1' });

    expect(GetStatusReply.parse(done.body).data).toEqual({
      task_id: 'task-1',
      status: 'completed',
      memory_views: { added: 1, updated: 0, deleted: 0, detail_factual: { memory_ids: ['m-1'] } },
    });
    expect(GetStatusReply.parse(failed.body)).toMatchObject({
      code: 0,
      data: { task_id: 'task-1', status: 'failed', reason: 'parse_failed' },
    });
  });

  it('deletes ids, with their user as a check alone', async () => {
    const reply = await served.post('/delete/memory', { memory_ids: ['m-1'], user_ids: ['ana'] });

    expect(DeleteMemoryReply.parse(reply.body).data).toEqual({ success: true });
    expect(served.behind.calls.at(-1)).toEqual({
      name: 'delete',
      input: { projectId: 'default', memoryIds: ['m-1'], restrictTo: ['user:ana'], kind: null },
    });
  });

  it('erases a user', async () => {
    await served.post('/delete/memory', { user_id: 'ana' });

    expect(served.behind.calls.at(-1)).toEqual({ name: 'forget', input: { scope: { projectId: 'default', subject: 'user:ana' } } });
  });

  it.each(['/ping', '/ping/', '//ping'])('answers %s', async (path) => {
    const response = await served.raw(path, { headers: { authorization: `Token ${KEY}` } });

    expect(response.status).toBe(200);
    PingReply.parse(await response.json());
  });

  it.each([
    [new AppError('memory_not_found', 'no memory has this id'), 404, 40307],
    [new AppError('memory_forbidden', 'not yours'), 403, 40306],
    [new AppError('user_not_found', 'nobody'), 404, 40308],
    [new AppError('model_unavailable', 'the model is down'), 503, 50004],
    [new AppError('model_limited', 'slow down', { retryAfterMs: 2_400 }), 429, 40300],
    [new AppError('records_unavailable', 'closed'), 503, 50004],
    [new TypeError('a bug with a secret of a user'), 500, 50000],
  ])('wraps %s', async (error, status, code) => {
    served.behind.fail = error;
    const reply = await served.post('/delete/memory', { memory_ids: ['m-1'] });

    expect(reply.status).toBe(status);
    expect(ErrorReply.parse(reply.body)).toMatchObject({ code, data: null, request_id: reply.headers.get('x-request-id') });
    expect(reply.body.message).not.toContain('secret');
    expect(reply.headers.get('retry-after')).toBe(status === 429 ? '3' : null);
  });

  it('carries its id and cost in the headers, and takes a harmless id from the caller', async () => {
    const mine = await served.post('/search/memory', { user_id: 'ana', query: 'tea' }, { 'x-request-id': 'abc-123' });
    const bad = await served.post('/search/memory', { user_id: 'ana', query: 'tea' }, { 'x-request-id': 'a b{}' });

    expect(mine.headers.get('x-request-id')).toBe('abc-123');
    expect(mine.headers.get('traceid')).toBe('abc-123');
    expect(Number(mine.headers.get('req-cost-time'))).toBeGreaterThanOrEqual(0);
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/u);
  });
});

describe('Settings of the replies', () => {
  it('answers a status as a list where old clients expect one', async () => {
    const served = await serve({ settings: { legacyStatusList: true } });
    const reply = await served.post('/get/status', { task_id: 'task-1' });

    expect(reply.body.data).toEqual([expect.objectContaining({ task_id: 'task-1', status: 'completed' })]);
    await served.close();
  });

  it('answers 400 for what is not found, refuses {} and two selectors when strict', async () => {
    const served = await serve({ settings: { strict: true } });
    const filtered = await served.post('/search/memory', { user_id: 'ana', query: 'tea', filter: {} });
    const selected = await served.post('/delete/memory', { user_id: 'ana', memory_ids: ['m-1'] });
    served.behind.fail = new AppError('task_not_found', 'no task has this id');
    const missing = await served.post('/get/status', { task_id: 'nope' });

    expect([filtered.status, filtered.body.code]).toEqual([400, 40000]);
    expect([selected.status, selected.body.code]).toEqual([400, 40071]);
    expect([missing.status, missing.body.code]).toEqual([400, 50131]);
    await served.close();
  });

  it('serves under another prefix', async () => {
    const served = await serve({ settings: { prefix: '/memory' } });

    expect((await served.raw('/ping', { headers: { authorization: `Token ${KEY}` } })).status).toBe(200);
    expect((await served.raw('/ping', {})).status).toBe(401);
    await served.close();
  });
});
