import type { Migration } from '../migration.ts';

/** What somebody said in the spaces of others is found when they are erased. */
export const saidById: Migration = {
  number: 5,
  name: 'said-by-id',
  statements: () => ['create index messages_by_speaker on messages (project_id, speaker_id) where speaker_id is not null'],
};
