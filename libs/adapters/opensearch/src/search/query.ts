/** A query as the store reads it. */
export type Query = Readonly<Record<string, unknown>>;

export const ALL: Query = { match_all: {} };
export const NONE: Query = { match_none: {} };

export const allOf = (queries: readonly Query[]): Query => (queries.length === 0 ? ALL : { bool: { filter: queries } });
export const anyOf = (queries: readonly Query[]): Query =>
  queries.length === 0 ? NONE : queries.length === 1 ? (queries[0] ?? NONE) : { bool: { should: queries, minimum_should_match: 1 } };
