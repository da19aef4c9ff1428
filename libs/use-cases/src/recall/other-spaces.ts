import { sameScope } from '@continuo/domain';
import type { ArmHits, Overlay, RecallRecords, RecallSpace } from '@continuo/ports';
import type { FoundSpace } from './candidates.ts';
import { inTime } from './in-time.ts';
import type { SearchRun } from './search-run.ts';

/** Other spaces searched at the same moment: a recall over many of them leaves the stores to others, too. */
const SPACES_AT_ONCE = 8;

/** A space that somebody wrote to. */
export interface UsedSpace {
  readonly space: RecallSpace;
  readonly epoch: number;
}

/** Which of the other spaces are worth a search. Where that cannot be told in time none is, and the run says so. */
export async function usedSpaces(records: RecallRecords, run: SearchRun): Promise<readonly UsedSpace[]> {
  const { others } = run;
  if (others.length === 0) return [];
  const known = await inTime(records.inUse(others.map(({ scope }) => scope)), run.armsUntil, run.options.signal);
  if (known.status !== 'done') {
    run.missingArms.add('overlay');
    return [];
  }
  return others.flatMap((space) => {
    const used = known.value.find(({ scope }) => sameScope(scope, space.scope));
    return used === undefined ? [] : [{ space, epoch: used.epoch }];
  });
}

/** Searches the other spaces, a few side by side. One that fails is searched without what failed, and the run says so. */
export async function searchOthers(
  records: RecallRecords,
  run: SearchRun,
  used: readonly UsedSpace[],
  askIndex: (space: RecallSpace) => Promise<ArmHits>,
): Promise<readonly FoundSpace[]> {
  const search = async ({ space, epoch }: UsedSpace): Promise<FoundSpace> => {
    const [hits, overlay] = await Promise.all([askIndex(space), inTime(records.overlay(space.scope), run.armsUntil, run.options.signal)]);
    if (overlay.status !== 'done') run.missingArms.add('overlay');
    const nothing: Overlay = { epoch, turns: [], memories: [] };
    return { space, elsewhere: true, hits, overlay: overlay.status === 'done' ? overlay.value : nothing };
  };
  const found: FoundSpace[] = [];
  // Shared by the lanes: each takes the next space when it is done with one.
  const waiting = used.entries();
  const lane = async (): Promise<void> => {
    for (const [place, each] of waiting) found[place] = await search(each);
  };
  await Promise.all(Array.from({ length: SPACES_AT_ONCE }, lane));
  return found;
}
