import { type Memory, type Message, sameScope, type Scope, type ScoredCandidate } from '@continuo/domain';
import type { CheckedItems, RecallRecords } from '@continuo/ports';
import type { FoundSpace } from './candidates.ts';
import { inTime, type Timely } from './in-time.ts';
import type { SearchRun } from './search-run.ts';

interface CheckedSpace {
  readonly scope: Scope;
  readonly elsewhere: boolean;
  readonly check: Timely<CheckedItems>;
}

/**
 * The last word is the records': what they do not confirm is not returned. One check per space, side by side; without the caller's own
 * nothing may be returned, and of another space that fails its check nothing is.
 */
export async function checkSpaces(
  records: RecallRecords,
  run: SearchRun,
  found: readonly FoundSpace[],
  worthChecking: readonly ScoredCandidate[],
): Promise<Timely<CheckedItems>> {
  const checks = await Promise.all(
    found.map(async ({ space: { scope }, elsewhere, overlay }): Promise<CheckedSpace> => {
      const named = worthChecking.filter(({ document }) => sameScope(document.scope, scope)).map(({ document }) => document.id);
      const ids = [...new Set([...named, ...run.request.explainIds])];
      if (ids.length === 0) return { scope, elsewhere, check: { status: 'done', value: NOTHING } };
      const check = await inTime(records.check(scope, overlay.epoch, ids), run.deadlineAt, run.options.signal);
      if (check.status !== 'done' && elsewhere) run.missingArms.add('check');
      return { scope, elsewhere, check };
    }),
  );
  const own = checks.find(({ elsewhere }) => !elsewhere)?.check;
  return own === undefined || own.status === 'done' ? { status: 'done', value: together(checks) } : own;
}

/** What all of them confirmed, each of its own scope alone. */
function together(checks: readonly CheckedSpace[]): CheckedItems {
  const memories = new Map<string, Memory>();
  const turns = new Map<string, Message>();
  const absent = new Map<string, 'superseded' | 'deleted' | 'hidden'>();
  for (const { scope, check } of checks) {
    if (check.status !== 'done') continue;
    for (const memory of check.value.memories.values()) if (sameScope(scope, memory.scope)) memories.set(memory.id, memory);
    for (const turn of check.value.turns.values()) if (sameScope(scope, turn.scope)) turns.set(turn.id, turn);
    for (const [id, reason] of check.value.absent) absent.set(id, reason);
  }
  return { memories, turns, absent };
}

const NOTHING: CheckedItems = { memories: new Map(), turns: new Map(), absent: new Map() };
