import {
  contract,
  facts,
  failure,
  type ScriptedAnswer,
  type ScriptedRequest,
  ScriptedServer,
  success,
} from '../../test/scripted-server.ts';
import { run } from '../engine/runner.ts';
import { RULES } from './index.ts';

const ids = RULES.flatMap(({ rules }) => rules.map(({ id }) => id));

describe('the rules', () => {
  it('are at least 250, each with a name of its own and words for what it checks', () => {
    expect(ids.length).toBeGreaterThanOrEqual(250);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z][\w\-.]+$/iu.test(id))).toEqual([]);
    for (const { rules } of RULES) for (const { checks } of rules) expect(checks).toMatch(/\S \S/u);
  });

  it('name every endpoint of the contract', () => {
    const paths = [
      '/ping /add/message /search/memory /chat /get/message /get/memory /get/memory/{memory_id} /update/memory /delete/memory /add/feedback /get/status',
      '/extract/memory /rerank /create/knowledgebase /delete/knowledgebase /add/knowledgebase-file /get/knowledgebase-file /delete/knowledgebase-file',
      '/bind/profile_template /edit/profile /delete/profile /add/profile_template /list/profile_template /get/profile_template /update/profile_template',
      '/delete/profile_template /chat/completions /models',
    ].flatMap((line) => line.split(' '));
    const endpoints = RULES.map(({ endpoint }) => endpoint);
    expect(paths.filter((path) => !endpoints.some((endpoint) => endpoint.endsWith(` ${path}`)))).toEqual([]);
  });
});

const RUN = { apiKey: 'k', otherApiKey: null, isStrict: false, timeoutMs: 5_000, waitMs: 1_000, concurrency: 2 };

async function verdicts(script: (request: ScriptedRequest) => ScriptedAnswer, only: string): Promise<Readonly<Record<string, string>>> {
  const server = await ScriptedServer.start(script);
  try {
    const outcomes = await run(RULES, { ...RUN, baseUrl: server.baseUrl, only: [only] });
    return Object.fromEntries(outcomes.map(({ id, verdict }) => [id, verdict]));
  } finally {
    await server.close();
  }
}

/** Changes what the contract's answer to a path is. */
const at =
  (path: string, change: (answer: ScriptedAnswer, request: ScriptedRequest) => ScriptedAnswer) =>
  (request: ScriptedRequest): ScriptedAnswer =>
    request.path === path ? change(contract(request), request) : contract(request);

type Envelope = { code: number; message: string; data: Record<string, unknown> };
const envelope = (answer: ScriptedAnswer): Envelope => answer.body as Envelope;
const search = (change: (answer: ScriptedAnswer, request: ScriptedRequest) => ScriptedAnswer) => at('/search/memory', change);
const found = (change: (fact: (typeof facts)[number]) => object) =>
  search((answer) => {
    const data = envelope(answer).data;
    return data === null ? answer : success({ ...data, memory_detail_list: (data['memory_detail_list'] as typeof facts).map(change) });
  });

