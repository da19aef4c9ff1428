import type { ProfileTree } from '@continuo/domain';
import { type Scope, subjectId, subjectKind } from '@continuo/domain';
import type { ArchiveRow } from '@continuo/ports';
import { ARRIVING } from '../rows/file-row.ts';
import { fromJson } from '../rows/stored-text.ts';
import type { Database } from '../sql-dialect.ts';

export async function* keysOf(database: Database, projectId: string): AsyncIterable<ArchiveRow> {
  const rows = await database.selectFrom('api_keys').selectAll().where('project_id', '=', projectId).orderBy('id').execute();
  for (const { id, key_hash: keyHash, hint, label, created_at: createdAt, revoked_at: revokedAt } of rows) {
    yield { row: 'key', id, keyHash, hint, label, createdAt, revokedAt };
  }
}

export async function* usageOf(database: Database, projectId: string): AsyncIterable<ArchiveRow> {
  const rows = await database.selectFrom('usage').selectAll().where('project_id', '=', projectId).orderBy('day').execute();
  for (const { day, tokens } of rows) yield { row: 'usage', day, tokens };
}

export async function* templatesOf(database: Database, projectId: string): AsyncIterable<ArchiveRow> {
  const rows = await database.selectFrom('profile_templates').selectAll().where('project_id', '=', projectId).orderBy('id').execute();
  for (const { id, name, metadata_json: metadata, created_at: createdAt, updated_at: updatedAt } of rows) {
    yield { row: 'template', id, name, metadata: fromJson<ProfileTree>(metadata), createdAt, updatedAt };
  }
}

/** The knowledge base whose memories are in this scope, with its files: as the same state of the database has them. */
export async function* baseOf(database: Database, scope: Scope): AsyncIterable<ArchiveRow> {
  if (subjectKind(scope.subject) !== 'base') return;
  const base = await database
    .selectFrom('knowledge_bases')
    .leftJoin('knowledge_base_links', (join) =>
      join.onRef('knowledge_base_links.base_id', '=', 'knowledge_bases.id').on('knowledge_base_links.project_id', '=', scope.projectId),
    )
    .selectAll('knowledge_bases')
    .select('knowledge_base_links.created_at as linked_at')
    .where('knowledge_bases.id', '=', subjectId(scope.subject))
    .where('knowledge_bases.project_id', '=', scope.projectId)
    .executeTakeFirst();
  if (base === undefined) return;
  const { id, name, description, created_at: createdAt, linked_at: linkedAt } = base;
  yield { row: 'base', id, name, description, createdAt, linkedAt };
  yield* filesOf(database, id);
}

async function* filesOf(database: Database, baseId: string): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('files').selectAll().where('base_id', '=', baseId).where('status', '<>', ARRIVING);
  for (const row of await query.orderBy('created_at').orderBy('id').execute()) {
    const ofFile = database.selectFrom('file_parts').where('file_id', '=', row.id);
    const places = await ofFile.select('place').orderBy('place').execute();
    yield {
      row: 'file',
      id: row.id,
      baseId,
      type: row.type,
      name: row.name,
      declaredType: row.declared_type,
      size: row.size,
      url: row.url,
      status: row.status,
      reason: row.reason,
      chunks: row.chunks,
      attempts: row.attempts,
      dueAt: row.due_at,
      createdAt: row.created_at,
      finishedAt: row.finished_at,
      parts: places.length,
    };
    for (const { place } of places) {
      const { bytes } = await ofFile.select('bytes').where('place', '=', place).executeTakeFirstOrThrow();
      const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      yield { row: 'file_part', fileId: row.id, place, bytes: content };
    }
  }
}
