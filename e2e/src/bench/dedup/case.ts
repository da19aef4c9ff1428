/** What is tried, as it is reported. */
export const FAMILIES = [
  'repeat',
  'variant',
  'paraphrase',
  'subset',
  'superset',
  'negation',
  'other person',
  'number',
  'date',
  'unit',
  'used to',
  'two items',
  'supersession',
  'drift',
  'late arrival',
  'intervals',
  'equal times',
  'deletion',
  'one of two erased',
] as const;
export type Family = (typeof FAMILIES)[number];

/** A message of a user, added alone. */
export interface Said {
  /** Which user of the case says it: 0 or 1. */
  readonly user: number;
  readonly conversation: string;
  readonly atMs: number;
  readonly text: string;
}

/** What must be true in the end of what was said, by index of `said`. */
export type Expectation =
  /** The second says nothing that the first does not: one memory. */
  | { readonly kind: 'same' }
  /** They are never one memory. `both`: nor does one of them end the other. */
  | { readonly kind: 'unlike'; readonly both: boolean }
  /** One holds, the others are history, and a search finds the one first. */
  | { readonly kind: 'holds'; readonly index: number }
  /** All hold; a search for what holds today finds that one first. */
  | { readonly kind: 'all-hold'; readonly first: number }
  /** The first is deleted; the second is older evidence of it and brings nothing back, the third is newer and does. */
  | { readonly kind: 'deleted' }
  /** The first user is erased, the other one keeps the second. */
  | { readonly kind: 'erased' };

export interface DedupCase {
  readonly number: number;
  readonly family: Family;
  readonly language: 'en' | 'zh';
  /** Which template or variant it came from, for reading failures. */
  readonly of: string;
  readonly said: readonly Said[];
  readonly ask: string;
  readonly expectation: Expectation;
}
