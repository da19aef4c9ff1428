import type { RecalledItem, RecallResult } from '@continuo/ports';
import { bestTogether, recallLimits } from './recall-limits.ts';

describe('recallLimits', () => {
  it('has the defaults of the contract', () => {
    expect(recallLimits({}, false)).toEqual({ fact: 9, preference: 9, together: null, minRelativity: 0.45 });
  });

  it('gives each kind its own limit, and none to preferences that are not wanted', () => {
    expect(recallLimits({ memory_limit_number: 3, preference_limit_number: 4 }, false)).toMatchObject({
      fact: 3,
      preference: 4,
      together: null,
    });
    expect(recallLimits({ include_preference: false }, false)).toMatchObject({ fact: 9, preference: 0 });
  });

  it('has one limit for all views that are named, and ignores the older switches', () => {
    const body = {
      memory_limit_number: 5,
      include_memory_view: ['preference' as const],
      include_preference: false,
      preference_limit_number: 1,
    };

    expect(recallLimits(body, false)).toMatchObject({ fact: 0, preference: 5, together: 5 });
  });

  it('allows 25 of a kind, and 50 when explained', () => {
    expect(recallLimits({ memory_limit_number: 50 }, false).fact).toBe(25);
    expect(recallLimits({ memory_limit_number: 50 }, true).fact).toBe(50);
  });

  it('keeps a relativity of 0', () => {
    expect(recallLimits({ relativity: 0 }, false).minRelativity).toBe(0);
  });
});

describe('bestTogether', () => {
  it('keeps the best of both kinds', () => {
    const item = (relativity: number) => ({ relativity }) as RecalledItem;
    const result = { facts: [item(0.9), item(0.5)], preferences: [item(0.8), item(0.4)] } as unknown as RecallResult;

    expect(bestTogether(result, 3)).toEqual({ facts: [item(0.9), item(0.5)], preferences: [item(0.8)] });
  });
});
