import { says, saysJson, ScriptedModel } from '@continuo/testing';
import { eventually, System } from '../system.ts';

const answers = new Map([
  ['Tell me something.', 'One answer for all.'],
  ['What pays?', 'Patience pays.'],
]);

/** What the model extracts from the history, whichever batch it comes in. */
const JOBS = [
  {
    kind: 'fact',
    title: 'Job',
    text: 'The user works as a baker in Leeds.',
    quote: 'I work as a baker in Leeds',
    message_ids: ['m1'],
    topic_key: 'work.role',
    topic_value: 'baker',
  },
  {
    kind: 'fact',
    title: 'Brother',
    text: "The user's brother Tim is a pilot.",
    quote: 'My brother Tim is a pilot',
    message_ids: ['m3'],
    about: 'Tim',
  },
];

interface Shown {
  readonly role: string;
  readonly content: string;
}

describe('sending the same thing again changes nothing, saying the same thing again does', () => {
  let model: ScriptedModel;
  let system: System;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    model.always((request) =>
      request.schemaName === null
        ? says(answers.get(request.messages.at(-1)?.content ?? '') ?? 'Well.', { delayMs: 40 })
        : saysJson({ memories: request.prompt.includes('baker') ? JOBS : [] }),
    );
    system = await System.start({
      environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted' },
    });
  });
  afterAll(async () => {
    await system.close();
    await model.close();
  });

  const asked = (): number => model.chats.filter((request) => request.schemaName === null).length;
  const transcript = async (user: string, conversation: string): Promise<readonly Shown[]> =>
    (await system.post('/get/message', { user_id: user, conversation_id: conversation, message_limit_number: 50 })).body.data
      .message_detail_list;
  const memoryIds = async (user: string): Promise<readonly string[]> =>
    (await system.post('/get/memory', { user_id: user, size: 50 })).body.data.memory_detail_list
      .map((item: { id: string }) => item.id)
      .toSorted();

  const HISTORY = [
    { role: 'user', content: 'I work as a baker in Leeds.' },
    { role: 'assistant', content: 'An early riser, then.' },
    { role: 'user', content: 'My brother Tim is a pilot.' },
    { role: 'assistant', content: 'Noted.' },
  ];

  it('stores a history that is sent three times once, with the same memories and ids', async () => {
    const ids = [];
    for (let time = 0; time < 3; time += 1) {
      await system.remember('thrice', 'c', HISTORY);
      ids.push(await memoryIds('thrice'));
    }
    expect(await transcript('thrice', 'c')).toHaveLength(4);
    expect(ids[0]?.length).toBeGreaterThanOrEqual(2);
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
  });

  it('stores a growing history turn by turn once', async () => {
    await system.remember('grown', 'c', HISTORY.slice(0, 2));
    await system.remember('grown', 'c', HISTORY);
    expect((await transcript('grown', 'c')).map((message) => message.content)).toEqual(HISTORY.map((message) => message.content));
  });

  it('stores sixteen copies of one request in parallel once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => system.post('/add/message', { user_id: 'many', conversation_id: 'c', messages: HISTORY })),
    );
    expect(new Set(answers.map((answer) => answer.body.data.task_id)).size).toBe(1);
    expect(await transcript('many', 'c')).toHaveLength(4);
  });

  it('asks the model once for sixteen copies of one chat in parallel', async () => {
    const before = asked();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => system.post('/chat', { user_id: 'many2', conversation_id: 'c', query: 'Tell me something.' })),
    );
    expect(new Set(answers.map((answer) => answer.body.data.response))).toEqual(new Set(['One answer for all.']));
    expect(asked() - before).toBe(1);
    expect(await transcript('many2', 'c')).toHaveLength(2);
  });

  it('gives the answer of an unstreamed chat whose client had gone to the one who sends it again', async () => {
    const before = asked();
    const body = { user_id: 'gone', conversation_id: 'c', query: 'What pays?' };
    const leaving = new AbortController();
    const left = fetch(`${system.base}/chat`, {
      method: 'POST',
      headers: { authorization: `Token ${system.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: leaving.signal,
    }).catch(() => null);
    await eventually(async () => expect(asked() - before).toBe(1));
    leaving.abort();
    await left;
    const again = await system.post('/chat', body);
    expect(again.body.data.response).toBe('Patience pays.');
    expect(asked() - before).toBe(1);
    expect(await transcript('gone', 'c')).toHaveLength(2);
  });

  it('takes the same question, asked again after its answer arrived, for a new turn', async () => {
    const body = { user_id: 'asker', conversation_id: 'c', query: 'How are things?' };
    await system.post('/chat', body);
    await system.post('/chat', body);
    expect(await transcript('asker', 'c')).toHaveLength(4);
  });

  it('keeps "ok" said in three different turns three times', async () => {
    for (const question of ['Shall we book it?', 'With breakfast?', 'And a late check-out?']) {
      await system.post('/add/message', {
        user_id: 'agreeable',
        conversation_id: 'c',
        messages: [
          { role: 'assistant', content: question },
          { role: 'user', content: 'ok' },
        ],
      });
    }
    expect((await transcript('agreeable', 'c')).filter((message) => message.content === 'ok')).toHaveLength(3);
  });
});
