import { baseSubject } from '@continuo/domain';
import type { ArchivedBase, ArchivedFile, ArchivedFilePart, ArchivedTemplate } from '@continuo/ports';
import { ARRIVING } from '../rows/file-row.ts';
import { toJson } from '../rows/stored-text.ts';
import type { Database, Store } from '../sql-dialect.ts';
import { archiveError } from './archive-field.ts';
import type { InLine } from './archived-subject.ts';
import type { Counted } from './write-project.ts';

const ADDED: Counted = { added: 1, known: 0 };
const KNOWN: Counted = { added: 0, known: 1 };

/** Keeps a template unless it is there. */
export async function writeTemplate(store: Store, projectId: string, row: InLine<ArchivedTemplate>): Promise<Counted> {
  return store.transact(async (transaction) => {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('profile_templates')
      .values({
        id: row.id,
        project_id: projectId,
        name: row.name,
        metadata_json: toJson(row.metadata),
        created_at: row.createdAt,
        updated_at: row.updatedAt,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) return ADDED;
    await requireOwn(transaction, 'profile_templates', projectId, row);
    return KNOWN;
  });
}

/** Keeps a knowledge base unless it is there. One that was deleted here is gone: its subject is what is left of it. */
export function writeBase(store: Store, projectId: string, row: InLine<ArchivedBase>): Promise<Counted> {
  return store.transact(async (transaction) => {
    const known = await transaction.selectFrom('knowledge_bases').select('id').where('id', '=', row.id).executeTakeFirst();
    if (known !== undefined) {
      await requireOwn(transaction, 'knowledge_bases', projectId, row);
      return KNOWN;
    }
    const left = await transaction
      .selectFrom('subjects')
      .select('epoch')
      .where('project_id', '=', projectId)
      .where('subject', '=', baseSubject(row.id))
      .executeTakeFirst();
    if (left !== undefined) return KNOWN;
    await transaction
      .insertInto('knowledge_bases')
      .values({ id: row.id, project_id: projectId, name: row.name, description: row.description, created_at: row.createdAt })
      .execute();
    if (row.linkedAt !== null) {
      await transaction
        .insertInto('knowledge_base_links')
        .values({ base_id: row.id, project_id: projectId, created_at: row.linkedAt })
        .execute();
    }
    return ADDED;
  });
}

/** Takes a file with its parts. It is seen when the last has come; until then it is as one that arrives, and withdrawn as such. */
export class FileWriter {
  private readonly store: Store;
  private readonly projectId: string;
  private readonly file: InLine<ArchivedFile>;
  private taken: boolean | null = null;
  private parts = 0;

  constructor(store: Store, projectId: string, file: InLine<ArchivedFile>) {
    this.store = store;
    this.projectId = projectId;
    this.file = file;
  }

  /** What is there is left; so is what belongs to a base that was deleted here. */
  async begin(): Promise<void> {
    this.taken = await this.store.transact(async (transaction) => {
      const { file } = this;
      const base = await transaction.selectFrom('knowledge_bases').select('project_id').where('id', '=', file.baseId).executeTakeFirst();
      if (base === undefined) return false;
      if (base.project_id !== this.projectId) throw archiveError(file.line, 'the knowledge base belongs to another project here');
      const known = await transaction.selectFrom('files').select(['base_id', 'status']).where('id', '=', file.id).executeTakeFirst();
      if (known !== undefined && known.base_id !== file.baseId) throw archiveError(file.line, 'the file belongs to another base here');
      if (known !== undefined) return known.status === ARRIVING;
      await transaction.insertInto('files').values(rowOf(file)).execute();
      return true;
    });
  }

  async take(line: number, part: ArchivedFilePart): Promise<void> {
    if (part.fileId !== this.file.id) throw archiveError(line, 'fileId must be the file before');
    this.parts += 1;
    if (this.taken !== true) return;
    const bytes = new Uint8Array(Buffer.from(part.bytes, 'base64'));
    await this.store.database
      .insertInto('file_parts')
      .values({ file_id: part.fileId, place: part.place, bytes })
      .onConflict((conflict) => conflict.columns(['file_id', 'place']).doUpdateSet({ bytes }))
      .execute();
  }

  async end(): Promise<Counted> {
    const { id, line, parts, status, dueAt, finishedAt } = this.file;
    if (this.parts !== parts) throw archiveError(line, 'parts must be how many parts came');
    const rows = 1 + parts;
    if (this.taken !== true) return { added: 0, known: rows };
    await this.store.database
      .updateTable('files')
      .set({ status, due_at: dueAt, finished_at: finishedAt })
      .where('id', '=', id)
      .where('status', '=', ARRIVING)
      .execute();
    return { added: rows, known: 0 };
  }
}

const rowOf = (file: ArchivedFile) => ({
  id: file.id,
  base_id: file.baseId,
  type: file.type,
  name: file.name,
  declared_type: file.declaredType,
  size: file.size,
  url: file.url,
  status: ARRIVING,
  reason: file.reason,
  chunks: file.chunks,
  attempts: file.attempts,
  due_at: Date.now(),
  created_at: file.createdAt,
  finished_at: null,
});

async function requireOwn(
  transaction: Database,
  table: 'profile_templates' | 'knowledge_bases',
  projectId: string,
  row: InLine<{ readonly id: string }>,
): Promise<void> {
  const known = await transaction
    .selectFrom(table as 'knowledge_bases')
    .select('project_id')
    .where('id', '=', row.id)
    .executeTakeFirst();
  if (known?.project_id !== projectId) throw archiveError(row.line, 'the id belongs to another project or subject here');
}
