import type { MemoryKind } from '../memory.ts';
import { withoutEmoji } from './emoji.ts';

/** What a pattern understands of a clause, before dates, entities and key phrases are added. */
export interface Draft {
  readonly kind: MemoryKind;
  readonly topicKey: string | null;
  readonly topicValue: string | null;
  readonly negated: boolean;
  readonly about: string | null;
  /** Spheres it belongs to, besides those its words show. */
  readonly spheres: readonly string[];
  readonly entities: readonly string[];
  readonly confidence: number;
}

export const PATTERN_CONFIDENCE = 0.9;
export const GENERAL_CONFIDENCE = 0.7;

const EMPTY: Draft = {
  kind: 'fact',
  topicKey: null,
  topicValue: null,
  negated: false,
  about: null,
  spheres: [],
  entities: [],
  confidence: PATTERN_CONFIDENCE,
};

export const draft = (traits: Partial<Draft>): Draft => ({ ...EMPTY, ...traits });

/** A fact in a slot that holds one value at a time. */
export const slot = (topicKey: string, value: string, traits: Partial<Draft> = {}): Draft =>
  draft({ topicKey, topicValue: normaliseValue(value), ...traits });

/** A pattern with what it makes of a match; null where a closer look says no. */
export interface DraftRule {
  readonly pattern: RegExp;
  readonly make: (group: (name: string) => string, clause: string) => Draft | null;
}

export function firstDraft(rules: readonly DraftRule[], clause: string): Draft | null {
  for (const { pattern, make } of rules) {
    const match = pattern.exec(clause);
    if (match === null) continue;
    const made = make((name) => match.groups?.[name]?.trim() ?? '', clause);
    if (made !== null) return made;
  }
  return null;
}

/** A value as it is compared: width and case folded, without articles, marks and trailing particles. */
export const normaliseValue = (value: string): string =>
  withoutEmoji(value)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘]/gu, "'")
    .replace(/^[\s"“「']+|[\s"”」'.,!?。，！？;；:：]+$/gu, '')
    .replace(/^(?:a|an|the|my|our|some|any)\s+/u, '')
    .replace(/\s+/gu, ' ')
    .trim();
