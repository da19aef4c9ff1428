import type { Generated } from 'kysely';

/** Kept as 0 or 1: both engines compare, index and sum it the same way. */
export type Flag = 0 | 1;

/*
 * Times are epoch milliseconds. Members named `…_json` hold JSON as text. `epoch` is the subject's at the time of writing: a row of
 * an older epoch belongs to what was erased.
 */

export interface ProjectsTable {
  id: string;
  created_at: number;
  /** What differs from `DEFAULT_PROJECT_SETTINGS`. */
  settings_json: string;
}

export interface ApiKeysTable {
  id: string;
  project_id: string;
  key_hash: string;
  hint: string;
  label: string;
  created_at: number;
  revoked_at: number | null;
}

/** The lock for reconciliation. */
export interface SubjectsTable {
  project_id: string;
  subject: string;
  epoch: number;
  revision: number;
  created_at: number;
}

/** The lock for appends, and the back-off of the conversation's oldest pending batch. */
export interface ConversationsTable {
  project_id: string;
  subject: string;
  conversation_id: string;
  next_place: number;
  due_at: number;
  attempts: number;
}

export interface LabelColumns {
  tags_json: string;
  info_json: string;
  app_id: string | null;
  agent_id: string | null;
  related_ids_json: string;
}

export interface MessagesTable extends LabelColumns {
  sequence: Generated<number>;
  id: string;
  project_id: string;
  subject: string;
  epoch: number;
  conversation_id: string;
  place: number;
  role: string;
  content: string;
  parts_json: string | null;
  chat_time: number | null;
  role_name: string | null;
  speaker_id: string | null;
  purpose: string;
  extraction_json: string | null;
  state: string;
  partial: Flag;
  recallable: Flag;
  hidden: Flag;
  /** A list of texts. */
  withheld_json: Generated<string>;
  task_id: string;
  /** The journaled or postponed batch this message belongs to, so that a retry reads the same messages again. */
  batch_id: string | null;
  index_version: number;
  /** The model a vector was stored for last. */
  embedded_with: string | null;
  created_at: number;
}

export interface TasksTable {
  id: string;
  /** The task that ends when this one and its siblings have; null for most. */
  parent_id: string | null;
  project_id: string;
  subject: string;
  status: string;
  added: number;
  updated: number;
  deleted: number;
  memory_ids_json: string;
  reason: string | null;
  created_at: number;
  finished_at: number | null;
}

export interface ExtractionsTable {
  batch_id: string;
  project_id: string;
  subject: string;
  journal_json: string;
  created_at: number;
}

export interface MemoriesTable extends LabelColumns {
  id: string;
  project_id: string;
  subject: string;
  epoch: number;
  conversation_id: string;
  kind: string;
  preference_type: string | null;
  reasoning: string;
  title: string;
  text: string;
  statement_key: string;
  language: string;
  topic_key: string | null;
  topic_value: string | null;
  negated: Flag;
  about: string | null;
  origin: string;
  entities_json: string;
  key_phrases_json: string;
  event_from: number | null;
  event_to: number | null;
  confidence: number;
  details_json: string;
  source_message_ids_json: string;
  quotes_json: string;
  evidence: number;
  stated_at: number;
  source_sequence: number;
  status: string;
  superseded_by: string | null;
  valid_from: number;
  valid_to: number | null;
  extractor: string;
  /** When a caller changed its wording last. */
  edited_at: number | null;
  created_at: number;
  updated_at: number;
  index_version: number;
  embedded_with: string | null;
}

export interface MemorySourcesTable {
  memory_id: string;
  message_id: string;
}

/** One row per value a filter can ask for. */
export interface MemoryLabelsTable {
  memory_id: string;
  field: string;
  /** The key of an `info` member; empty for other fields. */
  key: string;
  /** s: string, n: number, b: boolean. */
  type: string;
  text_value: string | null;
  /** The text without regard to case. */
  folded_value: string | null;
  number_value: number | null;
  in_list: Flag;
}

