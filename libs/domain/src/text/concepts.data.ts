import { BODY } from './concepts-body.data.ts';
import type { ConceptEntry } from './concept-entry.ts';
import { PEOPLE_AND_DAYS } from './concepts-people-and-days.data.ts';
import { ROAD_AND_TABLE } from './concepts-road-and-table.data.ts';

/** Everyday topics in English and Chinese, so that "which city" meets "a trip to Guangzhou" without vectors. */
export const CONCEPTS: readonly ConceptEntry[] = [...ROAD_AND_TABLE, ...PEOPLE_AND_DAYS, ...BODY];
