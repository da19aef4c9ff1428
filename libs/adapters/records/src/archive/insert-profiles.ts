import type { Scope } from '@continuo/domain';
import type { ArchivedProfile } from '@continuo/ports';
import { toJson } from '../rows/stored-text.ts';
import type { Database } from '../sql-dialect.ts';
import { archiveError } from './archive-field.ts';
import type { InLine } from './archived-subject.ts';
import type { Inserted } from './insert-rows.ts';

/** Profiles of one subject. One that is bound already, to the same template, stays as it is. */
export async function insertProfiles(transaction: Database, scope: Scope, rows: readonly InLine<ArchivedProfile>[]): Promise<Inserted> {
  let added = 0;
  for (const row of rows) {
    await requireTemplate(transaction, scope, row);
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('profiles')
      .values({
        id: row.id,
        project_id: scope.projectId,
        subject: scope.subject,
        epoch: row.epoch,
        template_id: row.templateId,
        properties_json: toJson(row.properties),
        created_at: row.createdAt,
        updated_at: row.updatedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    added += Number(numInsertedOrUpdatedRows ?? 0n);
  }
  return { added, recallable: [] };
}

async function requireTemplate(transaction: Database, { projectId }: Scope, row: InLine<ArchivedProfile>): Promise<void> {
  const template = await transaction
    .selectFrom('profile_templates')
    .select('id')
    .where('id', '=', row.templateId)
    .where('project_id', '=', projectId)
    .executeTakeFirst();
  if (template === undefined) throw archiveError(row.line, 'templateId must be a template of the project');
}
