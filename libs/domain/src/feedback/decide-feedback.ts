import { spokenLanguage } from '../extraction/clauses.ts';
import { patternDraft } from '../extraction/understand.ts';
import type { MemoryDetails } from '../memory-details.ts';
import type { Candidate, Memory } from '../memory.ts';
import type { MemoryChange } from '../reconciliation/edited-memory.ts';
import type { Verdict } from '../reconciliation/reconcile.ts';
import { ENGLISH_STOP_WORDS, LIGHT_WORDS } from '../text/stop-words.ts';
import { normaliseText } from '../text/fold.ts';
import { statementTraits } from '../text/near-duplicate.ts';
import { remember } from '../text/remember.ts';
import { hasKeyword, replaceKeyword, replaceKeywordIn } from './keyword.ts';
import type { FeedbackPart, FeedbackReading } from './read-feedback.ts';
import type { KeywordReplacement } from './replacements.ts';

/** What feedback does to what is known, before anything new is drawn from it. */
export interface FeedbackDecision {
  readonly rewrite: readonly { readonly id: string; readonly edit: MemoryChange }[];
  readonly deny: readonly string[];
  /** What is left to be read as statements, a sentence a line: parts that changed something known say nothing more. */
  readonly statements: string;
}

/** Share of the words of a sentence that a memory must have to be the one that is corrected. */
const SAYS_THE_LIKE = 0.6;

/** Words are replaced and denials applied to current memories; by which order they come, an earlier part goes first. */
export function decideFeedback(reading: FeedbackReading, known: readonly Memory[]): FeedbackDecision {
  const memories = new Map(known.filter(({ status }) => status === 'current').map((memory) => [memory.id, memory]));
  const rewritten = new Map<string, Memory>();
  const denied = new Set<string>();
  const statements: string[] = [];
  for (const part of reading.parts) {
    const meant = meantBy(part, [...memories.values()]);
    for (const memory of meant) {
      if (part.replacement === null) {
        denied.add(memory.id);
        memories.delete(memory.id);
        rewritten.delete(memory.id);
      } else {
        const corrected = rewrite(memory, part.replacement);
        memories.set(memory.id, corrected);
        rewritten.set(memory.id, corrected);
      }
    }
    if (meant.length === 0 && part.statement !== '') statements.push(part.statement);
  }
  return {
    rewrite: [...rewritten.values()].map(({ id, text, title, details }) => ({ id, edit: { text, title, details, status: null } })),
    deny: [...denied],
    statements: statements.map((statement) => (/[.。!！?？]$/u.test(statement) ? statement : closed(statement))).join('\n'),
  };
}

function meantBy({ replacement, denied }: FeedbackPart, memories: readonly Memory[]): readonly Memory[] {
  if (replacement !== null) return replacement.from === '' ? [] : memories.filter((memory) => isCorrected(memory, replacement));
  return denied === null ? [] : memories.filter(whatSays(denied));
}

function isCorrected(memory: Memory, { from, within }: KeywordReplacement): boolean {
  if (memory.details.document !== undefined) return false;
  if (!hasKeyword(memory.text, from)) return within === null && memory.kind === 'skill' && hasKeyword(JSON.stringify(memory.details), from);
  return within === null || wordsShared(within, memory.text) >= SAYS_THE_LIKE;
}

const rewrite = (memory: Memory, { from, to }: KeywordReplacement): Memory => ({
  ...memory,
  text: replaceKeyword(memory.text, from, to),
  title: replaceKeyword(memory.title, from, to),
  details: detailsWith(memory.details, (value) => replaceKeywordIn(value, from, to)),
});

/** Names of profile fields and of files are nobody's words. */
const detailsWith = ({ event, tool, skill, ...names }: MemoryDetails, corrected: <Value>(value: Value) => Value): MemoryDetails => ({
  ...names,
  ...(event === undefined ? {} : { event: corrected(event) }),
  ...(tool === undefined ? {} : { tool: corrected(tool) }),
  ...(skill === undefined ? {} : { skill: { ...corrected(skill), fileId: skill.fileId } }),
});

/** Tells of a memory whether it says what is denied: it has all its words, or the same value in the same slot. */
function whatSays(denied: string): (memory: Memory) => boolean {
  const said = patternDraft(denied, spokenLanguage(denied) ?? 'en');
  const words = [...wordsOf(denied)].filter((word) => !SMALL_WORDS.has(word));
  // What is denied comes last, as a rule, and is rarer than what it does.
  const last = words.slice(-1);
  return (memory) => {
    if (memory.negated || memory.details.document !== undefined) return false;
    if (said !== null && said.topicKey !== null && said.topicKey === memory.topicKey && said.topicValue === memory.topicValue) return true;
    const text = `${memory.title} ${memory.text}`;
    if (words.length === 0 || begun(last, text) === 0) return false;
    const there = wordsOf(text);
    return words.every((word) => there.has(word));
  };
}

/** What may be in a denial and not in what it denies. */
const SMALL_WORDS = new Set(['in', 'at', 'on', 'to', 'of', 'for', 'with', 'from', 'ever', 'any', 'anything', 'all']);

/** Share of the telling words of one text that are in the other; 0 when it is half of them or less. */
function wordsShared(text: string, other: string): number {
  const words = [...wordsOf(text)].filter((word) => !LIGHT_WORDS.has(word) && !ENGLISH_STOP_WORDS.has(word));
  if (words.length === 0 || begun(words, other) * 2 <= words.length) return 0;
  const there = wordsOf(other);
  return words.filter((word) => there.has(word)).length / words.length;
}

/** How many of the words a text may have, by their first letters: a look that spares most texts the reading. */
function begun(words: readonly string[], text: string): number {
  const written = /^[\u0000-\u007f]*$/u.test(text) ? text.toLowerCase() : normaliseText(text);
  return words.filter((word) => written.includes(word.slice(0, FIRST_LETTERS))).length;
}

/** Behind these an inflected word differs from its stem. */
const FIRST_LETTERS = 3;

const TEXTS_REMEMBERED = 4_000;
const LONGEST_REMEMBERED = 600;

/** The same memories are looked at for every part of a feedback. */
const wordsOf = remember((text) => statementTraits(text).words, TEXTS_REMEMBERED, LONGEST_REMEMBERED);

const closed = (statement: string): string => `${statement}${/\p{Script=Han}$/u.test(statement) ? '。' : '.'}`;

/** More of the words than this are the same: one says of the same thing something else. */
const MOSTLY_THE_SAME = 0.5;

/**
 * Which known memory each candidate of a correction stands against, where no slot tells: the one whose words are mostly the same.
 * Something merely alike is left alone; by index of the candidate.
 */
export function correctedBy(candidates: readonly Candidate[], known: readonly Memory[]): ReadonlyMap<number, Verdict> {
  const verdicts = new Map<number, Verdict>();
  for (const [index, candidate] of candidates.entries()) {
    if (candidate.topicKey !== null) continue;
    const [closest] = known
      .filter((memory) => memory.status === 'current' && memory.kind === candidate.kind && memory.about === candidate.about)
      .map((memory) => ({ memory, share: Math.min(wordsShared(memory.text, candidate.text), wordsShared(candidate.text, memory.text)) }))
      .filter(({ share }) => share > MOSTLY_THE_SAME)
      .toSorted((a, b) => b.share - a.share || (a.memory.id < b.memory.id ? -1 : 1));
    if (closest !== undefined) verdicts.set(index, { action: 'supersede', memoryId: closest.memory.id });
  }
  return verdicts;
}
