import { type Memory, type Scope, statementKey } from '@continuo/domain';
import type { Insertable } from 'kysely';
import type { DenialsTable } from '../schema/tables.ts';
import type { Database } from '../sql-dialect.ts';
import { rowSlices } from './row-slices.ts';

type DenialRow = Omit<Insertable<DenialsTable>, 'through_sequence' | 'created_at'>;

/** What keeps this memory's statement from coming back. */
export const denialOf = ({
  scope,
  text,
  topicKey,
  topicValue,
  statedAt,
}: Pick<Memory, 'text' | 'topicKey' | 'topicValue' | 'statedAt'> & { readonly scope: Scope }): DenialRow => ({
  project_id: scope.projectId,
  subject: scope.subject,
  normalised_text: statementKey(text),
  topic_key: topicKey,
  topic_value: topicValue,
  stated_at: statedAt,
});

/**
 * Blocks what was said up to a message; null: up to now. Then the newest message of all marks the moment: those of this subject said later
 * come after it, too.
 */
export async function insertDenials(
  transaction: Database,
  denials: readonly DenialRow[],
  now: number,
  throughSequence: number | null = null,
): Promise<void> {
  if (denials.length === 0) return;
  const through = throughSequence ?? (await newestSequence(transaction));
  const rows = denials.map((denial) => ({ ...denial, through_sequence: through, created_at: now }));
  for (const slice of rowSlices(rows)) await transaction.insertInto('denials').values(slice).execute();
}

/** Of the newest message of the whole store; 0 before the first. */
export async function newestSequence(transaction: Database): Promise<number> {
  const newest = await transaction
    .selectFrom('messages')
    .select((message) => message.fn.max('sequence').as('sequence'))
    .executeTakeFirst();
  return newest?.sequence ?? 0;
}
