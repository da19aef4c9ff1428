import { concatenated, dequantise, quantisePerOutput, readFloats, repackInt4 } from './quantisation.ts';

/** One block with scale 0.5 (half precision 0x3800): byte j holds j in its low half and 15 - j in its high half. */
const block = Uint8Array.from([0x00, 0x38, ...Array.from({ length: 16 }, (_, j) => j | ((15 - j) << 4))]);
const expected = [...Array.from({ length: 16 }, (_, j) => (j - 8) / 2), ...Array.from({ length: 16 }, (_, j) => (7 - j) / 2)];

describe('quantised weights', () => {
  it('are read block by block, low halves first', () => {
    expect([...dequantise(block)]).toEqual(expected);
    expect([...dequantise(Uint8Array.from([...block, ...block]))]).toEqual([...expected, ...expected]);
  });

  it('are repacked into signed neighbours without loss', () => {
    const { values, scales } = repackInt4(block);
    const signed = [...values].flatMap((pair) => [pair & 15, pair >> 4]).map((half) => (half > 7 ? half - 16 : half));
    expect(signed.map((value) => value * (scales[0] ?? 0))).toEqual(expected);
  });

  it('read negative, small and whole scales', () => {
    const scaleOf = (half: number): number => repackInt4(Uint8Array.from([half & 255, half >> 8, ...new Uint8Array(16)])).scales[0] ?? 0;
    expect(scaleOf(0xbc00)).toBe(-1);
    expect(scaleOf(0x0001)).toBe(2 ** -24);
    expect(scaleOf(0x4200)).toBe(3);
  });

  it('are turned into int8 per output, transposed, with the largest value at the limit', () => {
    const { values, scales } = quantisePerOutput(Float32Array.of(1, -2, 4, 0, 0, 0), 3);
    expect([...values]).toEqual([32, 0, -63, 0, 127, 0]);
    expect(scales[0]).toBeCloseTo(4 / 127);
    expect(Number.isFinite(scales[1])).toBe(true);
  });

  it('read plain numbers from any position', () => {
    const bytes = new Uint8Array(9);
    new DataView(bytes.buffer).setFloat32(1, 2.5, true);
    expect([...readFloats(bytes.subarray(1, 5))]).toEqual([2.5]);
    expect([...concatenated([Float32Array.of(1), Float32Array.of(2, 3)])]).toEqual([1, 2, 3]);
  });
});
