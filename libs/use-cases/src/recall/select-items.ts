import { collapseNearDuplicates, documentOfMessage, matchesFilter, type ScoredCandidate } from '@continuo/domain';
import type { AbsenceReason, ArmHits, CheckedItems, RecalledItem, RecallRequest, RecallResult } from '@continuo/ports';

export interface Selection {
  readonly items: Pick<RecallResult, 'facts' | 'preferences' | 'absences'>;
}

interface SelectionInput {
  readonly request: RecallRequest;
  /** Best first. */
  readonly scored: readonly ScoredCandidate[];
  readonly checked: CheckedItems;
  readonly hits: ArmHits;
  readonly recallTurns: 'on' | 'fresh';
}

/** Cuts by relativity, confirms against the records, lets memories stand for their turns, collapses repeats, cuts by the limits. */
export function selectItems(input: SelectionInput): Selection {
  const { request, scored, checked } = input;
  const dropped = new Map<string, AbsenceReason>();
  const above = keep(scored, dropped, 'below_threshold', (candidate) => candidate.relativity >= request.minRelativity);
  const confirmed = keep(above, dropped, 'hidden', (candidate) => isConfirmed(candidate, checked, input.recallTurns));
  const covered = coveredTurns(confirmed, checked);
  const uncovered = keep(confirmed, dropped, 'covered_by_memory', (candidate) => !covered.has(candidate.document.id));
  const distinct = new Set(collapseNearDuplicates(uncovered).map((candidate) => candidate.document.id));
  const collapsed = keep(uncovered, dropped, 'near_duplicate', (candidate) => distinct.has(candidate.document.id));

  const facts = collapsed.filter((candidate) => candidate.document.kind !== 'preference');
  const preferences = collapsed.filter((candidate) => candidate.document.kind === 'preference');
  for (const candidate of [...facts.slice(request.limits.fact), ...preferences.slice(request.limits.preference)]) {
    dropped.set(candidate.document.id, 'over_limit');
  }
  const toItem = (candidate: ScoredCandidate): RecalledItem => ({
    memory: checked.memories.get(candidate.document.id) ?? null,
    turn: checked.turns.get(candidate.document.id) ?? null,
    relativity: candidate.relativity,
    explanation: candidate.explanation,
  });
  return {
    items: {
      facts: facts.slice(0, request.limits.fact).map(toItem),
      preferences: preferences.slice(0, request.limits.preference).map(toItem),
      absences: explainAbsences(input, dropped),
    },
  };
}

function keep(
  candidates: readonly ScoredCandidate[],
  dropped: Map<string, AbsenceReason>,
  reason: AbsenceReason,
  stays: (candidate: ScoredCandidate) => boolean,
): readonly ScoredCandidate[] {
  return candidates.filter((candidate) => {
    if (stays(candidate)) return true;
    dropped.set(candidate.document.id, reason);
    return false;
  });
}

function isConfirmed(candidate: ScoredCandidate, checked: CheckedItems, recallTurns: 'on' | 'fresh'): boolean {
  if (candidate.document.kind !== 'turn') return checked.memories.has(candidate.document.id);
  const turn = checked.turns.get(candidate.document.id);
  return turn !== undefined && (recallTurns === 'on' || turn.state === 'pending');
}

/** Turns that a memory to be returned was drawn from. */
function coveredTurns(candidates: readonly ScoredCandidate[], checked: CheckedItems): ReadonlySet<string> {
  return new Set(candidates.flatMap((candidate) => checked.memories.get(candidate.document.id)?.sourceMessageIds ?? []));
}

function explainAbsences(input: SelectionInput, dropped: ReadonlyMap<string, AbsenceReason>): RecallResult['absences'] {
  const { request, scored } = input;
  return request.explainIds.flatMap((id) => {
    const candidate = scored.find((each) => each.document.id === id);
    const reason = dropped.get(id) ?? (candidate === undefined ? reasonUnseen(id, input) : null);
    return reason === null ? [] : [{ id, reason, relativity: candidate?.relativity ?? null }];
  });
}

function reasonUnseen(id: string, { request, checked }: SelectionInput): AbsenceReason {
  const turn = checked.turns.get(id);
  const item = checked.memories.get(id) ?? (turn === undefined ? undefined : documentOfMessage(turn, 0));
  if (item === undefined) return checked.absent.get(id) ?? 'unknown';
  return request.filter === null || matchesFilter(item, request.filter) ? 'not_found_by_any_arm' : 'filtered';
}
