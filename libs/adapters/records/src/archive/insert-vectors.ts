import type { ArchivedVector } from '@continuo/ports';
import { rowSlices } from '../rows/row-slices.ts';
import type { Database, SqlDialect } from '../sql-dialect.ts';
import { noteModel } from '../store-vectors.ts';
import { archiveError } from './archive-field.ts';
import type { InLine, SubjectRows } from './archived-subject.ts';

/** Vectors of what was added; what was there has its own, or gets them here. */
export async function insertVectors(
  transaction: Database,
  dialect: SqlDialect,
  rows: SubjectRows,
  added: ReadonlySet<string>,
): Promise<number> {
  requireItems(rows);
  const fresh = [
    ...new Map(rows.vectors.filter(({ itemId }) => added.has(itemId)).map((row) => [`${row.itemId} ${row.model}`, row])).values(),
  ];
  for (const slice of rowSlices(fresh)) {
    await transaction
      .insertInto('vectors')
      .values(slice.map(columnsOf))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const model of new Set(fresh.map((row) => row.model))) await noteModel(transaction, dialect, model);
  return fresh.length;
}

const columnsOf = ({ itemId, model, vector }: InLine<ArchivedVector>) => ({
  item_id: itemId,
  model,
  vector: new Uint8Array(Buffer.from(vector, 'base64')),
});

function requireItems({ messages, memories, vectors }: SubjectRows): void {
  const items = new Set([...messages, ...memories].map(({ id }) => id));
  const stray = vectors.find(({ itemId }) => !items.has(itemId));
  if (stray !== undefined) throw archiveError(stray.line, 'itemId must be a message or memory of the subject');
}
