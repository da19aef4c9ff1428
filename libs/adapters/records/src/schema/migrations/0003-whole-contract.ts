import type { Migration } from '../migration.ts';

/** Kinds of memory with details, group chats, edits, project settings, knowledge bases, profiles. */
export const wholeContract: Migration = {
  number: 3,
  name: 'whole-contract',
  statements: ({ sequence, blob, text }) => [
    `alter table projects add column settings_json ${text} not null default '{}'`,

    `alter table messages add column related_ids_json ${text} not null default '[]'`,
    `alter table messages add column speaker_id ${text}`,
    `alter table messages add column purpose ${text} not null default 'said'`,
    `alter table messages add column extraction_json ${text}`,
    `create index messages_by_age on messages (project_id, created_at)`,

    `alter table tasks add column parent_id ${text}`,
    `create index tasks_by_parent on tasks (parent_id) where parent_id is not null`,

    `alter table memories add column related_ids_json ${text} not null default '[]'`,
    `alter table memories add column details_json ${text} not null default '{}'`,
    `alter table memories add column edited_at bigint`,

    `create table memory_versions (position ${sequence}, memory_id ${text} not null references memories (id) on delete cascade,
      text ${text} not null, title ${text} not null, status ${text} not null, ended_by ${text} not null, ended_at bigint not null)`,
    `create index memory_versions_by_memory on memory_versions (memory_id, position)`,

    `create table knowledge_bases (id ${text} primary key not null, project_id ${text} not null references projects (id),
      name ${text} not null, description ${text} not null, created_at bigint not null)`,
    `create table knowledge_base_links (base_id ${text} not null references knowledge_bases (id) on delete cascade,
      project_id ${text} not null references projects (id), created_at bigint not null, primary key (base_id, project_id))`,
    `create index knowledge_base_links_by_project on knowledge_base_links (project_id)`,

    `create table files (id ${text} primary key not null, base_id ${text} not null references knowledge_bases (id) on delete cascade,
      type ${text} not null, name ${text} not null, declared_type ${text}, size bigint not null, url ${text}, status ${text} not null,
      reason ${text}, chunks integer not null, attempts integer not null, due_at bigint not null, created_at bigint not null,
      finished_at bigint)`,
    `create index files_by_base on files (base_id, created_at, id)`,
    `create index files_unfinished on files (due_at) where finished_at is null`,
    `create table file_parts (file_id ${text} not null references files (id) on delete cascade, place integer not null, bytes ${blob} not null,
      primary key (file_id, place))`,

    `create table profile_templates (id ${text} primary key not null, project_id ${text} not null references projects (id),
      name ${text} not null, metadata_json ${text} not null, created_at bigint not null, updated_at bigint not null)`,
    `create index profile_templates_by_project on profile_templates (project_id, created_at, id)`,
    `create table profiles (id ${text} primary key not null, project_id ${text} not null, subject ${text} not null, epoch integer not null,
      template_id ${text} not null references profile_templates (id) on delete cascade, properties_json ${text} not null,
      created_at bigint not null, updated_at bigint not null)`,
    `create unique index profiles_by_subject on profiles (project_id, subject, template_id)`,
    `create index profiles_by_template on profiles (template_id)`,
  ],
};
