import { DEFAULT_RECALLED, DEFAULT_RELATIVITY, MAX_EXPLAINED, MAX_RECALLED, type SearchMemoryRequest } from '@continuo/contracts';
import type { RecallResult } from '@continuo/ports';

export interface RecallLimits {
  readonly fact: number;
  readonly preference: number;
  /** Ceiling for both kinds together; null: each kind has its own. */
  readonly together: number | null;
  readonly minRelativity: number;
}

type Limiting = Pick<SearchMemoryRequest, 'memory_limit_number' | 'preference_limit_number' | 'include_preference' | 'relativity'> & {
  readonly include_memory_view?: SearchMemoryRequest['include_memory_view'];
};

/** Which kinds to recall, and how many. Naming views is the newer form: one limit for all of them; else each kind has its own. */
export function recallLimits(body: Limiting, explained: boolean): RecallLimits {
  const ceiling = explained ? MAX_EXPLAINED : MAX_RECALLED;
  const facts = Math.min(body.memory_limit_number ?? DEFAULT_RECALLED, ceiling);
  const minRelativity = body.relativity ?? DEFAULT_RELATIVITY;
  const views = body.include_memory_view;
  if (views !== undefined) {
    return {
      fact: views.includes('detail_factual') ? facts : 0,
      preference: views.includes('preference') ? facts : 0,
      together: facts,
      minRelativity,
    };
  }
  const preference = body.include_preference === false ? 0 : Math.min(body.preference_limit_number ?? DEFAULT_RECALLED, ceiling);
  return { fact: facts, preference, together: null, minRelativity };
}

/** The best of both kinds, at most `limit` in all. */
export function bestTogether(result: RecallResult, limit: number): RecallResult {
  const best = new Set(
    [...result.facts, ...result.preferences].toSorted((left, right) => right.relativity - left.relativity).slice(0, limit),
  );
  return {
    ...result,
    facts: result.facts.filter((item) => best.has(item)),
    preferences: result.preferences.filter((item) => best.has(item)),
  };
}
