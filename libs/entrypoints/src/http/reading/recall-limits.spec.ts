import { forEachKind } from '@continuo/domain';
import { recallLimits } from './recall-limits.ts';

describe('recallLimits', () => {
  it('has the defaults of the contract', () => {
    expect(recallLimits({}, false)).toEqual({ ...forEachKind(() => 0), fact: 9, preference: 9, together: null, minRelativity: 0.45 });
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

  it('adds tools and skills where the older switches ask for them, six unless said otherwise', () => {
    expect(recallLimits({ include_tool_memory: true, include_skill: true }, false)).toMatchObject({
      tool: 6,
      skill: 6,
      event: 0,
      profile: 0,
    });
    const body = { include_tool_memory: true, tool_memory_limit_number: 30, skill_limit_number: 2 };
    expect(recallLimits(body, false)).toMatchObject({ fact: 9, tool: 25, skill: 0 });
  });

  it('recalls every view that is named, whatever the older switches say', () => {
    const views = ['event', 'profile', 'tool_memory', 'skill'] as const;
    expect(recallLimits({ include_memory_view: [...views], include_skill: false, skill_limit_number: 1 }, false)).toMatchObject({
      fact: 0,
      preference: 0,
      event: 9,
      profile: 9,
      tool: 9,
      skill: 9,
      together: 9,
    });
  });

  it('allows 25 of a kind, and 50 when explained', () => {
    expect(recallLimits({ memory_limit_number: 50 }, false).fact).toBe(25);
    expect(recallLimits({ memory_limit_number: 50 }, true).fact).toBe(50);
  });

  it('keeps a relativity of 0', () => {
    expect(recallLimits({ relativity: 0 }, false).minRelativity).toBe(0);
  });
});
