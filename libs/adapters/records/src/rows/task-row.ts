import type { MemoryKind } from '@continuo/domain';
import type { Task, TaskReason } from '@continuo/ports';
import type { Selectable } from 'kysely';
import type { TasksTable } from '../schema/tables.ts';
import { scopeOf } from './message-row.ts';
import { fromJson } from './stored-text.ts';

export const taskOf = (row: Selectable<TasksTable>): Task => ({
  id: row.id,
  scope: scopeOf(row),
  status: row.status as Task['status'],
  added: row.added,
  updated: row.updated,
  deleted: row.deleted,
  memoryIds: fromJson<Record<MemoryKind, string[]>>(row.memory_ids_json),
  reason: row.reason as TaskReason | null,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});