/** Each fault with the rule that has to see it. */
const FAULTS: readonly (readonly [what: string, rule: string, script: (request: ScriptedRequest) => ScriptedAnswer])[] = [
  ['HTTP 201', 'envelope.status', search((answer) => ({ ...answer, status: answer.status ?? 201 }))],
  ['code 200', 'envelope.code', search((answer) => ({ ...answer, body: { ...envelope(answer), code: 200 } }))],
  ['code "0"', 'envelope.code', search((answer) => ({ ...answer, body: { ...envelope(answer), code: '0' } }))],
  ['message "success"', 'envelope.message', search((answer) => ({ ...answer, body: { ...envelope(answer), message: 'success' } }))],
  ['an error with HTTP 200', 'envelope.error.status', search((answer) => ({ ...answer, status: 200 }))],
  ['an error with data', 'envelope.error.data', search((answer) => ({ ...answer, body: { ...envelope(answer), data: {} } }))],
  [
    'an open place in a message',
    'envelope.error.message',
    search((answer) => ({ ...answer, body: { ...envelope(answer), message: 'no {0}' } })),
  ],
  ['text/plain', 'envelope.contentType', search((answer) => ({ ...answer, headers: { 'content-type': 'text/plain' } }))],
  ['no JSON', 'envelope.data', search(() => ({ body: '<html>' }))],
  ['null for a list', 'search.event_detail_list.empty', search((answer) => success({ ...envelope(answer).data, event_detail_list: null }))],
  [
    'a missing list',
    'search.skill_detail_list.empty',
    search((answer) => success({ ...envelope(answer).data, skill_detail_list: undefined })),
  ],
  ['no preference_note', 'search.preference_note.empty', search((answer) => success({ ...envelope(answer).data, preference_note: null }))],
  [
    'times as strings',
    'search.memory_detail_list.create_time',
    found((fact) => ({ ...fact, create_time: new Date(fact.create_time).toISOString() })),
  ],
  [
    'epoch seconds',
    'search.memory_detail_list.update_time',
    found((fact) => ({ ...fact, update_time: Math.floor(fact.update_time / 1_000) })),
  ],
  ['a relativity above 1', 'search.memory_detail_list.relativity', found((fact) => ({ ...fact, relativity: 1.2 }))],
  ['an unknown memory_type', 'search.memory_detail_list.memory_type', found((fact) => ({ ...fact, memory_type: 'Fact' }))],
  ['no tags', 'search.memory_detail_list.tags', found(({ tags: _tags, ...fact }) => fact)],
  ['the worst first', 'search.memory_detail_list.order', found((fact) => ({ ...fact, relativity: 1 - fact.relativity }))],
  ['no threshold', 'search.relativity.threshold', (request) => contract({ ...request, body: { ...request.body, relativity: 0 } })],
  ['a wrong code', 'search.query.missing', search((answer, { body }) => (body.query === undefined ? failure(400, 40000) : answer))],
  [
    'a wrong status for a code',
    'search.query.missing',
    search((answer, { body }) => (body.query === undefined ? failure(500, 40002) : answer)),
  ],
  ['null for no field', 'search.filter.null', search((answer, { body }) => (body.filter === null ? failure(400, 40000) : answer))],
  ['keys that are not asked for', 'ping.missingKey', (request) => contract({ ...request, authorization: 'any' })],
];

describe('a server that keeps the contract', () => {
  it.each([...new Set(FAULTS.map(([, id]) => id))])('passes %s', async (id) => {
    expect((await verdicts(contract, id))[id]).toBe('pass');
  });
});

describe('a server with a fault', () => {
  it.each(FAULTS)('of %s fails %s', async (_what, id, script) => {
    expect((await verdicts(script, id))[id]).toBe('FAIL');
  });
});

describe('every rule', () => {
  const empty = (): ScriptedAnswer => success({});
  const refusing = (): ScriptedAnswer => failure(500, 50002);
  const foreign = (): ScriptedAnswer => ({ headers: { 'content-type': 'text/html' }, body: '<html></html>' });

  it('fails, or cannot be run, against a server that answers nothing but success, nothing but errors or nothing of the contract', async () => {
    const seen: Record<string, string>[] = [];
    for (const script of [empty, refusing, foreign]) {
      const server = await ScriptedServer.start(script);
      try {
        const outcomes = await run(RULES, { ...RUN, otherApiKey: 'o', baseUrl: server.baseUrl, waitMs: 1, concurrency: 16, only: null });
        seen.push(Object.fromEntries(outcomes.map(({ id, verdict }) => [id, verdict])));
      } finally {
        await server.close();
      }
    }
    expect(ids.filter((id) => seen.every((verdictsOf) => verdictsOf[id] !== 'FAIL'))).toEqual([]);
  });
});
