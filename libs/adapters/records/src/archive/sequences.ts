import type { Scope } from '@continuo/domain';
import { idLists } from '../rows/id-list.ts';
import type { Database, SqlDialect } from '../sql-dialect.ts';
import type { SubjectRows } from './archived-subject.ts';

/** Which sequence here stands for a rank of the archive. */
export type Sequences = ReadonlyMap<number, number>;

/**
 * Messages that are there keep their sequence. All other ranks get new ones in their order, unless they stand before a message that
 * is there: then that which was last before them.
 */
export async function sequencesOf(transaction: Database, dialect: SqlDialect, scope: Scope, rows: SubjectRows): Promise<Sequences> {
  const known = await knownSequences(transaction, scope, rows);
  const messages = new Map(rows.messages.map((message) => [message.rank, message.id]));
  const others = [...rows.memories.map(({ sourceRank }) => sourceRank), ...rows.denials.map(({ throughRank }) => throughRank)];
  const ranks = [...new Set([...messages.keys(), ...others])].toSorted((a, b) => a - b);
  const lastKnown = ranks.findLast((rank) => known.has(messages.get(rank) ?? '')) ?? 0;
  const isNew = (rank: number): boolean => (messages.has(rank) ? !known.has(messages.get(rank) ?? '') : rank > lastKnown);
  const reserved = await dialect.reserveSequences(transaction, ranks.filter(isNew).length);
  const sequences = new Map<number, number>();
  let next = 0;
  let last = 0;
  for (const rank of ranks) {
    const sequence = isNew(rank) ? (reserved[next++] ?? 0) : (known.get(messages.get(rank) ?? '') ?? last);
    sequences.set(rank, sequence);
    // A message that is new is later than those that are there, whatever its rank.
    if (rank > lastKnown || !isNew(rank)) last = Math.max(last, sequence);
  }
  return sequences;
}

async function knownSequences(transaction: Database, { projectId, subject }: Scope, rows: SubjectRows): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  for (const ids of idLists(rows.messages.map(({ id }) => id))) {
    const found = await transaction
      .selectFrom('messages')
      .select(['id', 'sequence'])
      .where('id', 'in', ids)
      .where('project_id', '=', projectId)
      .where('subject', '=', subject)
      .execute();
    for (const row of found) known.set(row.id, row.sequence);
  }
  return known;
}
