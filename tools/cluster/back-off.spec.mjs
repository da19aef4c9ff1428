import { BackOff } from './back-off.mjs';

describe('BackOff', () => {
  it('doubles up to ten seconds', () => {
    const backOff = new BackOff();
    expect(Array.from({ length: 8 }, () => backOff.waitMs(50))).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('begins anew after a life of half a minute', () => {
    const backOff = new BackOff();
    for (const livedMs of [0, 0, 29_999]) backOff.waitMs(livedMs);
    expect([backOff.waitMs(30_000), backOff.waitMs(0)]).toEqual([200, 400]);
  });
});