export interface VectorsTable {
  item_id: string;
  model: string;
  vector: Uint8Array;
}

export interface DenialsTable {
  id: Generated<number>;
  project_id: string;
  subject: string;
  normalised_text: string;
  topic_key: string | null;
  topic_value: string | null;
  through_sequence: number;
  stated_at: number;
  created_at: number;
}

export interface OutboxTable {
  position: Generated<number>;
  item_id: string;
  kind: string;
  project_id: string;
  subject: string;
  /** Which of a subject's items is newer: the sequence of a message, the time of a memory's change. */
  newness: number;
  index_version: number;
}

export interface RequestsTable {
  id: string;
  project_id: string;
  subject: string;
  kind: string;
  /** What a repeat has in common with it; null once a repeat is not one any more. Unique within the scope. */
  repeat_key: string | null;
  keyed: Flag;
  /** What was asked for under its key. */
  fingerprint: string;
  status: string;
  owner: string;
  lease_until: number;
  answer: string | null;
  delivered: Flag;
  replaces_json: string;
  /** The task and the messages it was answered with, for a second run of it. */
  task_id: string | null;
  turn_ids_json: string | null;
  created_at: number;
  settled_at: number | null;
}

export interface ErasuresTable {
  project_id: string;
  subject: string;
  created_at: number;
}

export interface UsageTable {
  project_id: string;
  day: string;
  tokens: number;
}

export interface MemoryVersionsTable {
  position: Generated<number>;
  memory_id: string;
  text: string;
  title: string;
  status: string;
  ended_by: string;
  ended_at: number;
}

/** `project_id`: the project that made it; its memories are in the scope of that project and `base:<id>`. */
export interface KnowledgeBasesTable {
  id: string;
  project_id: string;
  name: string;
  description: string;
  created_at: number;
}

/** Projects that may use a knowledge base, its own included. */
export interface KnowledgeBaseLinksTable {
  base_id: string;
  project_id: string;
  created_at: number;
}

export interface FilesTable {
  id: string;
  base_id: string;
  /** document or skill. */
  type: string;
  name: string;
  declared_type: string | null;
  size: number;
  /** Where it is to be fetched from; null: its content was sent. */
  url: string | null;
  status: string;
  reason: string | null;
  chunks: number;
  attempts: number;
  due_at: number;
  created_at: number;
  finished_at: number | null;
}

/** The content of a file in parts of about a megabyte, until it has been read; of a skill, for good. */
export interface FilePartsTable {
  file_id: string;
  place: number;
  bytes: Uint8Array;
}

export interface ProfileTemplatesTable {
  id: string;
  project_id: string;
  name: string;
  metadata_json: string;
  created_at: number;
  updated_at: number;
}

/** A template bound to a subject. The values are memories of the kind `profile`, written together with this. */
export interface ProfilesTable {
  id: string;
  project_id: string;
  subject: string;
  epoch: number;
  template_id: string;
  properties_json: string;
  created_at: number;
  updated_at: number;
}

export interface SettingsTable {
  name: string;
  value_json: string;
}

export interface Tables {
  projects: ProjectsTable;
  api_keys: ApiKeysTable;
  subjects: SubjectsTable;
  conversations: ConversationsTable;
  messages: MessagesTable;
  tasks: TasksTable;
  extractions: ExtractionsTable;
  memories: MemoriesTable;
  memory_sources: MemorySourcesTable;
  memory_labels: MemoryLabelsTable;
  vectors: VectorsTable;
  denials: DenialsTable;
  outbox: OutboxTable;
  requests: RequestsTable;
  erasures: ErasuresTable;
  usage: UsageTable;
  settings: SettingsTable;
  memory_versions: MemoryVersionsTable;
  knowledge_bases: KnowledgeBasesTable;
  knowledge_base_links: KnowledgeBaseLinksTable;
  files: FilesTable;
  file_parts: FilePartsTable;
  profile_templates: ProfileTemplatesTable;
  profiles: ProfilesTable;
}
