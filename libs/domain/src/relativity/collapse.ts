import { sameStatement, statementTraits, type StatementTraits } from '../text/near-duplicate.ts';
import { sameScope } from '../scope.ts';
import type { ScoredCandidate } from './types.ts';

/** Two of different spaces that lie closer than this are as good as each other: the same words differ by when they were said alone. */
const AS_GOOD = 0.05;

/**
 * Leaves one of several candidates that say the same: a memory rather than a turn, the newer rather than the older, and of different
 * spaces the better one, or the caller's own if they are as good. It takes the place and the relativity of the best of them. Texts that
 * differ in a number, a date, a name or a negation never collapse, nor do memories of different kinds.
 */
export function collapseNearDuplicates(scored: readonly ScoredCandidate[]): readonly ScoredCandidate[] {
  const groups: { readonly traits: StatementTraits; readonly members: ScoredCandidate[] }[] = [];
  for (const candidate of scored) {
    const traits = traitsOf(candidate.document.text);
    const group = groups.find(
      (other) => sameStatement(other.traits, traits) && other.members.every((member) => isOfTheSame(member, candidate)),
    );
    if (group === undefined) groups.push({ traits, members: [candidate] });
    else group.members.push(candidate);
  }
  return groups.map(({ members }) => {
    const chosen = members.reduce((best, other) => (standsFor(other, best) ? other : best));
    return { ...chosen, relativity: Math.max(...members.map((member) => member.relativity)) };
  });
}

/** The same person, the same kind of memory, and no two different times. */
function isOfTheSame(a: ScoredCandidate, b: ScoredCandidate): boolean {
  if (a.document.about !== b.document.about || !isOfLikeKind(a.document.kind, b.document.kind)) return false;
  const [first, second] = [a.document.eventTime, b.document.eventTime];
  return first === null || second === null || (first.from === second.from && first.to === second.to);
}

/** A turn says what a statement drawn from it says. */
const isOfLikeKind = (a: Kind, b: Kind): boolean => a === b || (a === 'turn' && SAID.has(b)) || (b === 'turn' && SAID.has(a));

type Kind = ScoredCandidate['document']['kind'];
const SAID: ReadonlySet<Kind> = new Set(['fact', 'preference', 'event']);

function standsFor(other: ScoredCandidate, best: ScoredCandidate): boolean {
  const otherIsTurn = other.document.kind === 'turn';
  if (otherIsTurn !== (best.document.kind === 'turn')) return !otherIsTurn;
  if (sameScope(other.document.scope, best.document.scope)) return other.document.statedAt > best.document.statedAt;
  if (Math.abs(other.relativity - best.relativity) > AS_GOOD) return other.relativity > best.relativity;
  return other.elsewhere !== true && best.elsewhere === true;
}

const CACHE_SIZE = 2_000;
/** Longer texts are seldom many, and would make the cache large. */
const LONGEST_KEPT = 1_000;
const cache = new Map<string, StatementTraits>();

/** Reads a text once while it is in use: one person's memories come up again with every search. */
function traitsOf(text: string): StatementTraits {
  if (text.length > LONGEST_KEPT) return statementTraits(text);
  const traits = cache.get(text) ?? statementTraits(text);
  cache.delete(text);
  cache.set(text, traits);
  const [oldest] = cache.size > CACHE_SIZE ? cache.keys() : [];
  if (oldest !== undefined) cache.delete(oldest);
  return traits;
}
