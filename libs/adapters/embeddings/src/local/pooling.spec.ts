import { pooled } from './pooling.ts';

describe('pooling', () => {
  it('takes a finished vector as it is', () => {
    expect([...pooled(Float32Array.of(3, 4), [1, 2])]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });

  it('takes the mean of the tokens and gives it length one', () => {
    const states = Float32Array.of(1, 0, 3, 2, 2, 4); // three tokens of two numbers: mean (2, 2)
    expect([...pooled(states, [1, 3, 2])]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2)]);
  });

  it('refuses a vector without direction', () => {
    expect(() => pooled(Float32Array.of(0, 0), [1, 2])).toThrow(RangeError);
    expect(() => pooled(Float32Array.of(NaN, 1), [1, 2])).toThrow(RangeError);
  });
});
