import { PEOPLE_AND_DAYS } from './concepts-people-and-days.data.ts';
import { ROAD_AND_TABLE } from './concepts-road-and-table.data.ts';

/** A topic of everyday life. Entries are parted by commas; `~` marks a word that only hints at the topic, `=` one that counts in this form only. */
export interface ConceptEntry {
  readonly id: string;
  /** The wider topics it belongs to. */
  readonly within?: readonly string[];
  /** Words that name the topic, or an act that belongs to it. */
  readonly names: string;
  /** Words that are one case of it. */
  readonly cases?: string;
}

/** Everyday topics in English and Chinese, so that "which city" meets "a trip to Guangzhou" without vectors. */
export const CONCEPTS: readonly ConceptEntry[] = [...ROAD_AND_TABLE, ...PEOPLE_AND_DAYS];
