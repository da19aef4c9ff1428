import type { Scope } from '@continuo/domain';
import type { InsertObject } from 'kysely';
import { idLists } from '../rows/id-list.ts';
import { rowSlices } from '../rows/row-slices.ts';
import type { Tables } from '../schema/tables.ts';
import type { Database } from '../sql-dialect.ts';
import { archiveError } from './archive-field.ts';

type Named = 'tasks' | 'messages' | 'memories' | 'extractions';

/**
 * Inserts rows that are known by an id of their own unless they are there. Returns those that were not.
 *
 * @throws AppError `invalid_request` for an id that belongs to another project or subject.
 */
export async function insertNew<Table extends Named, Row extends { readonly id: string; readonly line: number }>(
  transaction: Database,
  table: Table,
  column: 'id' | 'batch_id',
  scope: Scope,
  rows: readonly Row[],
  valuesOf: (row: Row) => InsertObject<Tables, Table>,
): Promise<readonly Row[]> {
  // One statement for four tables: their columns differ, the names of these do not.
  const [into, name] = [table as 'tasks', column as 'id'];
  const inserted = new Set<string>();
  for (const slice of rowSlices(rows)) {
    const added = await transaction
      .insertInto(into)
      .values(slice.map(valuesOf) as unknown as InsertObject<Tables, 'tasks'>[])
      .onConflict((conflict) => conflict.column(name).doNothing())
      .returning(`${name} as id`)
      .execute();
    for (const { id } of added) inserted.add(id);
  }
  const known = rows.filter(({ id }) => !inserted.has(id));
  await requireOwn(transaction, into, name, scope, known);
  return rows.filter(({ id }) => inserted.has(id));
}

async function requireOwn(
  transaction: Database,
  table: 'tasks',
  column: 'id',
  { projectId, subject }: Scope,
  rows: readonly { readonly id: string; readonly line: number }[],
): Promise<void> {
  const own = new Set<string>();
  for (const ids of idLists(rows.map(({ id }) => id))) {
    const found = await transaction
      .selectFrom(table)
      .select(`${column} as id`)
      .where(column, 'in', ids)
      .where('project_id', '=', projectId)
      .where('subject', '=', subject)
      .execute();
    for (const { id } of found) own.add(id);
  }
  const foreign = rows.find(({ id }) => !own.has(id));
  if (foreign !== undefined) throw archiveError(foreign.line, 'the id belongs to another project or subject here');
}
