import { RULES_EXTRACTOR } from '../extraction/candidates.ts';
import { CHINESE_PEOPLE, ENGLISH_PEOPLE } from '../extraction/relations.data.ts';
import type { Candidate, Memory } from '../memory.ts';
import { foldText } from '../text/fold.ts';
import { statementTraits } from '../text/near-duplicate.ts';
import { EDITED_EXTRACTOR } from './edited-memory.ts';

/** What the rules made of the words that a model has now read, or the other way round: mining again must double nothing. */
export const isOtherReading = (memory: Memory, candidate: Candidate): boolean =>
  memory.kind === candidate.kind &&
  isStatement(memory) &&
  isStatement(candidate) &&
  memory.about === candidate.about &&
  (memory.extractor === RULES_EXTRACTOR) !== (candidate.extractor === RULES_EXTRACTOR) &&
  memory.sourceMessageIds.some((id) => candidate.sourceMessageIds.includes(id)) &&
  sharesMostWords(memory.text, candidate.text);

/** What a person has made of these words since: no reading of them says it better. */
export const wasRewritten = (memory: Memory, candidate: Candidate): boolean =>
  memory.extractor === EDITED_EXTRACTOR &&
  isStatement(memory) === isStatement(candidate) &&
  memory.about === candidate.about &&
  memory.sourceMessageIds.some((id) => candidate.sourceMessageIds.includes(id)) &&
  sharesMostWords(memory.text, candidate.text);

/** Most words of the shorter text are in the other: enough for two readings of one message, and for nothing else. */
function sharesMostWords(a: string, b: string): boolean {
  const [shorter, longer] = [statementTraits(a).words, statementTraits(b).words].toSorted((left, right) => left.size - right.size);
  if (shorter === undefined || longer === undefined) return false;
  return [...shorter].filter((word) => longer.has(word)).length * 2 > shorter.size;
}

/**
 * What tools did, how a task is done and what a file says is no sentence of anybody's: it repeats another word for word or not at all,
 * and the message it came with goes on standing.
 */
export const isStatement = ({ kind, origin }: Pick<Candidate, 'kind' | 'origin'>): boolean =>
  kind !== 'tool' && kind !== 'skill' && origin !== 'document';

/** Slots whose value is a state of one thing (`habit.smoking`: stopped), so that any other state replaces it. */
const STATE_SLOT = /^(?:person\.[^.]+\.)?(?:habit|preference)\./u;

/** True when both fill one slot and cannot hold at the same time: where one is brought back, the other one ends. */
export const excludeEachOther = (one: Memory, other: Memory): boolean => one.id !== other.id && isRival(one, other);

/**
 * Two values of one slot of one person. What denies a value stands against that value alone: "I no longer live in Paris" says
 * nothing against Lyon.
 */
export function isRival(known: Memory, memory: Memory): boolean {
  if (memory.topicKey === null || known.topicKey !== memory.topicKey || known.about !== memory.about) return false;
  const denies = (known.negated || memory.negated) && !STATE_SLOT.test(memory.topicKey);
  return !denies || known.topicValue === null || memory.topicValue === null || known.topicValue === memory.topicValue;
}

/** What was stated later wins; at equal times, what arrived later: an edit knew of every message that had come. */
export const isNewer = (known: Memory, memory: Memory): boolean =>
  known.statedAt > memory.statedAt ||
  (known.statedAt === memory.statedAt &&
    (known.sourceSequence > memory.sourceSequence ||
      (known.extractor === EDITED_EXTRACTOR && known.sourceSequence === memory.sourceSequence)));

export const sameSlotAndValue = (memory: Memory, candidate: Candidate): boolean =>
  candidate.topicKey !== null &&
  candidate.topicValue !== null &&
  memory.topicKey === candidate.topicKey &&
  memory.topicValue === candidate.topicValue;

/** "My kid" and "my child" are one, as far as anybody can tell. */
export const isSamePerson = (one: string | null, other: string | null): boolean =>
  one === other ||
  (one !== null && other !== null && (foldText(one) === foldText(other) || isSameRelation(relationOf(one), relationOf(other))));

const isSameRelation = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one === other;

const relationOf = (about: string): string | undefined => (ENGLISH_PEOPLE[about.toLowerCase()] ?? CHINESE_PEOPLE[about])?.relation;

export const differInSlot = (memory: Memory, candidate: Candidate): boolean =>
  memory.topicKey !== null &&
  candidate.topicKey !== null &&
  (memory.topicKey !== candidate.topicKey || memory.topicValue !== candidate.topicValue);

/** Fuller words for what a memory says: they fill its slot, are about the same person, rest on what it rests on, and are no older. */
export const growing = (candidate: Candidate, memory: Memory): Candidate => ({
  ...candidate,
  ...(memory.topicKey === null ? {} : { topicKey: memory.topicKey, topicValue: memory.topicValue }),
  about: memory.about ?? candidate.about,
  statedAt: Math.max(memory.statedAt, candidate.statedAt),
  sourceMessageIds: union(memory.sourceMessageIds, candidate.sourceMessageIds),
  quotes: union(memory.quotes, candidate.quotes),
});

export const evidenceOf = (memories: readonly Memory[]): number => memories.reduce((sum, { evidence }) => sum + evidence, 0);

/** What stands in one list or the other, each once. */
export const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];
