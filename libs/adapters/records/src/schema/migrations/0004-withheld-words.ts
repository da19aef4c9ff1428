import type { Migration } from '../migration.ts';

/** Of a message that is recalled verbatim, single statements may be withheld. */
export const withheldWords: Migration = {
  number: 4,
  name: 'withheld-words',
  statements: ({ text }) => [`alter table messages add column withheld_json ${text} not null default '[]'`],
};
