import { dataOf, must, mustRefuse } from '../engine/expectations.ts';
import { shown } from '../engine/json.ts';
import { NotRun } from '../engine/breach.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import type { Reply, RequestOptions } from '../engine/server.ts';
import type { Suite } from '../engine/suite.ts';
import { UNKNOWN_UUID } from './fixtures.ts';

const REQUIRED = [40100, 40130];
const INVALID = 40132;

const POSTS = [
  '/add/message',
  '/search/memory',
  '/chat',
  '/get/message',
  '/get/memory',
  '/update/memory',
  '/delete/memory',
  '/add/feedback',
  '/get/status',
  '/extract/memory',
  '/rerank',
  '/create/knowledgebase',
  '/delete/knowledgebase',
  '/add/knowledgebase-file',
  '/get/knowledgebase-file',
  '/delete/knowledgebase-file',
  '/add/profile_template',
  '/list/profile_template',
  '/get/profile_template',
  '/update/profile_template',
  '/delete/profile_template',
  '/bind/profile_template',
  '/edit/profile',
  '/delete/profile',
] as const;

const search = (suite: Suite, options: RequestOptions): Promise<Reply> =>
  suite.post('/search/memory', { user_id: suite.fresh(), query: 'Where do I live?' }, options);

const schemes: readonly Rule[] = ['Token', 'token', 'TOKEN', 'Bearer', 'bearer', 'BEARER'].map((scheme) =>
  rule(`authorization.${scheme}`, `"${scheme} <key>" is accepted`, async (suite) => {
    dataOf(await search(suite, { authorization: `${scheme} ${suite.options.apiKey}` }));
  }),
);

const WRONG: readonly (readonly [id: string, what: string, authorization: string | null, codes: readonly number[]])[] = [
  ['missing', 'no Authorization header', null, REQUIRED],
  ['empty', 'an empty Authorization header', '', REQUIRED],
  ['schemeAlone', 'a scheme without a key', 'Token', REQUIRED],
  ['otherScheme', 'another scheme', 'Basic YTpi', [...REQUIRED, INVALID]],
  ['wrongKey', 'a key that opens nothing', 'Token mpg-conformance-no-such-key', [INVALID]],
  ['wrongKey.bearer', 'a Bearer key that opens nothing', 'Bearer mpg-conformance-no-such-key', [INVALID]],
];

const refusals: readonly Rule[] = WRONG.map(([id, what, authorization, codes]) =>
  rule(`authorization.${id}`, `${what} is refused with 401 and ${codes.join(' or ')}`, async (suite) =>
    mustRefuse(await search(suite, { authorization }), codes, suite.isStrict),
  ),
);

const everywhere: readonly Rule[] = [
  ...POSTS.map((path) =>
    rule(`authorization.required${path.replaceAll('/', '.')}`, `POST ${path} answers nothing without a key`, async (suite) =>
      mustRefuse(await suite.post(path, {}, { authorization: null }), REQUIRED, suite.isStrict),
    ),
  ),
  rule('authorization.required.get.memory.id', 'GET /get/memory/{memory_id} answers nothing without a key', async (suite) =>
    mustRefuse(await suite.get(`/get/memory/${UNKNOWN_UUID}`, { authorization: null }), REQUIRED, suite.isStrict),
  ),
  rule('authorization.required.chat.completions', 'POST /chat/completions answers nothing without a key', async (suite) =>
    mustBe401(await suite.post('/chat/completions', {}, { authorization: null })),
  ),
  rule('authorization.required.models', 'GET /models answers nothing without a key', async (suite) =>
    mustBe401(await suite.get('/models', { authorization: null })),
  ),
];

/** Both are optional, and their errors may have the shape an OpenAI client expects. */
function mustBe401({ status, text }: Reply): void {
  if (status === 404) throw new NotRun('the server does not offer it');
  must(status === 401, `HTTP ${status} instead of 401: ${shown(text)}`);
}

export const authentication: RuleGroup = { endpoint: 'authentication', rules: [...schemes, ...refusals, ...everywhere] };

export const ping: RuleGroup = {
  endpoint: 'GET /ping',
  rules: [
    rule('ping', 'a valid key gets the success envelope', async (suite) => {
      dataOf(await suite.get('/ping'));
    }),
    rule('ping.trailingSlash', '/ping/ is the same', async (suite) => {
      dataOf(await suite.get('/ping/'));
    }),
    rule('ping.missingKey', 'without a key it answers 401', async (suite) =>
      mustRefuse(await suite.get('/ping', { authorization: null }), REQUIRED, suite.isStrict),
    ),
    rule('ping.wrongKey', 'with a wrong key it answers 401', async (suite) =>
      mustRefuse(await suite.get('/ping/', { key: 'mpg-conformance-no-such-key' }), INVALID, suite.isStrict),
    ),
    rule('ping.bearer', 'a Bearer key is accepted', async (suite) => {
      dataOf(await suite.get('/ping', { authorization: `Bearer ${suite.options.apiKey}` }));
    }),
  ],
};
