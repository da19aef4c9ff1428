import { spokenLanguage } from '../extraction/clauses.ts';
import { normaliseValue } from '../extraction/draft.ts';
import { entitiesOf } from '../extraction/entities.ts';
import { keyPhrasesFor } from '../extraction/key-phrases.ts';
import { patternDraft } from '../extraction/understand.ts';
import type { EventDetails, MemoryDetails } from '../memory-details.ts';
import type { Memory } from '../memory.ts';
import { normaliseText } from '../text/fold.ts';
import { detectLanguage } from '../text/language.ts';
import { LONGEST_READ } from '../text/longest-read.ts';
import { withoutEnd } from '../text/without-end.ts';
import { readTimeExpressions } from '../time/index.ts';

/** The extractor of what a person wrote themself, by an edit or by feedback: no reading of older words replaces it. */
export const EDITED_EXTRACTOR = 'edit';

/** How sure we are of what somebody corrected by hand (the contract's value for feedback). */
export const CORRECTED_CONFIDENCE = 0.99;

/** What is changed of a memory; null: unchanged. */
export interface MemoryChange {
  readonly text: string | null;
  readonly title: string | null;
  readonly status: 'current' | 'superseded' | null;
  readonly details: MemoryDetails | null;
}

/** When it was changed, and the newest message of its subject by then. */
export interface ChangeTime {
  readonly now: number;
  readonly sequence: number;
}

const LONGEST_TITLE = 60;
const LONGEST_CHINESE_TITLE = 20;
const MOST_ENTITIES = 20;

/**
 * What a memory becomes by an edit. A new wording is read anew, so that nothing of the old one finds it: its title, its quotes, its
 * value in a slot. It counts as said now. A slot is kept or left, never taken: the memory that holds it is not asked.
 */
export function editedMemory(memory: Memory, change: MemoryChange, at: ChangeTime): Memory {
  const worded = withText(memory, change, at);
  const titled = change.title === null ? worded : { ...worded, title: change.title };
  return { ...withStatus(titled, change.status, at), updatedAt: at.now, indexVersion: memory.indexVersion + 1 };
}

function withText(memory: Memory, { text, details }: MemoryChange, at: ChangeTime): Memory {
  if (text === null || text === memory.text) {
    const affirmed = text === null || memory.status !== 'current' ? memory : affirmedMemory(memory, at);
    return details === null ? affirmed : { ...affirmed, details };
  }
  const said = { ...memory, text, quotes: [], confidence: CORRECTED_CONFIDENCE, extractor: EDITED_EXTRACTOR };
  const spoken = { ...said, language: detectLanguage(text), details: details ?? detailsStillIn(memory.details, text) };
  const holds = memory.status === 'current' ? { ...spoken, statedAt: at.now, sourceSequence: at.sequence, validFrom: at.now } : spoken;
  // The text of these kinds is no sentence about anybody.
  if (memory.kind === 'tool' || memory.kind === 'skill') return holds;
  if (memory.kind === 'profile') return { ...holds, topicValue: normaliseValue(holds.details.profile?.value ?? text) };
  return { ...holds, ...readingOf(memory, text, at.now) };
}

/** Written down once more as it stands: from now on older evidence cannot replace it. */
const affirmedMemory = (memory: Memory, at: ChangeTime): Memory => ({
  ...memory,
  extractor: EDITED_EXTRACTOR,
  statedAt: at.now,
  sourceSequence: at.sequence,
});

function readingOf(memory: Memory, whole: string, now: number): Partial<Memory> {
  const text = whole.slice(0, LONGEST_READ);
  const language = spokenLanguage(text) ?? 'en';
  const understood = patternDraft(withoutEnd(text, '.!。！'), language);
  const elsewhere = understood?.topicKey !== null && understood !== null && understood.topicKey !== memory.topicKey;
  const topicKey = elsewhere ? null : memory.topicKey;
  return {
    title: titleFrom(text),
    entities: [...new Set([...(understood?.entities ?? []), ...entitiesOf(text, language)])].slice(0, MOST_ENTITIES),
    keyPhrases: keyPhrasesFor(text, understood?.spheres ?? [], topicKey),
    topicKey,
    topicValue: topicKey === null ? null : (understood?.topicValue ?? null),
    negated: understood?.negated ?? memory.negated,
    eventTime: readTimeExpressions(text, now, 'UTC')[0]?.range ?? null,
  };
}

function titleFrom(text: string): string {
  const longest = /\p{Script=Han}/u.test(text) ? LONGEST_CHINESE_TITLE : LONGEST_TITLE;
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest).join('').trimEnd()}…`;
}

/** Of when, where and who, what the new text still says. */
function detailsStillIn(details: MemoryDetails, text: string): MemoryDetails {
  if (details.event === undefined) return details;
  const written = normaliseText(text);
  const still = (names: readonly string[]): readonly string[] => names.filter((name) => written.includes(normaliseText(name)));
  const event: EventDetails = {
    times: still(details.event.times),
    locations: still(details.event.locations),
    roles: still(details.event.roles),
  };
  return { ...details, event };
}

function withStatus(memory: Memory, status: MemoryChange['status'], at: ChangeTime): Memory {
  if (status === null || status === memory.status) return memory;
  if (status === 'superseded') return { ...memory, status, supersededBy: null, validTo: Math.max(memory.validFrom, at.now) };
  return {
    ...memory,
    status,
    supersededBy: null,
    validFrom: at.now,
    validTo: null,
    statedAt: at.now,
    sourceSequence: at.sequence,
  };
}
