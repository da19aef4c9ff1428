import { DEFAULT_MIN_RELATIVITY, type ScoredCandidate } from '@continuo/domain';

/** What was said, as statements; a skill or a tool's history does not stand for the turns it was learnt from. */
const STATEMENTS: ReadonlySet<string> = new Set(['fact', 'preference', 'event']);

export interface Settled {
  /** Best first. */
  readonly candidates: readonly ScoredCandidate[];
  /** Turns for which a memory stands, and memories that say less than the turn they were drawn from. */
  readonly covered: ReadonlySet<string>;
}

/**
 * Of a turn and the memories drawn from it, those are shown that say what is asked for. When the memories have all of the query that the
 * turn has, they stand for it, the best of them in the better of both places. Otherwise the turn is shown as well, and leaves out what
 * is not worth recalling by itself and was drawn from this turn alone.
 */
export function settleTurns(candidates: readonly ScoredCandidate[]): Settled {
  const drawn = memoriesByTurn(candidates);
  const covered = new Set<string>();
  const lifted = new Map<string, number>();
  for (const turn of candidates) {
    const memories = turn.document.kind === 'turn' ? (drawn.get(turn.document.id) ?? []) : [];
    const [best] = memories;
    if (best === undefined) continue;
    const said = new Set(memories.flatMap(({ explanation }) => explanation.matched));
    if (turn.explanation.matched.every((form) => said.has(form))) {
      covered.add(turn.document.id);
      lifted.set(best.document.id, Math.max(turn.relativity, lifted.get(best.document.id) ?? best.relativity));
    } else {
      for (const memory of memories) if (addsNothing(memory, turn)) covered.add(memory.document.id);
    }
  }
  const settled = candidates
    .filter(({ document }) => !covered.has(document.id))
    .map((candidate) => ({ ...candidate, relativity: lifted.get(candidate.document.id) ?? candidate.relativity }));
  // Sorting keeps the order of equals, which is by time and id.
  return { candidates: settled.toSorted((a, b) => b.relativity - a.relativity), covered };
}

function memoriesByTurn(candidates: readonly ScoredCandidate[]): ReadonlyMap<string, readonly ScoredCandidate[]> {
  const drawn = new Map<string, ScoredCandidate[]>();
  for (const candidate of candidates.filter(({ document }) => STATEMENTS.has(document.kind)))
    for (const id of candidate.document.sourceMessageIds) {
      const known = drawn.get(id);
      if (known === undefined) drawn.set(id, [candidate]);
      else known.push(candidate);
    }
  return drawn;
}

const addsNothing = (memory: ScoredCandidate, turn: ScoredCandidate): boolean =>
  memory.relativity < DEFAULT_MIN_RELATIVITY &&
  memory.document.sourceMessageIds.every((id) => id === turn.document.id) &&
  memory.explanation.matched.every((form) => turn.explanation.matched.includes(form));

/** Whether a candidate may be shown: it is good enough itself, or a memory of a turn that is. */
export function mayBeShown(candidates: readonly ScoredCandidate[], minRelativity: number): (candidate: ScoredCandidate) => boolean {
  const isGoodEnough = ({ relativity }: ScoredCandidate): boolean => relativity >= minRelativity;
  const turns = new Set(
    candidates.filter((each) => each.document.kind === 'turn' && isGoodEnough(each)).map(({ document }) => document.id),
  );
  return (candidate) =>
    isGoodEnough(candidate) || (STATEMENTS.has(candidate.document.kind) && candidate.document.sourceMessageIds.some((id) => turns.has(id)));
}
