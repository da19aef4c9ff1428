import { listAt, must, numberAt } from '../engine/expectations.ts';
import { at, isObject, type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { count, fraction, matching, number, objects, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, fields, type Refusal, refusals } from '../engine/tables.ts';
import { tokens } from './fixtures.ts';

const PATH = '/rerank';
const DOCUMENTS = [
  'Bread is baked in an oven.',
  'The capital of Portugal is Lisbon.',
  'Trains are late in winter.',
  'Lisbon lies in Portugal by the sea.',
];
const base: Base = { prefix: 'rerank', path: PATH, body: () => ({ query: 'What is the capital of Portugal?', documents: DOCUMENTS }) };

const REFUSALS: readonly Refusal[] = [
  ['query.missing', 'a request without query', { query: undefined }, 40002],
  ['query.empty', 'an empty query', { query: '' }, 40002],
  ['query.type', 'an object as query', { query: {} }, 40000],
  ['documents.missing', 'a request without documents', { documents: undefined }, 40002],
  ['documents.empty', 'an empty list of documents', { documents: [] }, [40002, 40003]],
  ['documents.string', 'a string in place of documents', { documents: 'x' }, 40000],
  ['documents.items', 'an object as document', { documents: [{}] }, 40000],
  ['documents.length', 'documents of more than 8,000 tokens together', { documents: [tokens(8_000)] }, [40013, 40305]],
  ['model.unknown', 'a model that does not exist', { model: 'no-such-reranker' }, 40000],
  ['top_n.zero', '0 as top_n', { top_n: 0 }, 40000],
  ['top_n.negative', 'a negative top_n', { top_n: -1 }, 40000],
  ['top_n.type', 'a word as top_n', { top_n: 'all' }, 40000],
];

/** The only answer without an envelope. */
async function ranked(suite: Suite, change: JsonObject = {}): Promise<JsonObject> {
  const { status, body } = await suite.post(PATH, { ...(await base.body(suite)), ...change });
  must(status === 200, `HTTP ${status}: ${shown(body)}`);
  must(isObject(body), `the answer is ${shown(body)}`);
  return body;
}
const once = (suite: Suite): Promise<JsonObject> => suite.once('ranked', () => ranked(suite));
const results = async (suite: Suite): Promise<readonly JsonObject[]> => listAt(await once(suite), 'results');

export const rerank: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    rule('rerank.envelope', 'the answer has no envelope', async (suite) => {
      const body = await once(suite);
      must(body['code'] === undefined && body['data'] === undefined && body['results'] !== undefined, `it is ${shown(body)}`);
    }),
    ...fields('rerank', async (suite) => [await once(suite)], { id: words, model: words, results: objects }),
    ...fields('rerank.usage', async (suite) => [(await once(suite))['usage'] as JsonObject], { prompt_tokens: count, total_tokens: count }),
    ...fields('rerank.results', results, {
      index: count,
      document: matching('an object with a text', (value) => typeof at(value, 'text') === 'string'),
      relevance_score: fraction,
    }),
    rule('rerank.results.order', 'the highest score comes first', async (suite) => {
      const scores = (await results(suite)).map((result) => numberAt(result, 'relevance_score'));
      must(scores.length > 1 && scores.every((score, index) => index === 0 || score <= scores[index - 1]!), `scores are ${shown(scores)}`);
    }),
    rule('rerank.results.best', 'what the query is about comes before what it is not about', async (suite) => {
      const [first] = await results(suite);
      must([1, 3].includes(Number(first?.['index'])), `the first is ${shown(first)}`);
    }),
    rule('rerank.results.all', 'by default every document comes once', async (suite) => {
      const seen = (await results(suite)).map(({ index }) => Number(index)).sort((one, other) => one - other);
      must(shown(seen) === '[0,1,2,3]', `they are ${shown(seen)}`);
    }),
    rule('rerank.results.document.same', 'text is the document at index', async (suite) => {
      for (const result of await results(suite))
        must(at(result, 'document.text') === DOCUMENTS[Number(result['index'])], `a result is ${shown(result)}`);
    }),
    rule('rerank.top_n', 'top_n limits the results to the best', async (suite) => {
      const { results: seen } = await ranked(suite, { top_n: 1 });
      must(Array.isArray(seen) && seen.length === 1, `there are ${shown(seen)}`);
      must(at(seen, '0.index') === (await results(suite))[0]?.['index'], `it is ${shown(seen)}`);
    }),
    rule('rerank.top_n.above', 'a top_n above the number of documents gives all', async (suite) => {
      must(listAt(await ranked(suite, { top_n: 99 }), 'results').length === DOCUMENTS.length, 'some are missing');
    }),
    rule('rerank.top_n.string', 'top_n may be a numeric string', async (suite) => {
      must(listAt(await ranked(suite, { top_n: '2' }), 'results').length === 2, 'there are not 2');
    }),
    rule('rerank.null', 'null in model and top_n counts as absent', async (suite) => {
      must(listAt(await ranked(suite, { top_n: null, model: null }), 'results').length === DOCUMENTS.length, 'some are missing');
    }),
    ...['memos-reranker-0.6b', 'memos-reranker-4b'].map((model) =>
      rule(`rerank.model.${model}`, `the model ${model} is accepted`, async (suite) => {
        const scores = listAt(await ranked(suite, { model }), 'results').map(({ relevance_score: score }) => score);
        must(scores.every((score) => number.holds(score)) && scores.length > 0, `scores are ${shown(scores)}`);
      }),
    ),
    ...refusals(base, REFUSALS),
  ],
};
