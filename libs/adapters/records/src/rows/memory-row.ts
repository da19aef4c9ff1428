import {
  type Language,
  type Memory,
  type MemoryDetails,
  type MemoryKind,
  type MemoryStatus,
  type Origin,
  statementKey,
} from '@continuo/domain';
import type { MemoryVersion } from '@continuo/ports';
import type { Insertable, Selectable } from 'kysely';
import type { MemoriesTable, MemoryVersionsTable } from '../schema/tables.ts';
import { labelColumns, labelsOf, scopeOf } from './message-row.ts';
import { fromJson, toJson } from './stored-text.ts';

export type MemoryRow = Selectable<MemoriesTable>;

export function memoryOf(row: MemoryRow): Memory {
  return {
    id: row.id,
    scope: scopeOf(row),
    conversationId: row.conversation_id,
    kind: row.kind as MemoryKind,
    preferenceType: row.preference_type as Memory['preferenceType'],
    reasoning: row.reasoning,
    title: row.title,
    text: row.text,
    language: row.language as Language,
    topicKey: row.topic_key,
    topicValue: row.topic_value,
    negated: row.negated === 1,
    about: row.about,
    origin: row.origin as Origin,
    entities: fromJson<string[]>(row.entities_json),
    keyPhrases: fromJson<string[]>(row.key_phrases_json),
    eventTime: row.event_from === null || row.event_to === null ? null : { from: row.event_from, to: row.event_to },
    confidence: row.confidence,
    details: fromJson<MemoryDetails>(row.details_json),
    sourceMessageIds: fromJson<string[]>(row.source_message_ids_json),
    quotes: fromJson<string[]>(row.quotes_json),
    evidence: row.evidence,
    statedAt: row.stated_at,
    sourceSequence: row.source_sequence,
    status: row.status as MemoryStatus,
    supersededBy: row.superseded_by,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    labels: labelsOf(row),
    extractor: row.extractor,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    indexVersion: row.index_version,
  };
}

export const rowOfMemory = (memory: Memory, epoch: number): Insertable<MemoriesTable> => ({
  id: memory.id,
  project_id: memory.scope.projectId,
  subject: memory.scope.subject,
  epoch,
  conversation_id: memory.conversationId,
  ...statementColumns(memory),
  ...historyColumns(memory),
  ...labelColumns(memory.labels),
  extractor: memory.extractor,
  edited_at: null,
  created_at: memory.createdAt,
  updated_at: memory.updatedAt,
  index_version: memory.indexVersion,
  embedded_with: null,
});

/** What an edit may change of a memory that is there. */
export const columnsOfChange = (memory: Memory) => ({
  ...statementColumns(memory),
  ...historyColumns(memory),
  extractor: memory.extractor,
  updated_at: memory.updatedAt,
});

/** What it says. */
function statementColumns(memory: Memory) {
  return {
    kind: memory.kind,
    preference_type: memory.preferenceType,
    reasoning: memory.reasoning,
    title: memory.title,
    text: memory.text,
    statement_key: statementKey(memory.text),
    language: memory.language,
    topic_key: memory.topicKey,
    topic_value: memory.topicValue,
    negated: memory.negated ? (1 as const) : (0 as const),
    about: memory.about,
    origin: memory.origin,
    entities_json: toJson(memory.entities),
    key_phrases_json: toJson(memory.keyPhrases),
    event_from: memory.eventTime?.from ?? null,
    event_to: memory.eventTime?.to ?? null,
    confidence: memory.confidence,
    details_json: toJson(memory.details),
  };
}

/** Where it comes from and when it held. */
function historyColumns(memory: Memory) {
  return {
    source_message_ids_json: toJson(memory.sourceMessageIds),
    quotes_json: toJson(memory.quotes),
    evidence: memory.evidence,
    stated_at: memory.statedAt,
    source_sequence: memory.sourceSequence,
    status: memory.status,
    superseded_by: memory.supersededBy,
    valid_from: memory.validFrom,
    valid_to: memory.validTo,
  };
}

export const versionOf = (row: Selectable<MemoryVersionsTable>): MemoryVersion => ({
  memoryId: row.memory_id,
  text: row.text,
  title: row.title,
  status: row.status as MemoryVersion['status'],
  endedBy: row.ended_by as MemoryVersion['endedBy'],
  endedAt: row.ended_at,
});
