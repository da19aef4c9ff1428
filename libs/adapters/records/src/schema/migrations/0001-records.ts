import type { Migration } from '../migration.ts';

/** Everything the server keeps. */
export const records: Migration = {
  number: 1,
  name: 'records',
  statements: ({ sequence, blob, text, keyOf }) => [
    `create table projects (id ${text} primary key not null, created_at bigint not null)`,

    `create table api_keys (id ${text} primary key not null, project_id ${text} not null references projects (id),
      key_hash ${text} not null unique, hint ${text} not null, label ${text} not null, created_at bigint not null, revoked_at bigint)`,
    `create index api_keys_by_project on api_keys (project_id)`,

    `create table subjects (project_id ${text} not null, subject ${text} not null, epoch integer not null, revision integer not null,
      created_at bigint not null, primary key (project_id, subject))`,

    `create table conversations (project_id ${text} not null, subject ${text} not null, conversation_id ${text} not null,
      next_place integer not null, due_at bigint not null, attempts integer not null,
      primary key (project_id, subject, conversation_id))`,

    `create table messages (sequence ${sequence}, id ${text} not null unique, project_id ${text} not null, subject ${text} not null,
      epoch integer not null, conversation_id ${text} not null, place integer not null, role ${text} not null, content ${text} not null,
      parts_json ${text}, chat_time bigint, role_name ${text}, state ${text} not null, partial integer not null, recallable integer not null,
      hidden integer not null, tags_json ${text} not null, info_json ${text} not null, app_id ${text}, agent_id ${text}, task_id ${text} not null,
      batch_id ${text}, index_version integer not null, embedded_with ${text}, created_at bigint not null)`,
    `create index messages_by_conversation on messages (project_id, subject, conversation_id, sequence)`,
    `create index messages_pending on messages (project_id, subject, sequence) where state = 'pending'`,
    `create index messages_pending_by_task on messages (task_id) where state = 'pending'`,
    `create index messages_by_embedding on messages (embedded_with, sequence) where recallable = 1 and hidden = 0`,

    `create table tasks (id ${text} primary key not null, project_id ${text} not null, subject ${text} not null, status ${text} not null,
      added integer not null, updated integer not null, deleted integer not null, memory_ids_json ${text} not null, reason ${text},
      created_at bigint not null, finished_at bigint)`,
    `create index tasks_by_subject on tasks (project_id, subject)`,

    `create table extractions (batch_id ${text} primary key not null, project_id ${text} not null, subject ${text} not null,
      journal_json ${text} not null, created_at bigint not null)`,
    `create index extractions_by_subject on extractions (project_id, subject)`,

    `create table memories (id ${text} primary key not null, project_id ${text} not null, subject ${text} not null, epoch integer not null,
      conversation_id ${text} not null, kind ${text} not null, preference_type ${text}, reasoning ${text} not null, title ${text} not null,
      text ${text} not null, statement_key ${text} not null, language ${text} not null, topic_key ${text}, topic_value ${text},
      negated integer not null, about ${text}, origin ${text} not null, entities_json ${text} not null, key_phrases_json ${text} not null,
      event_from bigint, event_to bigint, confidence double precision not null, source_message_ids_json ${text} not null,
      quotes_json ${text} not null, evidence integer not null, stated_at bigint not null, source_sequence bigint not null,
      status ${text} not null, superseded_by ${text}, valid_from bigint not null, valid_to bigint, tags_json ${text} not null,
      info_json ${text} not null, app_id ${text}, agent_id ${text}, extractor ${text} not null, created_at bigint not null,
      updated_at bigint not null, index_version integer not null, embedded_with ${text})`,
    `create index memories_by_update on memories (project_id, subject, kind, status, updated_at desc, id)`,
    `create index memories_by_topic on memories (project_id, subject, ${keyOf('topic_key')})`,
    `create index memories_by_statement on memories (project_id, subject, ${keyOf('statement_key')})`,
    `create index memories_by_embedding on memories (embedded_with, created_at) where status = 'current'`,

    `create table memory_sources (memory_id ${text} not null references memories (id) on delete cascade, message_id ${text} not null,
      primary key (memory_id, message_id))`,
    `create index memory_sources_by_message on memory_sources (message_id)`,

    `create table memory_labels (memory_id ${text} not null references memories (id) on delete cascade, field ${text} not null,
      key ${text} not null, type ${text} not null, text_value ${text}, folded_value ${text}, number_value double precision, in_list integer not null)`,
    `create index memory_labels_by_memory on memory_labels (memory_id, field, ${keyOf('key')})`,

    `create table vectors (item_id ${text} not null, model ${text} not null, vector ${blob} not null, primary key (item_id, model))`,

    `create table denials (id ${sequence}, project_id ${text} not null, subject ${text} not null, normalised_text ${text} not null,
      topic_key ${text}, topic_value ${text}, through_sequence bigint not null, stated_at bigint not null, created_at bigint not null)`,
    `create index denials_by_subject on denials (project_id, subject)`,

    `create table outbox (position ${sequence}, item_id ${text} not null unique, kind ${text} not null, project_id ${text} not null,
      subject ${text} not null, newness bigint not null, index_version integer not null)`,
    `create index outbox_by_subject on outbox (project_id, subject, kind, newness)`,

    `create table requests (id ${text} primary key not null, project_id ${text} not null, subject ${text} not null, kind ${text} not null,
      repeat_key ${text}, keyed integer not null, fingerprint ${text} not null, status ${text} not null, owner ${text} not null, lease_until bigint not null,
      answer ${text}, delivered integer not null, replaces_json ${text} not null, task_id ${text}, turn_ids_json ${text}, created_at bigint not null, settled_at bigint)`,
    `create unique index requests_in_flight on requests (project_id, subject, repeat_key)`,
    `create index requests_by_age on requests (created_at)`,

    `create table erasures (project_id ${text} not null, subject ${text} not null, created_at bigint not null,
      primary key (project_id, subject))`,

    `create table usage (project_id ${text} not null, day ${text} not null, tokens bigint not null, primary key (project_id, day))`,

    `create table settings (name ${text} primary key not null, value_json ${text} not null)`,
  ],
};
