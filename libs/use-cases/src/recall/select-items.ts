import {
  collapseNearDuplicates,
  documentOfMessage,
  matchesFilter,
  type MemoryKind,
  sameScope,
  type ScoredCandidate,
} from '@continuo/domain';
import type { AbsenceReason, CheckedItems, RecalledItem, RecallRequest, RecallResult, RecallSpace } from '@continuo/ports';
import { mayBeShown, settleTurns } from './memories-for-turns.ts';
import { viewsOf } from './views.ts';

export type SelectedItems = Omit<RecallResult, 'state' | 'missingArms' | 'configuration' | 'timings'>;

export const NO_ITEMS: SelectedItems = { facts: [], preferences: [], events: [], tools: [], skills: [], profiles: [], absences: [] };

interface SelectionInput {
  readonly request: RecallRequest;
  /** All that were searched, the caller's own among them. */
  readonly spaces: readonly RecallSpace[];
  /** Best first. */
  readonly scored: readonly ScoredCandidate[];
  readonly checked: CheckedItems;
  readonly recallTurns: 'on' | 'fresh';
}

/** Confirms against the records, lets memories stand for their turns, cuts by relativity, collapses repeats, cuts by the limits. */
export function selectItems(input: SelectionInput): SelectedItems {
  const { request, scored, checked } = input;
  const dropped = new Map<string, AbsenceReason>();
  const possible = keep(scored, dropped, 'below_threshold', mayBeShown(scored, request.minRelativity));
  const confirmed = keep(possible, dropped, 'hidden', (candidate) => isConfirmed(candidate, checked, input.recallTurns));
  const viewed = keep(confirmed, dropped, 'filtered', (candidate) => viewsIn(input, candidate).length > 0);
  const { candidates: settled, covered } = settleTurns(viewed);
  keep(viewed, dropped, 'covered_by_memory', (candidate) => !covered.has(candidate.document.id));
  const uncovered = keep(settled, dropped, 'below_threshold', (candidate) => candidate.relativity >= request.minRelativity);
  const collapsed = request.without?.includes('collapse') === true ? uncovered : collapseNearDuplicates(uncovered);
  const distinct = new Set(collapsed.map((candidate) => candidate.document.id));
  keep(uncovered, dropped, 'near_duplicate', (candidate) => distinct.has(candidate.document.id));

  const within = withinLimits(input, collapsed);
  keep(collapsed, dropped, 'over_limit', (candidate) => within.some(({ shown }) => shown.has(candidate)));
  const itemsOf = (kind: MemoryKind): readonly RecalledItem[] =>
    collapsed
      .filter((candidate) => within.some(({ view, shown }) => view === kind && shown.has(candidate)))
      .map((candidate) => toItem(candidate, checked));
  return {
    facts: itemsOf('fact'),
    preferences: itemsOf('preference'),
    events: itemsOf('event'),
    tools: itemsOf('tool'),
    skills: itemsOf('skill'),
    profiles: itemsOf('profile'),
    absences: explainAbsences(input, dropped),
  };
}

interface View {
  readonly view: MemoryKind;
  readonly shown: ReadonlySet<ScoredCandidate>;
}

/** What each view shows: the best of its kind, and of all kinds together the best, each counted once however many views show it. */
function withinLimits(input: SelectionInput, candidates: readonly ScoredCandidate[]): readonly View[] {
  const { limits, together } = input.request;
  const views = Object.entries(limits).map(([view, limit]) => ({
    view: view as MemoryKind,
    best: candidates.filter((candidate) => viewsIn(input, candidate).includes(view as MemoryKind)).slice(0, limit),
  }));
  const anywhere = new Set(views.flatMap(({ best }) => best));
  const best = new Set(candidates.filter((candidate) => anywhere.has(candidate)).slice(0, together ?? undefined));
  return views.map(({ view, best: ofKind }) => ({ view, shown: new Set(ofKind.filter((candidate) => best.has(candidate))) }));
}

const viewsIn = ({ request, checked }: SelectionInput, { document }: ScoredCandidate): readonly MemoryKind[] =>
  viewsOf(document.kind === 'turn' ? null : (checked.memories.get(document.id) ?? null), request.limits);

const toItem = ({ document, relativity, explanation }: ScoredCandidate, checked: CheckedItems): RecalledItem => ({
  memory: checked.memories.get(document.id) ?? null,
  turn: checked.turns.get(document.id) ?? null,
  relativity,
  explanation,
});

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

/** Confirmed in the very space it was found in. */
function isConfirmed({ document }: ScoredCandidate, checked: CheckedItems, recallTurns: 'on' | 'fresh'): boolean {
  const item = document.kind === 'turn' ? checked.turns.get(document.id) : checked.memories.get(document.id);
  if (item === undefined || !sameScope(item.scope, document.scope)) return false;
  return recallTurns === 'on' || !('state' in item) || item.state === 'pending';
}

function explainAbsences(input: SelectionInput, dropped: ReadonlyMap<string, AbsenceReason>): RecallResult['absences'] {
  const { request, scored } = input;
  return request.explainIds.flatMap((id) => {
    const candidate = scored.find((each) => each.document.id === id);
    const reason = dropped.get(id) ?? (candidate === undefined ? reasonUnseen(id, input) : null);
    return reason === null ? [] : [{ id, reason, relativity: candidate?.relativity ?? null }];
  });
}

function reasonUnseen(id: string, { spaces, checked }: SelectionInput): AbsenceReason {
  const turn = checked.turns.get(id);
  const item = checked.memories.get(id) ?? (turn === undefined ? undefined : documentOfMessage(turn, 0));
  if (item === undefined) return checked.absent.get(id) ?? 'unknown';
  const filter = spaces.find(({ scope }) => sameScope(scope, item.scope))?.filter ?? null;
  return filter === null || matchesFilter(item, filter) ? 'not_found_by_any_arm' : 'filtered';
}
