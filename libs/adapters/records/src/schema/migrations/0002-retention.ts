import type { Migration } from '../migration.ts';

/** Ended tasks are found by when they ended. */
export const retention: Migration = {
  number: 2,
  name: 'retention',
  statements: () => ['create index tasks_by_end on tasks (finished_at) where finished_at is not null'],
};
