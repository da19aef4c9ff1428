import type { OneMemoryReply } from '@continuo/contracts';
import { saidAt, subjectId, subjectKind, type Memory, wordsOfTurn } from '@continuo/domain';
import type { MemoryWithSources, RecallableTurn } from '@continuo/use-cases';
import { viewOfKind } from '../reading/views.ts';
import { skillContent, turnFields } from './view-items.ts';

const STATUS = { current: 'activated', superseded: 'archived', deleted: 'deleted' } as const;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** One memory whole, as `/get/memory/{id}` shows it. */
export function oneMemory({ memory, sources }: MemoryWithSources): OneMemoryReply['data'] {
  return {
    id: memory.id,
    memory_view: viewOfKind(memory.kind),
    title: memory.title,
    content: memory.kind === 'skill' ? skillContent(memory) : memory.text,
    memory: memory.text,
    conversation_id: memory.conversationId,
    message_ids: [...memory.sourceMessageIds],
    messages: sources.map((message) => ({ role: message.role, content: message.content, chat_time: iso(saidAt(message)) })),
    status: STATUS[memory.status],
    algorithm_updatable: memory.details.profile?.algorithmUpdatable ?? true,
    created_at: iso(memory.createdAt),
    updated_at: iso(memory.updatedAt),
    ...whose(memory),
    tags: [...memory.labels.tags],
    info: { ...memory.labels.info },
  };
}

/** A turn, as a fact of its own words. */
export function oneTurn({ turn }: RecallableTurn): OneMemoryReply['data'] {
  const { memory_key: title, memory_value: content } = turnFields(turn);
  return {
    id: turn.id,
    memory_view: viewOfKind('fact'),
    title,
    content,
    memory: content,
    conversation_id: turn.conversationId,
    message_ids: [turn.id],
    messages: [{ role: turn.role, content: wordsOfTurn(turn), chat_time: iso(saidAt(turn)) }],
    status: 'activated',
    algorithm_updatable: false,
    created_at: iso(turn.createdAt),
    updated_at: iso(turn.createdAt),
    ...whose(turn),
    tags: [...turn.labels.tags],
    info: { ...turn.labels.info },
  };
}

/** An agent is a subject of its own, or a label on a user's memories. */
function whose({ scope, labels }: Pick<Memory, 'scope' | 'labels'>): { readonly user_id: string; readonly agent_id: string } {
  const kind = subjectKind(scope.subject);
  return {
    user_id: kind === 'user' ? subjectId(scope.subject) : '',
    agent_id: kind === 'agent' ? subjectId(scope.subject) : (labels.agentId ?? ''),
  };
}
