import type { IndexQuery } from '@continuo/ports';
import { askedTokens } from '../documents/tokens.ts';
import { toUnitNumbers, vectorFieldOf } from '../documents/vectors.ts';
import { ownerOf } from '../documents/owner.ts';
import { compileFilter } from './filter-query.ts';
import { allOf, anyOf, type Query } from './query.ts';
import { scopeFilter } from './scope-filter.ts';

export type ArmName = 'words' | 'vectors' | 'window';

/** The query's vector and the field that holds what it may be compared with. */
export interface AskedVector {
  readonly field: string;
  readonly numbers: readonly number[];
}

/** A query in the store's words. */
export interface AskedSearch {
  readonly owner: string;
  readonly arms: readonly { readonly name: ArmName; readonly body: object }[];
  readonly vector: AskedVector | null;
  /** False: hits have to be judged again by `matchesFilter`. */
  readonly filterIsExact: boolean;
}

/** How much a term counts in each field: what it says before what it came from, a topic least. */
const WORD_FIELDS = ['text^1', 'keys^0.9', 'source^0.6', 'concepts^0.4'];

/** The arms of a query; scope, kinds and filter are part of each. @param vectorFields those of the generation that is asked. */
export function toSearch(query: IndexQuery, vectorFields: ReadonlySet<string>): AskedSearch {
  const compiled = query.filter === null ? null : compileFilter(query.filter);
  const within: readonly Query[] = [
    ...scopeFilter(query.scope),
    { terms: { kind: query.kinds } },
    ...(compiled === null ? [] : [compiled.query]),
  ];
  const vector = askedVector(query, vectorFields);
  const words = askedTokens(query.analysis.terms, query.analysis.concepts);
  return {
    owner: ownerOf(query.scope),
    vector,
    filterIsExact: compiled?.exact ?? true,
    arms: [
      ...(words === null ? [] : [{ name: 'words', body: wordsBody(words, within, query.topK, vector) } as const]),
      ...(vector === null ? [] : [{ name: 'vectors', body: vectorsBody(vector, within, query.topK) } as const]),
      ...(query.timeWindow === null ? [] : [{ name: 'window', body: windowBody(query.timeWindow, within, query.topK, vector) } as const]),
    ],
  };
}

function askedVector({ vector, vectorModelId }: IndexQuery, vectorFields: ReadonlySet<string>): AskedVector | null {
  if (vector === null || vectorModelId === null) return null;
  const numbers = toUnitNumbers(vector);
  const field = vectorFieldOf(vectorModelId, vector.length);
  return numbers === null || !vectorFields.has(field) ? null : { field, numbers };
}

/** Of the documents that have a vector; constant, so that it is compiled once. */
const COSINE = 'if (doc[params.field].size() == 0) { return null; } return cosineSimilarity(params.numbers, doc[params.field]);';

/** Only the body comes back, and how near it is to the vector, so that no second request has to ask; nothing is counted. */
const giving = (size: number, vector: AskedVector | null) => ({
  ...(vector === null ? {} : { script_fields: { cosine: { script: { lang: 'painless', source: COSINE, params: vector } } } }),
  size,
  _source: false,
  stored_fields: '_none_',
  docvalue_fields: ['body'],
  track_total_hits: false,
});

const wordsBody = (words: string, within: readonly Query[], topK: number, vector: AskedVector | null) => ({
  ...giving(topK, vector),
  query: { bool: { filter: within, must: [{ multi_match: { query: words, type: 'most_fields', fields: WORD_FIELDS } }] } },
});

/** The score is the cosine. The filter stands inside the arm: beside it, it would be applied after the nearest of all users had been taken. */
const vectorsBody = ({ field, numbers }: AskedVector, within: readonly Query[], topK: number) => ({
  ...giving(topK, null),
  query: { knn: { [field]: { vector: numbers, k: topK, filter: allOf(within) } } },
});

/** "Falls in": said in the range, or happening in part of it; an event without duration counts at its moment. */
const windowBody = (
  { from, to }: { readonly from: number; readonly to: number },
  within: readonly Query[],
  topK: number,
  vector: AskedVector | null,
) => ({
  ...giving(topK, vector),
  query: allOf([
    ...within,
    anyOf([
      { range: { stated_at: { gte: from, lt: to } } },
      allOf([
        { range: { event_from: { lt: to } } },
        anyOf([{ range: { event_to: { gt: from } } }, { range: { event_from: { gte: from } } }]),
      ]),
    ]),
  ]),
  sort: [{ stated_at: 'desc' }, { id: 'desc' }],
});
