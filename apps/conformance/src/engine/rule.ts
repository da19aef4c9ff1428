import type { Suite } from './suite.ts';

/** One promise of the contract. It holds when `run` resolves. */
export interface Rule {
  /** Named after the field or behaviour: `search.relativity.range`. */
  readonly id: string;
  /** What must hold, in a few words. */
  readonly checks: string;
  /** @throws {Breach} when it does not hold, {NotRun} when it cannot be told. */
  readonly run: (suite: Suite) => Promise<void>;
}

export interface RuleGroup {
  /** `POST /search/memory`, or what the rules have in common. */
  readonly endpoint: string;
  readonly rules: readonly Rule[];
  /** Rules whose traces other rules would see: they run when all others are done. */
  readonly isLast?: boolean;
}

export const rule = (id: string, checks: string, run: Rule['run']): Rule => ({ id, checks, run });
