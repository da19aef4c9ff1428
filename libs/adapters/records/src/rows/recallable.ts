import { sql, type SqlBool } from 'kysely';

/**
 * That a message may be recalled, for rows that are found by something else. One condition, not the two of the index over what lacks a
 * vector: an engine that knows nothing of the tables yet would go through that index, which is everything.
 */
export const isRecallable = sql<SqlBool>`messages.recallable - messages.hidden = 1`;
