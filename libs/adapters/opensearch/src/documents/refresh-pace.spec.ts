import { RefreshPace } from './refresh-pace.ts';

describe('the pace of writes that are visible at once', () => {
  it('lets the first one go at once, and one that comes after a while', () => {
    const pace = new RefreshPace();
    expect(pace.waitMs(1, 1_000)).toBe(0);
    pace.wrote(1_000, 1_020);
    expect(pace.waitMs(1, 1_080)).toBe(0);
  });

  it('leaves three quarters of the time to searches when small ones follow each other', () => {
    const pace = new RefreshPace();
    let [now, writing] = [0, 0];
    for (let write = 0; write < 50; write += 1) {
      now += pace.waitMs(8, now);
      pace.wrote(now, now + 20);
      now += 20;
      writing += 20;
    }
    expect(writing / now).toBeCloseTo(0.25, 1);
  });

  it('holds up no large one', () => {
    const pace = new RefreshPace();
    pace.wrote(0, 300);
    expect(pace.waitMs(200, 300)).toBe(0);
    expect(pace.waitMs(99, 300)).toBeGreaterThan(0);
  });

  it('holds up nothing for longer than half a second, however slow the store is', () => {
    const pace = new RefreshPace();
    pace.wrote(0, 15_000);
    expect(pace.waitMs(1, 15_000)).toBe(500);
  });

  it('does not let a quick write shorten the rest after a slow one', () => {
    const pace = new RefreshPace();
    pace.wrote(0, 100);
    pace.wrote(90, 101);
    expect(pace.waitMs(1, 101)).toBe(299);
  });
});
