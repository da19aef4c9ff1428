import { PassagePace, type RunCost } from './passage-pace.ts';

/** The rests after so many passages of the same cost. */
function rests(count: number, cost: RunCost): readonly number[] {
  const pace = new PassagePace();
  return Array.from({ length: count }, () => pace.restAfter(cost));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

describe('the pace of passages', () => {
  it('knows no rest on a machine that has room', () => {
    expect(sum(rests(100, { wallMs: 5.2, cpuMs: 5 }))).toBe(0);
  });

  it('takes a ninth of a processor where threads wait for one', () => {
    const worked = 96 * 5;
    const rested = sum(rests(96, { wallMs: 12, cpuMs: 5 }));
    expect(rested / worked).toBeCloseTo(8, 0);
  });

  it('rests longer the longer it had to wait', () => {
    const [little, more, much] = [6, 7.5, 9].map((wallMs) => sum(rests(100, { wallMs, cpuMs: 5 })));
    expect(little).toBeGreaterThan(0);
    expect(more).toBeGreaterThan(little ?? Number.NaN);
    expect(much).toBeGreaterThan(more ?? Number.NaN);
  });

  it('rests after bursts, because the first moments on a crowded machine look free', () => {
    const pace = new PassagePace();
    const after = [5, 5, 5, 30, 30, 30].map((wallMs) => pace.restAfter({ wallMs, cpuMs: 5 }));
    expect(after.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(after[5]).toBeGreaterThan(0);
  });

  it('goes on within a quarter of a second, however long a passage is and however crowded the machine', () => {
    for (const cost of [
      { wallMs: 60_000, cpuMs: 200 },
      { wallMs: 5_000, cpuMs: 5_000 },
      { wallMs: 0, cpuMs: 50 },
    ])
      expect(Math.max(...rests(20, cost))).toBeLessThanOrEqual(250);
  });

  it('is fast again as soon as there is room', () => {
    const pace = new PassagePace();
    for (let passage = 0; passage < 6; passage += 1) pace.restAfter({ wallMs: 50, cpuMs: 5 });
    expect(sum(Array.from({ length: 50 }, () => pace.restAfter({ wallMs: 5, cpuMs: 5 })))).toBe(0);
  });
});
