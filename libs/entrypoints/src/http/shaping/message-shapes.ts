import type { ListedMessage, TaskStatus } from '@continuo/contracts';
import { MEMORY_KINDS, saidAt, type Message } from '@continuo/domain';
import type { Task } from '@continuo/ports';
import { viewOfKind } from '../reading/views.ts';

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Messages of user and assistant, in the order given. */
export function listedMessages(messages: readonly Message[]): ListedMessage[] {
  return messages.flatMap((message) => {
    if (message.role !== 'user' && message.role !== 'assistant') return [];
    const time = iso(saidAt(message));
    const parts = message.parts === null || message.parts === undefined ? {} : { parts: message.parts };
    return [{ message_id: message.id, role: message.role, content: message.content, create_time: time, update_time: time, ...parts }];
  });
}

/** A task as `/get/status` shows it. */
export function taskStatus(task: Task): TaskStatus {
  const changed = task.added + task.updated + task.deleted > 0;
  const views = {
    added: task.added,
    updated: task.updated,
    deleted: task.deleted,
    ...Object.fromEntries(
      MEMORY_KINDS.filter((kind) => task.memoryIds[kind].length > 0).map((kind) => [
        viewOfKind(kind),
        { memory_ids: [...task.memoryIds[kind]] },
      ]),
    ),
  };
  return {
    task_id: task.id,
    status: task.status,
    ...(task.reason === null ? {} : { reason: task.reason }),
    ...(task.status === 'completed' && changed ? { memory_views: views } : {}),
  };
}
