import { eventually, System } from '../system.ts';

describe('memory over time', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system.close());

  const say = (user: string, conversation: string, content: string) => system.remember(user, conversation, [{ role: 'user', content }]);
  const memories = async (user: string): Promise<{ id: string; memory_value: string }[]> =>
    (await system.post('/get/memory', { user_id: user })).body.data.memory_detail_list;
  const preferences = async (user: string): Promise<{ id: string; preference: string; preference_type: string }[]> =>
    (await system.post('/get/memory', { user_id: user })).body.data.preference_detail_list;

  it('uses a fact said in one chat in the next chat of another conversation, sent 50 ms later', async () => {
    await system.post('/chat', { user_id: 'nia', conversation_id: 'a', query: 'My cat is called Biscuit.' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { body } = await system.post('/chat', { user_id: 'nia', conversation_id: 'b', query: 'What is my cat called?' });
    expect(body.data.response).toContain('Biscuit');
  });

  it('knows Lyon as current and keeps Paris as history', async () => {
    await say('leo', 'monday', 'I live in Paris.');
    const [paris] = await memories('leo');
    await say('leo', 'friday', 'We moved to Lyon last week.');

    const found = await system.recall('leo', 'Where do I live?');
    expect(found.join('\n')).toContain('Lyon');
    expect(found.join('\n')).not.toContain('Paris');
    const history = await system.get(`/get/memory/${paris?.id}`);
    expect(history.body.data).toMatchObject({ status: 'archived', content: expect.stringContaining('Paris') });
  });

  it('makes "never suggest seafood" an explicit preference and lets a later word replace it', async () => {
    await say('sam', 'one', 'Never suggest seafood to me.');
    expect(await preferences('sam')).toMatchObject([
      { preference_type: 'explicit_preference', preference: expect.stringContaining('seafood') },
    ]);
    await say('sam', 'two', 'Actually, seafood is fine again.');
    const now = await preferences('sam');
    expect(now).toHaveLength(1);
    expect(now[0]?.preference).toContain('fine');
  });

  it('does not bring a deleted memory back from old turns, but does when it is said again', async () => {
    await say('ida', 'one', 'My sister Mia is a nurse in Bergen.');
    const [memory] = await memories('ida');
    const deleted = await system.post('/delete/memory', { memory_ids: [memory?.id] });
    expect(deleted.body).toEqual({ code: 0, message: 'ok', data: { success: true } });
    expect(await system.recall('ida', 'What does my sister Mia do?')).toEqual([]);
    expect(await memories('ida')).toEqual([]);

    await say('ida', 'two', 'My sister Mia is a nurse in Bergen.');
    expect((await system.recall('ida', 'What does my sister Mia do?')).join()).toContain('nurse');
    expect(await memories('ida')).toHaveLength(1);
  });

  it('forgets a person at once and remembers the same history anew', async () => {
    const history = [
      { role: 'user', content: 'I play the cello in an orchestra in Graz.' },
      { role: 'assistant', content: 'How lovely.' },
    ];
    await system.remember('ulla', 'music', history);
    expect((await system.recall('ulla', 'Which instrument do I play?')).join()).toContain('cello');

    await system.post('/delete/memory', { user_id: 'ulla' });
    expect(await system.recall('ulla', 'Which instrument do I play?')).toEqual([]);
    expect((await system.post('/get/message', { user_id: 'ulla', conversation_id: 'music' })).body.data.message_detail_list).toEqual([]);

    await system.remember('ulla', 'music', history);
    await eventually(async () => expect((await system.recall('ulla', 'Which instrument do I play?')).join()).toContain('cello'));
  });
});
