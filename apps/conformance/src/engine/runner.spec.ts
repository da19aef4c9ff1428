import { ScriptedServer } from '../../test/scripted-server.ts';
import { must } from './expectations.ts';
import { NotRun } from './breach.ts';
import { type Rule, rule, type RuleGroup } from './rule.ts';
import { chosen, run, type RunOptions } from './runner.ts';

const OPTIONS: RunOptions = {
  baseUrl: 'http://127.0.0.1:1',
  apiKey: 'k',
  otherApiKey: null,
  isStrict: false,
  timeoutMs: 5_000,
  waitMs: 200,
  only: null,
  concurrency: 2,
};

const judged = async (rules: readonly Rule[], options: Partial<RunOptions> = {}) =>
  (await run([{ endpoint: 'POST /x', rules }], { ...OPTIONS, ...options })).map(({ id, verdict, reason }) => [id, verdict, reason]);

describe('a run of rules', () => {
  it('tells what holds, what does not and what was not run, in the order of the rules', async () => {
    const rules = [
      rule('slow', 'holds after a while', () => new Promise((resolve) => setTimeout(resolve, 20))),
      rule('bad', 'does not hold', async () => must(false, 'HTTP 201')),
      rule('none', 'cannot be told', async () => {
        throw new NotRun('there is nothing');
      }),
    ];
    expect(await judged(rules)).toEqual([
      ['slow', 'pass', ''],
      ['bad', 'FAIL', 'HTTP 201'],
      ['none', 'not run', 'there is nothing'],
    ]);
  });

  it('reports a rule that throws anything else as a breach, and goes on', async () => {
    const rules = [
      rule('broken', 'throws', async () => (undefined as unknown as { x: string }).x as unknown as void),
      rule('text', 'throws a text', async () => {
        // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- whatever a rule throws
        throw 'nonsense';
      }),
      rule('next', 'holds', async () => undefined),
    ];
    const outcomes = await judged(rules);
    expect(outcomes.map(([, verdict]) => verdict)).toEqual(['FAIL', 'FAIL', 'pass']);
    expect(outcomes[0]?.[2]).toContain('undefined');
    expect(outcomes[1]?.[2]).toContain('nonsense');
  });

  it('reports a server that does not answer as a breach', async () => {
    const [outcome] = await judged([rule('gone', 'asks', async (suite) => void (await suite.get('/ping')))]);
    expect(outcome?.slice(0, 2)).toEqual(['gone', 'FAIL']);
  });

  it('does not run what needs a key of another project without one', async () => {
    const rules = [rule('other', 'needs a key', async (suite) => must(suite.otherKey === 'o', 'another key'))];
    expect(await judged(rules)).toEqual([['other', 'not run', 'needs --other-api-key, a key of another project']]);
    expect(await judged(rules, { otherApiKey: 'o' })).toEqual([['other', 'pass', '']]);
  });

  it('makes what rules share once, and fails each that needs it when it cannot be made', async () => {
    let made = 0;
    const shared = rule('a', 'shares', async (suite) => {
      await suite.once('thing', async () => must((made += 1) === 0, 'it cannot be made'));
    });
    const outcomes = await judged([shared, { ...shared, id: 'b' }]);
    expect([made, outcomes.map(([, verdict]) => verdict)]).toEqual([1, ['FAIL', 'FAIL']]);
  });

  it('runs rules whose traces others would see when all others are done, and tells of them in their place', async () => {
    const seen: string[] = [];
    const noting = (id: string, delayMs: number): Rule =>
      rule(id, 'notes', async () => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        seen.push(id);
      });
    const last = { endpoint: 'last', isLast: true, rules: [noting('last', 0)] };
    const outcomes = await run([last, { endpoint: 'others', rules: [noting('slow', 30), noting('quick', 0)] }], OPTIONS);
    expect(seen).toEqual(['quick', 'slow', 'last']);
    expect(outcomes.map(({ id }) => id)).toEqual(['last', 'slow', 'quick']);
  });

  it('waits for what comes later, and says what it saw when it does not come', async () => {
    let looks = 0;
    const coming = rule('comes', 'waits', async (suite) => {
      await suite.eventually(
        async () => (looks += 1),
        (seen) => seen > 2,
        'it comes',
      );
    });
    const never = rule('never', 'waits', async (suite) => {
      await suite.eventually(
        async () => 'nothing',
        () => false,
        'it comes',
      );
    });
    expect(await judged([coming, never])).toEqual([
      ['comes', 'pass', ''],
      ['never', 'FAIL', 'waited 200 ms until it comes; seen last: "nothing"'],
    ]);
  });

  it('deletes what was written in public by its ids', async () => {
    const server = await ScriptedServer.start(() => ({
      body: { code: 0, message: 'ok', data: { task_id: 't', memory_views: { added: 2, detail_factual: { memory_ids: ['a', 'b'] } } } },
    }));
    try {
      const writes = rule(
        'writes',
        'writes',
        async (suite) => void (await suite.post('/add/message', { user_id: 'ana', allow_public: true })),
      );
      await judged([writes], { baseUrl: server.baseUrl });
      expect(server.requests.slice(1).map(({ path, body }) => `${path} ${JSON.stringify(body)}`)).toEqual([
        '/get/status {"task_id":"t"}',
        '/delete/memory {"memory_ids":["a","b"]}',
        '/delete/memory {"user_id":"ana"}',
      ]);
    } finally {
      await server.close();
    }
  });

  it('deletes the users, knowledge bases and templates it has made, with the key that made them', async () => {
    const server = await ScriptedServer.start(({ path }) => ({
      body: { code: 0, message: 'ok', data: { id: 'base-1', profile_template_id: 'tpl-1', path } },
    }));
    try {
      const writes = rule('writes', 'writes', async (suite) => {
        await suite.post('/add/message', { user_id: ['ana', 'ben'] });
        await suite.post('/chat', { user_id: 'kim' }, { key: 'o' });
        await suite.post('/create/knowledgebase', { knowledgebase_name: 'n' });
        await suite.post('/add/profile_template', { name: 'n' });
        await suite.post('/search/memory', { user_id: 'only asked' });
      });
      await judged([writes], { baseUrl: server.baseUrl });
      const removals = server.requests.slice(5).map(({ path, body, authorization }) => `${path} ${JSON.stringify(body)} ${authorization}`);
      expect(removals.toSorted()).toEqual([
        '/delete/knowledgebase {"knowledgebase_id":"base-1","delete_all":true} Token k',
        '/delete/memory {"user_id":"ana"} Token k',
        '/delete/memory {"user_id":"ben"} Token k',
        '/delete/memory {"user_id":"kim"} Token o',
        '/delete/profile_template {"profile_template_id":"tpl-1"} Token k',
      ]);
    } finally {
      await server.close();
    }
  });
});

describe('the choice of rules', () => {
  const none = async (): Promise<void> => undefined;
  const groups: readonly RuleGroup[] = [
    { endpoint: 'POST /chat', rules: [rule('chat.query', '', none), rule('chat.user', '', none)] },
    { endpoint: 'POST /chat/completions', rules: [rule('completions.id', '', none)] },
  ];
  const ids = (...only: string[]): readonly string[] => chosen(groups, only).flatMap(({ rules }) => rules.map(({ id }) => id));

  it('is all without a name', () => expect(chosen(groups, null)).toBe(groups));
  it('is an endpoint by its path', () => expect(ids('/chat')).toEqual(['chat.query', 'chat.user']));
  it('is an endpoint by method and path', () => expect(ids('POST /chat/completions')).toEqual(['completions.id']));
  it('is rules by the beginning of their ids', () => expect(ids('chat.q')).toEqual(['chat.query']));
  it('is several of these', () => expect(ids('chat.user', 'completions')).toEqual(['chat.user', 'completions.id']));
  it('may be nothing', () => expect(ids('nothing')).toEqual([]));
});
