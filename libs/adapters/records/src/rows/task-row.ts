import { forEachKind, type MemoryKind } from '@continuo/domain';
import type { Task, TaskReason } from '@continuo/ports';
import type { Selectable } from 'kysely';
import type { TasksTable } from '../schema/tables.ts';
import { scopeOf } from './message-row.ts';
import { fromJson } from './stored-text.ts';

export const taskOf = (row: Selectable<TasksTable>): Task => ({
  id: row.id,
  parentId: row.parent_id,
  scope: scopeOf(row),
  status: row.status as Task['status'],
  added: row.added,
  updated: row.updated,
  deleted: row.deleted,
  memoryIds: memoryIdsOf(row.memory_ids_json),
  reason: row.reason as TaskReason | null,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

/** Stored are the kinds that were touched. */
export function memoryIdsOf(json: string): Readonly<Record<MemoryKind, readonly string[]>> {
  const stored = fromJson<Partial<Record<MemoryKind, string[]>>>(json);
  return forEachKind((kind) => stored[kind] ?? []);
}

/** A task as its caller sees it, with those that end with it: it runs while one of them does, and fails when one has. */
export function wholeTaskOf(main: Task, parts: readonly Task[]): Task {
  if (parts.length === 0) return main;
  const all = [main, ...parts];
  const status = (['running', 'failed'] as const).find((state) => all.some((task) => task.status === state)) ?? 'completed';
  const sum = (count: 'added' | 'updated' | 'deleted') => all.reduce((total, task) => total + task[count], 0);
  const counts = { added: sum('added'), updated: sum('updated'), deleted: sum('deleted') };
  const isEmpty = counts.added + counts.updated + counts.deleted === 0;
  const reason = all.find((task) => task.status === status && task.reason !== null)?.reason ?? null;
  return {
    ...main,
    ...counts,
    status,
    memoryIds: forEachKind((kind) => [...new Set(all.flatMap((task) => task.memoryIds[kind]))]),
    reason: status === 'completed' && !isEmpty ? null : reason,
    finishedAt: status === 'running' ? null : Math.max(...all.map((task) => task.finishedAt ?? 0)),
  };
}
