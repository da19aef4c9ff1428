import type { RecallSpace } from '@continuo/ports';
import { searchOthers } from './other-spaces.ts';
import type { SearchRun } from './search-run.ts';

const NO_HITS = { words: [], near: [], missing: [] };

describe('searchOthers', () => {
  it('searches all, in their order, and no more than eight at the same moment', async () => {
    const used = Array.from({ length: 30 }, (_, index) => ({
      space: { scope: { projectId: 'maker', subject: `base:${index}` as const }, filter: null },
      epoch: 0,
    }));
    const run = { armsUntil: Date.now() + 60_000, missingArms: new Set<string>(), options: {} } as unknown as SearchRun;
    const overlay = () => Promise.resolve({ epoch: 0, turns: [], memories: [] });
    let running = 0;
    let most = 0;
    const askIndex = async ({ scope }: RecallSpace): Promise<never> => {
      running += 1;
      most = Math.max(most, running);
      // The later ones are the faster ones.
      for (let wait = Number(scope.subject.slice('base:'.length)); wait < 40; wait += 1) await Promise.resolve();
      running -= 1;
      return NO_HITS as never;
    };
    const found = await searchOthers({ overlay } as never, run, used, askIndex);
    expect(found.map(({ space }) => space)).toEqual(used.map(({ space }) => space));
    expect(most).toBe(8);
  });
});
