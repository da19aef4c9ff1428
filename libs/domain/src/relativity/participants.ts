import { tokenise } from '../text/tokens.ts';
import type { Surroundings } from './neighbours.ts';
import type { QueryAnalysis, RecallCandidate } from './types.ts';
import { DIALOGUE } from './weights.ts';

/** Who said a turn among people talking to each other; null: an assistant, nobody with a name, or it is a memory. */
export const speakerOf = ({ document }: RecallCandidate): string | null =>
  document.kind === 'turn' && document.role === 'user' ? (document.keys[0] ?? null) : null;

/**
 * The one participant whom the query names; null where it names none or several, or where nobody but one person and an assistant talk:
 * then there is nobody to tell apart.
 */
export function participantNamed(query: QueryAnalysis, candidates: readonly RecallCandidate[]): string | null {
  const speakers = [...new Set(candidates.map(speakerOf))].filter((speaker) => speaker !== null);
  if (speakers.length < 2) return null;
  const asked = new Set(tokenise(query.text.slice(-LONGEST_READ)).map(({ stem }) => stem));
  const named = speakers.filter((speaker) => tokenise(speaker).some(({ stem }) => asked.has(stem)));
  return named.length === 1 ? (named[0] ?? null) : null;
}

const LONGEST_READ = 1_000;

export const isSaidBy = (candidate: RecallCandidate, participant: string | null): boolean =>
  participant !== null && speakerOf(candidate) === participant;

const ASKS = /[?？]/u;

/**
 * Adds to each answer that one person gives another a share of what the question right before it is worth: "Where was that?" – "In Lyon".
 * What an assistant answers says nothing about anybody.
 */
export function repliesRaised(candidates: readonly RecallCandidate[], worth: readonly number[], { at }: Surroundings): readonly number[] {
  return candidates.map((candidate, index) => {
    const before = at(index, -1);
    const question = before === null ? undefined : candidates[before];
    if (before === null || question === undefined || !isAnswer(question, candidate)) return 0;
    return DIALOGUE.reply * Math.max(0, (worth[before] ?? 0) - DIALOGUE.replyFrom);
  });
}

function isAnswer(question: RecallCandidate, answer: RecallCandidate): boolean {
  const [asking, answering] = [speakerOf(question), speakerOf(answer)];
  return asking !== null && answering !== null && asking !== answering && ASKS.test(question.document.text);
}
