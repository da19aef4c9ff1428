import { SqlArchiveRecords } from './archive/sql-archive-records.ts';
import type { Store } from './sql-dialect.ts';
import { SqlFileRecords } from './sql-file-records.ts';
import { SqlIndexSource } from './sql-index-source.ts';
import { SqlInboxRecords } from './sql-inbox-records.ts';
import { SqlKnowledgeRecords } from './sql-knowledge-records.ts';
import { SqlMemoryRecords } from './sql-memory-records.ts';
import { SqlMessageRecords } from './sql-message-records.ts';
import { SqlOutboxRecords } from './sql-outbox-records.ts';
import { SqlProfileRecords } from './sql-profile-records.ts';
import { SqlProjectRecords } from './sql-project-records.ts';
import { SqlRecallRecords } from './sql-recall-records.ts';
import { SqlRequestRecords } from './sql-request-records.ts';
import { SqlTaskRecords } from './sql-task-records.ts';
import { SqlUsageRecords } from './sql-usage-records.ts';
import { SqlVectorRecords } from './sql-vector-records.ts';

/** Every port of the records on one store, whatever its engine. */
export const recordsOn = (store: Store) => ({
  projects: new SqlProjectRecords(store),
  messages: new SqlMessageRecords(store),
  tasks: new SqlTaskRecords(store),
  requests: new SqlRequestRecords(store),
  inbox: new SqlInboxRecords(store),
  memories: new SqlMemoryRecords(store),
  recall: new SqlRecallRecords(store),
  outbox: new SqlOutboxRecords(store),
  vectors: new SqlVectorRecords(store),
  profiles: new SqlProfileRecords(store),
  usage: new SqlUsageRecords(store),
  indexSource: new SqlIndexSource(store),
  knowledge: new SqlKnowledgeRecords(store),
  files: new SqlFileRecords(store),
  archive: new SqlArchiveRecords(store),
});
