import { type Answer, eventually, System } from '../system.ts';
import { continuo } from '../trials/command-line.ts';

const SAID = [
  { role: 'user', role_id: 'ana', role_name: 'Ana', content: 'I live in Lyon and I am allergic to peanuts.' },
  { role: 'user', role_id: 'ben', role_name: 'Ben', content: 'I live in Oslo and I play the cello.' },
  { role: 'user', role_id: 'cleo', role_name: 'Cleo', content: 'I live in Cairo and my favourite colour is green.' },
  { role: 'assistant', role_id: 'guide', role_name: 'Guide', content: 'Welcome, all of you. I will look for a train.' },
];
const HOMES = { ana: 'Lyon', ben: 'Oslo', cleo: 'Cairo' } as const;
const NAMES = { ana: 'Ana', ben: 'Ben', cleo: 'Cleo' } as const;
type Person = keyof typeof HOMES;
const PEOPLE = Object.keys(HOMES) as readonly Person[];

describe('a group chat of three users and an agent', () => {
  let system: System;
  let added: Answer;

  beforeAll(async () => {
    system = await System.start();
    await continuo(system.settings, 'projects', 'set', 'default', 'independent-agents=on');
    // A server that has answered before follows within seconds.
    await eventually(async () => {
      const { body } = await system.post('/search/memory', { agent_id: 'guide', query: 'anything' });
      expect(body.code).toBe(0);
    });
    added = await system.post('/add/message', {
      user_id: PEOPLE,
      agent_id: 'guide',
      conversation_id: 'trip',
      messages: SAID,
      async_mode: false,
    });
  });
  afterAll(() => system.close());

  /** Everything a subject's space holds, as texts. */
  const everythingOf = async (subject: object): Promise<readonly string[]> => {
    const { body } = await system.post('/get/memory', { ...subject, size: 50 });
    const { memory_detail_list: facts, preference_detail_list: preferences } = body.data;
    return [
      ...facts.map((item: { memory_value: string }) => item.memory_value),
      ...preferences.map((item: { preference: string }) => item.preference),
    ];
  };
  const found = async (subject: object, query: string): Promise<readonly string[]> => {
    const { body } = await system.post('/search/memory', { ...subject, query, relativity: 0 });
    return body.data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value);
  };

  it('is one task that ends when every space has been mined', async () => {
    expect(added.body).toMatchObject({ code: 0, data: { success: true, status: 'completed' } });
    const { body } = await system.post('/get/status', { task_id: added.body.data.task_id });

    expect(body.data.status).toBe('completed');
    expect(body.data.memory_views.added).toBeGreaterThanOrEqual(4);
  });

  it.each(PEOPLE)('fills the space of %s with what all of them said', async (person) => {
    const memories = (await everythingOf({ user_id: person })).join('\n');

    for (const home of Object.values(HOMES)) expect(memories).toContain(home);
  });

  it('fills the space of the agent, too', async () => {
    const memories = (await everythingOf({ agent_id: 'guide' })).join('\n');

    for (const home of Object.values(HOMES)) expect(memories).toContain(home);
  });

  it.each(PEOPLE)('names the speaker of what others said, and makes nobody’s statement one of %s', async (person) => {
    const memories = await everythingOf({ user_id: person });
    for (const other of PEOPLE.filter((each) => each !== person)) {
      const theirs = memories.filter((text) => text.includes(HOMES[other]));
      expect(theirs).not.toEqual([]);
      for (const text of theirs) expect(text).toMatch(new RegExp(NAMES[other], 'u'));
    }
    const own = memories.filter((text) => text.includes(HOMES[person]));
    expect(own.every((text) => PEOPLE.filter((each) => each !== person).every((other) => !text.includes(NAMES[other])))).toBe(true);
  });

  it('is found by its participants and by nobody else', async () => {
    for (const person of PEOPLE) expect((await found({ user_id: person }, 'Who plays the cello?')).join('\n')).toContain('cello');
    expect((await found({ agent_id: 'guide' }, 'Who plays the cello?')).join('\n')).toContain('cello');
    expect(await found({ user_id: 'stranger' }, 'Who plays the cello?')).toEqual([]);
    expect(await found({ agent_id: 'stranger' }, 'Who plays the cello?')).toEqual([]);
    // A user who is called like the agent is another subject.
    expect(await found({ user_id: 'guide' }, 'Who plays the cello?')).toEqual([]);
  });

  it('can be asked for by whom it concerns', async () => {
    const search = async (id: string) => {
      const filter = { and: [{ related_id: [id] }] };
      const { body } = await system.post('/search/memory', { user_id: 'ana', query: 'Where does Ben live?', relativity: 0, filter });
      return body.data.memory_detail_list.length as number;
    };

    expect(await search('ben')).toBeGreaterThan(0);
    expect(await search('nobody')).toBe(0);
  });

  it('is a conversation of each of them', async () => {
    for (const person of PEOPLE) {
      const { body } = await system.post('/get/message', { user_id: person, conversation_id: 'trip' });
      expect(body.data.message_detail_list.map(({ content }: { content: string }) => content)).toEqual(SAID.map(({ content }) => content));
    }
  });

  it('holds nothing any more of a participant who is erased, and everything of the others', async () => {
    const everywhere = [{ user_id: 'ben' }, { user_id: 'cleo' }, { agent_id: 'guide' }];
    expect((await system.post('/delete/memory', { user_id: 'ana' })).body.code).toBe(0);

    for (const subject of everywhere) {
      const memories = (await everythingOf(subject)).join('\n');
      expect(memories).not.toMatch(/Lyon|peanuts/u);
      for (const home of ['Oslo', 'Cairo']) expect(memories).toContain(home);
      expect((await found(subject, 'Who is allergic to peanuts?')).join('\n')).not.toContain('peanuts');
    }
    const { body } = await system.post('/get/message', { user_id: 'ben', conversation_id: 'trip' });
    expect(body.data.message_detail_list.map(({ content }: { content: string }) => content)).toEqual(
      SAID.slice(1).map(({ content }) => content),
    );
  });
});

describe('public memory', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system.close());

  it('is found by everybody in the project, and names its writer', async () => {
    await system.remember('ana', 'notice', [{ role: 'user', content: 'I keep the spare key of the office in the blue cupboard.' }], {
      allow_public: true,
    });

    expect((await system.recall('ben', 'Where is the spare key of the office?')).join('\n')).toContain('blue cupboard');
    expect((await system.recall('ben', 'Where is the spare key of the office?')).join('\n')).toContain('ana');
    expect((await system.recall('ana', 'Where is the spare key of the office?')).join('\n')).toContain('blue cupboard');
    const { body } = await system.post('/get/memory', { user_id: 'ben' });
    expect(body.data.total).toBe(0);
  });
});
