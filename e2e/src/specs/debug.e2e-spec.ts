import { says, saysJson, ScriptedModel } from '@continuo/testing';
import { events, System } from '../system.ts';

const EXPLAIN = { 'X-Continuo-Debug': 'explain' };
const QUESTION = 'Where did I book a trip to?';

/** What stands in `data.debug` of an explained reply. */
interface Explained {
  readonly recall: string;
  readonly missing_arms: readonly string[];
  readonly items: readonly {
    id: string;
    kind: string;
    relativity: number;
    explanation: Record<string, unknown>;
    source_message_ids: readonly string[];
  }[];
  readonly absences: readonly { id: string; reason: string; relativity: number | null }[];
  readonly timings: { embed_ms: number; index_ms: number; total_ms: number };
}

describe('X-Continuo-Debug: explain', () => {
  let system: System;
  let model: ScriptedModel;
  const ids: Record<string, string> = {};

  /** Remembers the ids of a user's memories by a word of each. */
  const note = async (user: string): Promise<void> => {
    const { data } = (await system.post('/get/memory', { user_id: user, size: 50 })).body;
    for (const item of data.memory_detail_list) ids[/Guangzhou|Paris|Lyon|pilot|Oslo/.exec(item.memory_value)?.[0] ?? ''] = item.id;
    for (const item of data.preference_detail_list) ids['seafood'] = item.id;
  };

  beforeAll(async () => {
    model = await ScriptedModel.start();
    model.always((request) => (request.schemaName === null ? says('To Guangzhou.') : saysJson({ memories: [] })));
    system = await System.start();
    await system.remember('ana', 'c', [
      { role: 'user', content: 'I have booked a trip to Guangzhou.' },
      { role: 'user', content: 'I live in Paris.' },
      { role: 'user', content: 'My brother Tim is a pilot.' },
      { role: 'user', content: 'Never suggest seafood restaurants.' },
    ]);
    await note('ana');
    await system.remember('ana', 'd', [{ role: 'user', content: 'I live in Lyon now.' }]);
    await system.remember('eve', 'c', [{ role: 'user', content: 'I have booked a trip to Oslo.' }]);
    for (const user of ['ana', 'eve']) await note(user);
  });
  afterAll(async () => {
    await system.close();
    await model.close();
  });

  const search = async (body: object, headers: Readonly<Record<string, string>> = EXPLAIN) =>
    (await system.post('/search/memory', { user_id: 'ana', query: QUESTION, ...body }, headers)).body;

  it('tells where each item of a search came from and why it stands where it stands', async () => {
    const { data } = await search({});
    const debug = data.debug as Explained;
    expect(debug.recall).toBe('ok');
    expect(debug.missing_arms).toEqual([]);
    expect(debug.items.map(({ id }) => id)).toEqual(
      [...data.memory_detail_list, ...data.preference_detail_list].map((item: { id: string }) => item.id),
    );
    const trip = debug.items.find(({ id }) => id === ids['Guangzhou']);
    expect(trip).toMatchObject({
      kind: 'fact',
      relativity: expect.closeTo(data.memory_detail_list[0].relativity, 3),
      explanation: {
        lexical_rank: expect.any(Number),
        lexical_part: expect.any(Number),
        coverage: expect.any(Number),
        cosine: null,
        matched: expect.any(Array),
      },
    });
    const { body } = await system.get(`/get/memory/${ids['Guangzhou']}`);
    expect(trip?.source_message_ids).toEqual(body.data.message_ids);
    expect(Object.values(debug.timings).every((duration) => duration >= 0 && duration < 60_000)).toBe(true);
    expect(debug.timings.total_ms).toBeGreaterThan(0);
  });

  it('tells an empty memory from one without anything good enough', async () => {
    expect((await search({ user_id: 'nobody' })).data.debug).toMatchObject({ recall: 'empty', items: [] });
    expect((await search({ relativity: 1, query: 'trip' })).data.debug).toMatchObject({ recall: 'below_threshold', items: [] });
  });

  it('tells why what was asked for is not among the items, and nothing of other people', async () => {
    const wanted = [ids['Guangzhou'], ids['Paris'], ids['Lyon'], ids['seafood'], ids['Oslo'], 'no-such-id'].join(', ');
    const { data } = await search({}, { ...EXPLAIN, 'X-Continuo-Explain-Ids': wanted });
    const reasons = Object.fromEntries((data.debug as Explained).absences.map(({ id, reason }) => [id, reason]));
    expect(reasons[ids['Guangzhou'] ?? '']).toBeUndefined();
    expect(reasons[ids['Paris'] ?? '']).toBe('superseded');
    expect(['below_threshold', 'not_found_by_any_arm']).toContain(reasons[ids['Lyon'] ?? '']);
    expect(['below_threshold', 'not_found_by_any_arm']).toContain(reasons[ids['seafood'] ?? '']);
    expect(reasons[ids['Oslo'] ?? '']).toBe('unknown');
    expect(reasons['no-such-id']).toBe('unknown');

    const narrowed = await search(
      { query: 'trip', filter: { and: [{ app_id: 'none' }] } },
      { ...EXPLAIN, 'X-Continuo-Explain-Ids': ids['Guangzhou'] ?? '' },
    );
    expect((narrowed.data.debug as Explained).absences).toMatchObject([{ id: ids['Guangzhou'], reason: 'filtered' }]);
    const limited = await search(
      { query: 'trip to Guangzhou, pilot Tim', memory_limit_number: 1, relativity: 0 },
      { ...EXPLAIN, 'X-Continuo-Explain-Ids': `${ids['Guangzhou']},${ids['pilot']}` },
    );
    expect((limited.data.debug as Explained).absences).toMatchObject([{ reason: 'over_limit' }]);

    await system.post('/delete/memory', { memory_ids: [ids['pilot']] });
    const deleted = await search({ query: 'pilot Tim' }, { ...EXPLAIN, 'X-Continuo-Explain-Ids': ids['pilot'] ?? '' });
    expect((deleted.data.debug as Explained).absences).toMatchObject([{ id: ids['pilot'], reason: 'deleted' }]);
  });

  it('raises the limit of a search to 50 for those who look into it', async () => {
    await system.remember(
      'many',
      'c',
      Array.from({ length: 40 }, (_, index) => ({ role: 'user', content: `My cousin number ${index + 1} is called Tea${index + 1}.` })),
    );
    const body = { user_id: 'many', query: 'cousin', relativity: 0, memory_limit_number: 50 };
    expect((await search(body)).data.memory_detail_list.length).toBeGreaterThan(25);
    expect((await search(body, {})).data.memory_detail_list.length).toBeLessThanOrEqual(25);
  });

  it('is silent unless it is asked, and takes no other word', async () => {
    for (const headers of [{}, { 'X-Continuo-Debug': 'on' }, { 'X-Continuo-Explain-Ids': 'a' }])
      expect((await search({}, headers)).data).not.toHaveProperty('debug');
    expect((await search({}, { 'x-continuo-debug': 'EXPLAIN' })).data).toHaveProperty('debug');
    const tooMany = await search(
      {},
      { ...EXPLAIN, 'X-Continuo-Explain-Ids': Array.from({ length: 51 }, (_, index) => `id-${index}`).join(',') },
    );
    expect(tooMany.code).toBe(40_000);
    expect(tooMany.message).toMatch(/X-Continuo-Explain-Ids/);
  });

  it('explains a chat, in its reply or in the last event of its stream, with a model and without one', async () => {
    const modelled = await System.start({ environment: { OPENAI_BASE_URL: model.baseUrl, CONTINUO_MODEL: 'scripted' } });
    try {
      await modelled.remember('ana', 'c', [{ role: 'user', content: 'I have booked a trip to Guangzhou.' }]);
      for (const server of [system, modelled]) {
        const body = { user_id: 'ana', conversation_id: 'asking', query: QUESTION, add_message_on_answer: false };
        const { data } = (await server.post('/chat', body, EXPLAIN)).body;
        expect(data.debug).toMatchObject({ recall: 'ok', missing_arms: [] });
        expect(data.debug.items.length).toBeGreaterThan(0);
        expect((await server.post('/chat', body)).body.data).not.toHaveProperty('debug');

        const seen: { type: string; debug?: Explained }[] = [];
        const response = await fetch(`${server.base}/chat`, {
          method: 'POST',
          headers: { authorization: `Token ${server.key}`, 'content-type': 'application/json', ...EXPLAIN },
          body: JSON.stringify({ ...body, stream: true }),
        });
        for await (const event of events(response)) seen.push(event);
        expect(seen.at(-1)).toMatchObject({
          type: 'end',
          debug: { recall: 'ok', items: data.debug.items.map(({ id }: { id: string }) => ({ id })) },
        });
        expect(seen.slice(0, -1).filter((event) => event.debug !== undefined)).toEqual([]);
      }
    } finally {
      await modelled.close();
    }
  });
});
