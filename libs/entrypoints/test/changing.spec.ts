import { AddFeedbackReply, ErrorReply, ExtractMemoryReply, RerankReply, UpdateMemoryReply } from '@continuo/contracts';
import { serve, type Served } from './http-server.ts';

describe('Changing and asking', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  beforeEach(() => served.reset());
  afterAll(() => served.close());

  const lastCall = () => served.behind.calls.at(-1);

  describe('/update/memory', () => {
    it.each([
      [{ content: 'I live in Porto.' }, { content: 'I live in Porto.', title: null, status: null }],
      [
        { title: 'Home', content: null },
        { content: null, title: 'Home', status: null },
      ],
      [{ status: 'archived' }, { content: null, title: null, status: 'superseded' }],
      [{ status: 'activated' }, { content: null, title: null, status: 'current' }],
      [{ content: { procedure: 'Stir.', name: null } }, { content: { procedure: 'Stir.' }, title: null, status: null }],
    ])('takes %j', async (change, expected) => {
      const reply = await served.post('/update/memory', { memory_id: 'm-1', ...change });
      expect(UpdateMemoryReply.parse(reply.body).data).toEqual({ success: true });
      expect(lastCall()).toEqual({ name: 'update', input: { projectId: 'default', memoryId: 'm-1', ...expected } });
    });

    it.each([
      [{ content: 'x' }, 40002, 'memory_id'],
      [{ memory_id: 'm-1' }, 40002, 'content, title or status'],
      [{ memory_id: 'm-1', content: null, title: null, status: null }, 40002, 'content, title or status'],
      [{ memory_id: 'm-1', content: ' ' }, 40002, 'content'],
      [{ memory_id: 'm-1', content: 7 }, 40000, 'content'],
      [{ memory_id: 'm-1', content: 'x', title: [] }, 40000, 'title'],
      [{ memory_id: 'm-1', status: 'asleep' }, 40000, 'status'],
      [{ memory_id: {}, content: 'x' }, 40000, 'memory_id'],
    ])('refuses %j', async (body, code, named) => {
      const reply = await served.post('/update/memory', body);
      expect(ErrorReply.parse(reply.body)).toMatchObject({ code, message: expect.stringContaining(named) });
      expect(reply.status).toBe(400);
    });
  });

  describe('/delete/memory', () => {
    it('erases an agent where agents have memories of their own', async () => {
      served.behind.settings = { independentAgents: true };
      await served.post('/delete/memory', { agent_id: 'guide' });
      expect(lastCall()).toEqual({ name: 'forget', input: { scope: { projectId: 'default', subject: 'agent:guide' } } });
    });

    it('refuses an agent elsewhere', async () => {
      expect((await served.post('/delete/memory', { agent_id: 'guide' })).body.code).toBe(40000);
      expect(served.behind.calls).toEqual([]);
    });

    it('deletes by a filter, narrowed to a view', async () => {
      await served.post('/delete/memory', { filter: { app_id: 'shop' }, memory_type: 'skill' });
      expect(lastCall()).toEqual({
        name: 'deleteByFilter',
        input: { projectId: 'default', filter: expect.objectContaining({ field: { name: 'app_id' } }), kinds: ['skill'] },
      });
    });

    it('never erases a user when a view is named', async () => {
      await served.post('/delete/memory', { user_id: 'ana', memory_type: 'preference' });
      expect(lastCall()).toEqual({
        name: 'forgetKind',
        input: { scope: { projectId: 'default', subject: 'user:ana' }, kind: 'preference' },
      });
    });

    it('is as strict as the project', async () => {
      served.behind.settings = { strict: true };
      expect((await served.post('/delete/memory', { user_id: 'ana', memory_ids: ['m-1'] })).body.code).toBe(40071);
    });
  });

  describe('/add/feedback', () => {
    it('keeps it for the user, with its labels and its time', async () => {
      const reply = await served.post('/add/feedback', {
        user_id: 'ana',
        conversation_id: 'c-1',
        feedback_content: 'I live in Porto.',
        feedback_time: '2026-03-01 09:00:00',
        agent_id: 'guide',
        app_id: null,
        info: { scene: 'home' },
      });
      expect(AddFeedbackReply.parse(reply.body).data).toEqual({ success: true, task_id: 'task-1', status: 'running' });
      expect(lastCall()).toMatchObject({
        name: 'feedback',
        input: {
          scope: { projectId: 'default', subject: 'user:ana' },
          copies: [],
          conversationId: 'c-1',
          content: 'I live in Porto.',
          givenAt: Date.parse('2026-03-01T09:00:00+08:00'),
          labels: { info: { scene: 'home' }, agentId: 'guide' },
        },
      });
    });

    it('keeps it in public memory, too', async () => {
      await served.post('/add/feedback', { user_id: 'ana', feedback_content: 'x', allow_public: true });
      expect(lastCall()).toMatchObject({ input: { copies: [{ projectId: 'default', subject: 'public:all' }], conversationId: null } });
    });

    it.each([
      [{ feedback_content: 'x' }, 40002],
      [{ user_id: 'ana' }, 40002],
      [{ user_id: 'ana', feedback_content: '' }, 40002],
      [{ user_id: 'ana', feedback_content: {} }, 40000],
      [{ user_id: 'a'.repeat(101), feedback_content: 'x' }, 40010],
      [{ user_id: 'ana', feedback_content: 'x', conversation_id: 'c'.repeat(101) }, 40011],
      [{ user_id: 'ana', feedback_content: 'x', feedback_time: {} }, 40000],
      [{ user_id: 'ana', feedback_content: 'x', feedback_time: 'when the moon was blue' }, 40000],
      [{ user_id: 'ana', feedback_content: 'x', allow_knowledgebase_ids: 'base' }, 40000],
      [{ user_id: 'ana', feedback_content: 'x', allow_knowledgebase_ids: ['nowhere'] }, 50123],
      [{ user_id: 'ana', feedback_content: 'x'.repeat(8_001) }, 40305],
    ])('refuses %j', async (body, code) => {
      expect((await served.post('/add/feedback', body)).body.code).toBe(code);
      expect(served.behind.calls).toEqual([]);
    });
  });

  describe('/extract/memory', () => {
    const MESSAGES = [{ role: 'user', content: 'I live in Lisbon.' }];

    it.each([
      [{}, ['memory_detail_list', 'preference_detail_list']],
      [{ extraction_types: null, model: 'any', user_id: 'ana' }, ['memory_detail_list', 'preference_detail_list']],
      [{ extraction_types: ['memory'] }, ['memory_detail_list']],
      [{ extraction_types: ['preference'] }, ['preference_detail_list']],
    ])('with %j gives only the lists asked for', async (more, lists) => {
      const reply = await served.post('/extract/memory', { messages: MESSAGES, ...more });
      const { success, ...found } = ExtractMemoryReply.parse(reply.body).data;
      expect(success).toBe(true);
      expect(Object.keys(found)).toEqual(lists);
    });

    it.each([
      [{}, 40002],
      [{ messages: [] }, 40003],
      [{ messages: 'x' }, 40000],
      [{ messages: [{ role: 'tool', content: 'x' }] }, 40000],
      [{ messages: [{ role: 'user' }] }, 40002],
      [{ messages: [{ role: 'user', content: 7 }] }, 40000],
      [{ messages: MESSAGES, extraction_types: ['dreams'] }, 40000],
      [{ messages: MESSAGES, extraction_types: 'memory' }, 40000],
      [{ messages: [{ role: 'user', content: 'x'.repeat(8_001) }] }, 40305],
    ])('refuses %j', async (body, code) => {
      expect((await served.post('/extract/memory', body)).body.code).toBe(code);
    });
  });

  describe('/rerank', () => {
    it('answers without an envelope', async () => {
      const reply = await served.post('/rerank', { query: 'q', documents: ['a', 'b'], top_n: '1', model: null });
      expect(RerankReply.parse(reply.body)).toEqual({
        id: reply.headers.get('x-request-id'),
        model: 'memos-reranker-0.6b',
        usage: { prompt_tokens: 7, total_tokens: 7 },
        results: [{ index: 1, document: { text: 'b' }, relevance_score: 0.5 }],
      });
      expect(lastCall()).toEqual({ name: 'rerank', input: { projectId: 'default', query: 'q', documents: ['a', 'b'], topN: 1 } });
    });

    it.each([
      [{ documents: ['a'] }, 40002],
      [{ query: '', documents: ['a'] }, 40002],
      [{ query: 'q' }, 40002],
      [{ query: 'q', documents: [] }, 40003],
      [{ query: 'q', documents: 'a' }, 40000],
      [{ query: 'q', documents: [{}] }, 40000],
      [{ query: 'q', documents: ['a'], top_n: 0 }, 40000],
      [{ query: 'q', documents: ['a'], top_n: 'all' }, 40000],
      [{ query: 'q', documents: ['a'], model: 'no-such-reranker' }, 40000],
      [{ query: 'q', documents: ['x'.repeat(4_001), 'x'.repeat(4_001)] }, 40305],
    ])('refuses %j with an envelope', async (body, code) => {
      expect(ErrorReply.parse((await served.post('/rerank', body)).body).code).toBe(code);
    });
  });
});
