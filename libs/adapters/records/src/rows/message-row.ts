import type { ExtractionOptions, Labels, Message, MessagePurpose, MessageRole, MessageState, Scope, SubjectKey } from '@continuo/domain';
import type { Selectable } from 'kysely';
import type { LabelColumns, MessagesTable } from '../schema/tables.ts';
import { fromJson, toJson } from './stored-text.ts';

export const MESSAGE_COLUMNS = [
  'sequence',
  'id',
  'project_id',
  'subject',
  'conversation_id',
  'place',
  'withheld_json',
  'role',
  'content',
  'parts_json',
  'chat_time',
  'role_name',
  'speaker_id',
  'purpose',
  'extraction_json',
  'state',
  'partial',
  'tags_json',
  'info_json',
  'app_id',
  'agent_id',
  'related_ids_json',
  'task_id',
  'index_version',
  'created_at',
] as const;

export type MessageRow = Pick<Selectable<MessagesTable>, (typeof MESSAGE_COLUMNS)[number]>;

export function messageOf(row: MessageRow): Message {
  return {
    id: row.id,
    scope: scopeOf(row),
    conversationId: row.conversation_id,
    sequence: row.sequence,
    place: row.place,
    withheld: fromJson<string[]>(row.withheld_json),
    role: row.role as MessageRole,
    content: row.content,
    parts: row.parts_json === null ? null : fromJson(row.parts_json),
    chatTime: row.chat_time,
    roleName: row.role_name,
    speakerId: row.speaker_id,
    purpose: row.purpose as MessagePurpose,
    extraction: row.extraction_json === null ? null : fromJson<ExtractionOptions>(row.extraction_json),
    state: row.state as MessageState,
    partial: row.partial === 1,
    labels: labelsOf(row),
    taskId: row.task_id,
    createdAt: row.created_at,
  };
}

export const scopeOf = (row: { readonly project_id: string; readonly subject: string }): Scope => ({
  projectId: row.project_id,
  subject: row.subject as SubjectKey,
});

export const labelsOf = (row: LabelColumns): Labels => ({
  tags: fromJson<string[]>(row.tags_json),
  info: fromJson<Record<string, unknown>>(row.info_json),
  appId: row.app_id,
  agentId: row.agent_id,
  relatedIds: fromJson<string[]>(row.related_ids_json),
});

export const labelColumns = (labels: Labels): LabelColumns => ({
  tags_json: toJson(labels.tags),
  info_json: toJson(labels.info),
  app_id: labels.appId,
  agent_id: labels.agentId,
  related_ids_json: toJson(labels.relatedIds),
});
