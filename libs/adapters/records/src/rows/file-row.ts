import type { FileStatus, FileType, KnowledgeBase, KnowledgeFile } from '@continuo/ports';
import { baseSubject, type Scope } from '@continuo/domain';
import type { Selectable } from 'kysely';
import type { FilesTable, KnowledgeBasesTable } from '../schema/tables.ts';

/** What `status` holds besides the port's: its content is still coming. */
export const ARRIVING = 'arriving';

export const fileOf = (row: Selectable<FilesTable>): KnowledgeFile => ({
  id: row.id,
  baseId: row.base_id,
  type: row.type as FileType,
  name: row.name,
  size: row.size,
  status: row.status as FileStatus,
  reason: row.reason,
  chunks: row.chunks,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

export const baseOf = (row: Selectable<KnowledgeBasesTable>): KnowledgeBase => ({
  id: row.id,
  scope: scopeOfBase(row),
  name: row.name,
  description: row.description,
  createdAt: row.created_at,
});

export const scopeOfBase = (row: { readonly id: string; readonly project_id: string }): Scope => ({
  projectId: row.project_id,
  subject: baseSubject(row.id),
});
