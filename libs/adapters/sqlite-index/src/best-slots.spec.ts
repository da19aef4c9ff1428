import { bestSlots } from './best-slots.ts';

const all = (): boolean => true;

describe('bestSlots', () => {
  it('gives every accepted slot by falling value, ties by slot, however many are taken first', () => {
    const values = Float32Array.from({ length: 500 }, (_, slot) => (slot * 7_919) % 101);
    for (const accepts of [all, (slot: number): boolean => slot % 3 === 0]) {
      const expected = [...values.keys()].filter(accepts).toSorted((a, b) => values[b]! - values[a]! || a - b);
      for (const first of [1, 2, 10, 499, 500, 1_000]) expect([...bestSlots(values, accepts, first)]).toEqual(expected);
    }
  });

  it('gives nothing for no values and when nothing is accepted', () => {
    expect([...bestSlots(new Float32Array(), all, 5)]).toEqual([]);
    expect([...bestSlots(Float32Array.of(1, 2), () => false, 5)]).toEqual([]);
  });
});
