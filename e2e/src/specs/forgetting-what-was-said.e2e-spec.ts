import { eventually, System } from '../system.ts';

interface Found {
  readonly id: string;
  readonly memory_value: string;
  readonly memory_type: string;
}

describe('forgetting what was said', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system.close());

  const say = (user: string, content: string, more: object = {}) => system.remember(user, 'one', [{ role: 'user', content }], more);
  const found = async (user: string, query: string, more: object = {}): Promise<readonly Found[]> =>
    (await system.post('/search/memory', { user_id: user, query, relativity: 0, ...more })).body.data.memory_detail_list;
  const remove = async (body: object) => (await system.post('/delete/memory', body)).body;
  const listed = async (user: string): Promise<readonly Found[]> =>
    (await system.post('/get/memory', { user_id: user })).body.data.memory_detail_list;
  const DONE = { code: 0, message: 'ok', data: { success: true } };

  it('finds the rest of a message after a memory drawn from it was deleted, and never the deleted part', async () => {
    const said = 'I live in Lyon. The blue folder with the contract lies in the third drawer.';
    await say('zed', said);
    const lyon = (await listed('zed')).find((memory) => memory.memory_value.includes('Lyon'));
    expect(await remove({ memory_ids: [lyon?.id] })).toEqual(DONE);
    await eventually(async () => {
      const after = await found('zed', 'Where is the contract? In Lyon?');
      expect(after.map((item) => item.memory_value).join('\n')).toContain('The blue folder with the contract lies in the third drawer.');
      expect(JSON.stringify(after)).not.toContain('Lyon');
    });
    const transcript = await system.post('/get/message', { user_id: 'zed', conversation_id: 'one' });
    expect(JSON.stringify(transcript.body)).toContain(said);
    await say('zed', 'I live in Lyon.', { conversation_id: 'two' });
    expect(JSON.stringify(await found('zed', 'Where do I live?'))).toContain('Lyon');
  });

  it('reads and deletes by its id what a search returned verbatim', async () => {
    const said = 'Could you tell Doctor Quokka about the blood test of last week?';
    await say('tao', said);
    const [turn] = await found('tao', 'Doctor Quokka blood test');
    expect(turn).toMatchObject({ memory_type: 'WorkingMemory', memory_value: said });
    const one = await system.get(`/get/memory/${turn?.id}`);
    expect(one.body.data).toMatchObject({ id: turn?.id, content: said, memory: said, status: 'activated', user_id: 'tao' });
    expect(await listed('tao')).toEqual([]);
    expect((await remove({ memory_ids: [turn?.id, 'unknown'] })).code).toBe(40307);
    expect(await found('tao', 'Doctor Quokka blood test')).toHaveLength(1);
    expect(await remove({ memory_ids: [turn?.id] })).toEqual(DONE);
    expect(await found('tao', 'Doctor Quokka blood test')).toEqual([]);
    expect((await system.get(`/get/memory/${turn?.id}`)).body.code).toBe(40001);
  });

  it('deletes by the filter that finds it what a search returned verbatim', async () => {
    const filter = { tags: 'visit' };
    await say('uma', 'Could you tell Doctor Quokka about the blood test of last week?', { tags: ['visit'] });
    expect(await found('uma', 'Doctor Quokka blood test', { filter })).toHaveLength(1);
    expect(await remove({ filter })).toEqual(DONE);
    expect(await found('uma', 'Doctor Quokka blood test')).toEqual([]);
  });

  it('leaves nothing behind of what is deleted by a filter while it is being read for memories', async () => {
    for (let round = 0; round < 8; round += 1) {
      const user = `val-${round}`;
      const added = await system.post('/add/message', {
        user_id: user,
        conversation_id: 'one',
        tags: [user],
        messages: [{ role: 'user', content: 'I live in Lyon and my sister Mia is a nurse.' }],
      });
      expect(await remove({ filter: { tags: user } })).toEqual(DONE);
      await eventually(async () => {
        const { body } = await system.post('/get/status', { task_id: added.body.data.task_id });
        expect(JSON.stringify(body.data)).toContain('completed');
      });
      expect(await listed(user)).toEqual([]);
      expect(await found(user, 'Where do I live? Mia')).toEqual([]);
    }
  });
});
