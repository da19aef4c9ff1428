import type { Migration } from './migration.ts';
import { records } from './migrations/0001-records.ts';
import { retention } from './migrations/0002-retention.ts';
import { wholeContract } from './migrations/0003-whole-contract.ts';
import { withheldWords } from './migrations/0004-withheld-words.ts';
import { saidById } from './migrations/0005-said-by-id.ts';

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [records, retention, wholeContract, withheldWords, saidById];

/** The number of the newest step. */
export const NEWEST_SCHEMA: number = MIGRATIONS.at(-1)?.number ?? 0;
