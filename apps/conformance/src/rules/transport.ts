import { dataOf, errorOf, must, mustRefuse } from '../engine/expectations.ts';
import { at, isObject, shown } from '../engine/json.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import type { Reply } from '../engine/server.ts';
import type { Suite } from '../engine/suite.ts';
import { messagesOf, says, UNKNOWN_UUID } from './fixtures.ts';

const search = (suite: Suite, path = '/search/memory', more: object = {}): Promise<Reply> =>
  suite.post(path, { user_id: suite.fresh(), query: 'Where do I live?', ...more });
const refused = (suite: Suite): Promise<Reply> => suite.post('/search/memory', { user_id: suite.fresh() });

const envelope: readonly Rule[] = [
  rule('envelope.status', 'a POST that succeeds answers HTTP 200', async (suite) => {
    const { status } = await search(suite);
    must(status === 200, `HTTP ${status}`);
  }),
  rule('envelope.code', 'code of a success is the number 0', async (suite) => {
    const code = at((await search(suite)).body, 'code');
    must(code === 0, `code is ${shown(code)}`);
  }),
  rule('envelope.message', 'message of a success is exactly "ok"', async (suite) => {
    const message = at((await search(suite)).body, 'message');
    must(message === 'ok', `message is ${shown(message)}`);
  }),
  rule('envelope.data', 'data of a success is an object', async (suite) => {
    const data = at((await search(suite)).body, 'data');
    must(isObject(data), `data is ${shown(data)}`);
  }),
  rule('envelope.error.status', 'an error has an HTTP status of its own, never 200', async (suite) => {
    const { status } = await refused(suite);
    must(status === 400, `HTTP ${status} instead of 400`);
  }),
  rule('envelope.error.code', 'code of an error is an integer other than 0', async (suite) => {
    const code = at((await refused(suite)).body, 'code');
    must(Number.isInteger(code) && code !== 0, `code is ${shown(code)}`);
  }),
  rule('envelope.error.message', 'message of an error is words, with nothing like {0} left open', async (suite) => {
    const message = at((await refused(suite)).body, 'message');
    must(typeof message === 'string' && message !== '' && !/\{\d*\}/u.test(message), `message is ${shown(message)}`);
  }),
  rule('envelope.error.data', 'data of an error is null', async (suite) => {
    const { body } = await refused(suite);
    must(isObject(body) && body['data'] === null, `data is ${shown(at(body, 'data'))}`);
  }),
  rule('envelope.contentType', 'an answer is application/json', async (suite) => {
    const type = (await search(suite)).headers.get('content-type') ?? '';
    must(/^application\/json\b/u.test(type), `content-type is ${shown(type)}`);
  }),
];

const BAD_BODIES: readonly (readonly [id: string, what: string, body: string])[] = [
  ['brokenJson', 'broken JSON', '{"user_id": '],
  ['empty', 'an empty body', ''],
  ['list', 'a JSON list', '[]'],
  ['string', 'a JSON string', '"hello"'],
  ['number', 'a JSON number', '7'],
  ['null', 'a JSON null', 'null'],
];

const bodies: readonly Rule[] = BAD_BODIES.map(([id, what, body]) =>
  rule(`body.${id}`, `${what} as body is refused with 40000`, async (suite) =>
    mustRefuse(await suite.post('/search/memory', body), 40000, suite.isStrict),
  ),
);

const paths: readonly Rule[] = [
  rule('path.unknown', 'an unknown path answers an envelope with 50000', async (suite) =>
    mustRefuse(await suite.post('/dream/memory', {}), 50000, suite.isStrict),
  ),
  rule('path.unknown.get', 'an unknown path answers GET in the same way', async (suite) =>
    mustRefuse(await suite.get('/dream/memory'), 50000, suite.isStrict),
  ),
  rule('path.doubleSlash', 'double slashes count as one', async (suite) => {
    dataOf(await search(suite, '//search//memory'));
  }),
  rule('path.trailingSlash', 'one slash at the end is ignored', async (suite) => {
    dataOf(await search(suite, '/search/memory/'));
  }),
  ...['GET', 'PUT', 'PATCH', 'DELETE'].map((method) =>
    rule(`method.${method.toLowerCase()}`, `${method} on a path for POST is an error in the envelope`, async (suite) => {
      const code = errorOf(method === 'GET' ? await suite.get('/search/memory') : await suite.post('/search/memory', {}, { method }));
      must(code >= 40000, `code is ${code}`);
    }),
  ),
];

const headers: readonly Rule[] = [
  rule('header.traceid', 'every answer has a traceid', async (suite) => {
    const [one, other] = [(await search(suite)).headers.get('traceid'), (await search(suite)).headers.get('traceid')];
    must((one ?? '') !== '' && one !== other, `traceid is ${shown(one)}, then ${shown(other)}`);
  }),
  rule('header.reqCostTime', 'every answer has its milliseconds in req-cost-time', async (suite) => {
    const value = (await search(suite)).headers.get('req-cost-time');
    must(value !== null && /^\d+(\.\d+)?$/u.test(value), `req-cost-time is ${shown(value)}`);
  }),
  rule('header.contentType.get', 'a GET with a JSON content type and no body is no bad request', async (suite) =>
    mustRefuse(await suite.get(`/get/memory/${UNKNOWN_UUID}`), 40001, suite.isStrict),
  ),
  rule('header.contentType.charset', 'application/json; charset=utf-8 is accepted', async (suite) => {
    const headersOfRequest = { 'content-type': 'application/json; charset=utf-8' };
    dataOf(await suite.post('/search/memory', { user_id: suite.fresh(), query: 'x' }, { headers: headersOfRequest }));
  }),
  rule('header.unknown', 'X-Source and X-Framework are ignored', async (suite) => {
    const headersOfRequest = { 'x-source': 'cli', 'x-framework': 'none' };
    dataOf(await suite.post('/search/memory', { user_id: suite.fresh(), query: 'x' }, { headers: headersOfRequest }));
  }),
];

const leniency: readonly Rule[] = [
  rule('leniency.unknownFields', 'unknown fields are ignored', async (suite) => {
    dataOf(await search(suite, '/search/memory', { top_k: 99, colour: { a: [1] } }));
  }),
  rule('leniency.numericStrings', 'numbers may come as strings', async (suite) => {
    dataOf(await search(suite, '/search/memory', { memory_limit_number: '5', preference_limit_number: '2', relativity: '0.3' }));
  }),
  rule('leniency.notNumeric', 'a string that is no number is no number', async (suite) =>
    mustRefuse(await search(suite, '/search/memory', { memory_limit_number: 'many' }), 40000, suite.isStrict),
  ),
  rule('text.unicode', 'what is said comes back character by character', async (suite) => {
    const content = '我住在广州。 Ça coûte 5 € 👩🏽‍🚀 \u2028 "quoted" \\ <b>&amp;</b>\nline two';
    const body = { user_id: suite.fresh(), conversation_id: suite.fresh('conversation'), messages: [says(content)] };
    await suite.ask('/add/message', body);
    const [message] = await messagesOf(suite, body.user_id, body.conversation_id);
    must(message?.['content'] === content, `content is ${shown(message?.['content'])}`);
  }),
];

export const transport: RuleGroup = {
  endpoint: 'transport and envelope',
  rules: [...envelope, ...bodies, ...paths, ...headers, ...leniency],
};
