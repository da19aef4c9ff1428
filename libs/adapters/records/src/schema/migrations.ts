import type { Migration } from './migration.ts';
import { records } from './migrations/0001-records.ts';

/** Every step, in order. */
export const MIGRATIONS: readonly Migration[] = [records];
