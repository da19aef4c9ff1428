import type { ListedMessage, OneMemoryReply, TaskStatus } from '@continuo/contracts';
import { saidAt, subjectId, type Message } from '@continuo/domain';
import type { Task } from '@continuo/ports';
import type { MemoryWithSources } from '@continuo/use-cases';

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
    ...(task.memoryIds.fact.length === 0 ? {} : { detail_factual: { memory_ids: [...task.memoryIds.fact] } }),
    ...(task.memoryIds.preference.length === 0 ? {} : { preference: { memory_ids: [...task.memoryIds.preference] } }),
  };
  return {
    task_id: task.id,
    status: task.status,
    ...(task.reason === null ? {} : { reason: task.reason }),
    ...(task.status === 'completed' && changed ? { memory_views: views } : {}),
  };
}

const STATUS = { current: 'activated', superseded: 'archived', deleted: 'deleted' } as const;

/** One memory whole, as `/get/memory/{id}` shows it. */
export function oneMemory({ memory, sources }: MemoryWithSources): OneMemoryReply['data'] {
  return {
    id: memory.id,
    memory_view: memory.kind === 'fact' ? 'detail_factual' : 'preference',
    title: memory.title,
    content: memory.text,
    memory: memory.text,
    conversation_id: memory.conversationId,
    message_ids: [...memory.sourceMessageIds],
    messages: sources.map((message) => ({ role: message.role, content: message.content, chat_time: iso(saidAt(message)) })),
    status: STATUS[memory.status],
    algorithm_updatable: true,
    created_at: iso(memory.createdAt),
    updated_at: iso(memory.updatedAt),
    user_id: subjectId(memory.scope.subject),
    agent_id: memory.labels.agentId ?? '',
    tags: [...memory.labels.tags],
    info: { ...memory.labels.info },
  };
}
