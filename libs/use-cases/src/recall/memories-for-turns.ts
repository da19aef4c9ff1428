import type { ScoredCandidate } from '@continuo/domain';
import type { CheckedItems } from '@continuo/ports';

/** What was said, as statements; a skill or a tool's history does not stand for the turns it was learnt from. */
const STATEMENTS: ReadonlySet<string> = new Set(['fact', 'preference', 'event']);

export interface Settled {
  /** Best first. */
  readonly candidates: readonly ScoredCandidate[];
  /** Turns for which a memory stands, and memories that say less than the turn they were drawn from. */
  readonly covered: ReadonlySet<string>;
}

/**
 * Of a turn and the memories drawn from it one is shown. A memory stands for its turn, in the better of both places, when it has all of
 * the query that the turn has. A turn of which no memory says what is asked for is shown itself, instead of those of its memories that
 * have nothing to add.
 */
export function settleTurns(candidates: readonly ScoredCandidate[], checked: CheckedItems): Settled {
  const drawn = memoriesByTurn(candidates, checked);
  const covered = new Set<string>();
  const lifted = new Map<string, number>();
  for (const turn of candidates) {
    const memories = turn.document.kind === 'turn' ? (drawn.get(turn.document.id) ?? []) : [];
    const standing = memories.find((memory) => hasAll(memory, turn));
    if (standing !== undefined) {
      covered.add(turn.document.id);
      lifted.set(standing.document.id, Math.max(turn.relativity, lifted.get(standing.document.id) ?? standing.relativity));
    } else {
      for (const memory of memories) if (hasAll(turn, memory) && memory.relativity <= turn.relativity) covered.add(memory.document.id);
    }
  }
  const settled = candidates
    .filter(({ document }) => !covered.has(document.id))
    .map((candidate) => ({ ...candidate, relativity: lifted.get(candidate.document.id) ?? candidate.relativity }));
  // Sorting keeps the order of equals, which is by time and id.
  return { candidates: settled.toSorted((a, b) => b.relativity - a.relativity), covered };
}

function memoriesByTurn(candidates: readonly ScoredCandidate[], checked: CheckedItems): ReadonlyMap<string, readonly ScoredCandidate[]> {
  const drawn = new Map<string, ScoredCandidate[]>();
  for (const candidate of candidates.filter(({ document }) => STATEMENTS.has(document.kind)))
    for (const id of checked.memories.get(candidate.document.id)?.sourceMessageIds ?? []) {
      const known = drawn.get(id);
      if (known === undefined) drawn.set(id, [candidate]);
      else known.push(candidate);
    }
  return drawn;
}

/** Whether all of the query that was found in the other one was found in this one, too. */
const hasAll = (one: ScoredCandidate, other: ScoredCandidate): boolean =>
  other.explanation.matched.every((form) => one.explanation.matched.includes(form));
