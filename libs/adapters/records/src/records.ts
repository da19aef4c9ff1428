import type {
  ArchiveRecords,
  ExclusiveWork,
  FileRecords,
  InboxRecords,
  IndexSource,
  KnowledgeRecords,
  MemoryRecords,
  MessageRecords,
  OutboxRecords,
  ProfileRecords,
  ProjectRecords,
  RecallRecords,
  RequestRecords,
  TaskRecords,
  UsageRecords,
  VectorRecords,
} from '@continuo/ports';

/** missing: no table was ever made · older, newer: than this version's. */
export type SchemaState = 'current' | 'missing' | 'older' | 'newer';

/** All records of one place. */
export interface Records {
  readonly engine: 'sqlite' | 'postgres';
  readonly projects: ProjectRecords;
  readonly messages: MessageRecords;
  readonly tasks: TaskRecords;
  readonly requests: RequestRecords;
  readonly inbox: InboxRecords;
  readonly memories: MemoryRecords;
  readonly recall: RecallRecords;
  readonly outbox: OutboxRecords;
  readonly vectors: VectorRecords;
  readonly profiles: ProfileRecords;
  readonly usage: UsageRecords;
  readonly indexSource: IndexSource;
  readonly knowledge: KnowledgeRecords;
  readonly files: FileRecords;
  readonly exclusive: ExclusiveWork;
  readonly archive: ArchiveRecords;
  /** Resolves when the store answers. @throws AppError `records_unavailable`. */
  ping(): Promise<'ok'>;
  /** Whether the tables are this version's. @throws AppError `records_unavailable`. */
  schema(): Promise<SchemaState>;
  /** Answers what was asked before, then closes. Whatever is asked later fails. A second call does nothing. */
  close(): Promise<void>;
}
