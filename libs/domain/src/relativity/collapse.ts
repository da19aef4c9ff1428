import { sameStatement, statementTraits, type StatementTraits } from '../text/near-duplicate.ts';
import type { ScoredCandidate } from './types.ts';

/**
 * Leaves one of several candidates that say the same: a memory rather than a turn, the newer rather than the older. It takes the
 * place and the relativity of the best of them. Texts that differ in a number, a date, a name or a negation never collapse.
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
  const kinds = new Set([a.document.kind, b.document.kind]);
  if (a.document.about !== b.document.about || (kinds.has('fact') && kinds.has('preference'))) return false;
  const [first, second] = [a.document.eventTime, b.document.eventTime];
  return first === null || second === null || (first.from === second.from && first.to === second.to);
}

function standsFor(other: ScoredCandidate, best: ScoredCandidate): boolean {
  const otherIsTurn = other.document.kind === 'turn';
  if (otherIsTurn !== (best.document.kind === 'turn')) return !otherIsTurn;
  return other.document.statedAt > best.document.statedAt;
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
