import { canonicalContent, SINGLE_OVERLAP_MS } from './message-identity.ts';
import type { NewMessage } from './message.ts';

type Spoken = Pick<NewMessage, 'role' | 'content' | 'parts'>;

/** A conversation as its client tells it, and what it asks now. */
export interface ToldTurn {
  readonly told: readonly Spoken[];
  readonly question: Spoken;
}

/**
 * Which of the told messages, and then of the question, the conversation already holds: for each the index in `stored`, or null when
 * it is new. A client may have left out turns, at the start or wherever an answer was made anew, but tells the rest in order; so a
 * message is held when an equal one stands after the one held before it.
 *
 * A question is held when it stood after what was told last, and so is asked again for another answer; a first question only for ten
 * minutes, because it may be said again.
 *
 * @param stored in order, with the first message of the conversation; what is equal to nothing told may be left out.
 */
export function recogniseTold(
  stored: readonly (Spoken & { readonly createdAt: number })[],
  { told, question }: ToldTurn,
  now: number,
): readonly (number | null)[] {
  const known = stored.map(wordsOf);
  let next = 0;
  const held = told.map((message) => {
    const at = known.indexOf(wordsOf(message), next);
    if (at === -1) return null;
    next = at + 1;
    return at;
  });
  return [...held, askedBefore()];

  function askedBefore(): number | null {
    const asked = wordsOf(question);
    const last = told.at(-1);
    const first = stored[0];
    if (last === undefined) return first !== undefined && known[0] === asked && now - first.createdAt < SINGLE_OVERLAP_MS ? 0 : null;
    if (held.at(-1) === null) return null;
    // The last of equal ones: what follows an earlier one may be what was told.
    const at = known.indexOf(asked, known.lastIndexOf(wordsOf(last)) + 1);
    return at === -1 ? null : at;
  }
}

const wordsOf = (message: Spoken): string => `${message.role}:${canonicalContent(message)}`;
