import type { Filter, Scope } from '@continuo/domain';
import { anIndexQuery } from '@continuo/testing';
import { vectorFieldOf } from '../documents/vectors.ts';
import { scopeFilter } from './scope-filter.ts';
import { toSearch } from './search-bodies.ts';

const SCOPE: Scope = { projectId: 'default', subject: 'user:ana' };
const VECTOR = Float32Array.of(1, 0, 0);
const FIELDS = new Set([vectorFieldOf('some-model', 3)]);

/** The conditions that stand directly at this place. */
const conditionsOf = (query: unknown): readonly unknown[] =>
  (query as { readonly bool: { readonly filter: readonly unknown[] } }).bool.filter;

describe('a search in the words of the store', () => {
  const filter: Filter = { op: 'equals', field: { name: 'tags' }, value: 'x' };
  const asked = toSearch(anIndexQuery({ scope: SCOPE, vector: VECTOR, filter, kinds: ['fact'], timeWindow: { from: 1, to: 2 } }), FIELDS);
  const arm = (name: string): { readonly query: Record<string, unknown> } =>
    asked.arms.find((each) => each.name === name)?.body as { readonly query: Record<string, unknown> };

  it('holds scope, kinds and filter inside each arm', () => {
    const knn = Object.values(arm('vectors').query.knn as Record<string, { readonly filter: unknown }>)[0];
    for (const conditions of [conditionsOf(arm('words').query), conditionsOf(arm('window').query), conditionsOf(knn?.filter)]) {
      expect(conditions).toEqual(expect.arrayContaining([...scopeFilter(SCOPE), { terms: { kind: ['fact'] } }]));
      expect(JSON.stringify(conditions)).toContain('"labels.key":"tags"');
    }
  });

  it('asks for the cosine of what was not found by its vector, with one script for all queries', () => {
    const scriptOf = (body: object): unknown =>
      (body as { readonly script_fields?: { readonly cosine: { readonly script: object } } }).script_fields?.cosine.script;
    const source = expect.stringContaining('cosineSimilarity(params.numbers');
    const params = { field: vectorFieldOf('some-model', 3), numbers: [1, 0, 0] };
    for (const name of ['words', 'window']) expect(scriptOf(arm(name))).toEqual({ lang: 'painless', source, params });
    expect(scriptOf(arm('vectors'))).toBeUndefined();
    expect(toSearch(anIndexQuery(), FIELDS).arms.map(({ body }) => scriptOf(body))).toEqual([undefined]);
  });

  it('has no vector arm for a vector of a model that the generation does not hold', () => {
    const named = (parts: Parameters<typeof anIndexQuery>[0]): readonly string[] =>
      toSearch(anIndexQuery({ vector: VECTOR, ...parts }), FIELDS).arms.map(({ name }) => name);
    expect(named({})).toEqual(['words', 'vectors']);
    expect(named({ vectorModelId: 'another' })).toEqual(['words']);
    expect(named({ vectorModelId: null })).toEqual(['words']);
    expect(named({ vector: Float32Array.of(1, 0) })).toEqual(['words']);
    expect(named({ vector: Float32Array.of(0, 0, 0) })).toEqual(['words']);
  });
});

describe('the scope filter', () => {
  it('refuses a scope that names nobody', () => {
    for (const scope of [
      { projectId: '', subject: 'user:ana' },
      { projectId: 'default', subject: '' },
      { projectId: 'default', subject: 'ana' },
      {},
    ])
      expect(() => scopeFilter(scope as Scope)).toThrow(RangeError);
  });
});
