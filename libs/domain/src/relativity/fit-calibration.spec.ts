import { calibrationOf, logistic } from './calibrations.ts';
import { calibrationInput, fitCalibration, type OfCalibrationTexts } from './fit-calibration.ts';

const TEXTS = calibrationInput().queries.length;
const DIMENSION = 96;

/** The same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/**
 * An embedder of our own making: what belongs together shares a direction of strength `meaning`, everything shares one of strength
 * `common`, so that all cosines lie the higher the stronger it is.
 */
function embedder(common: number, meaning: number): OfCalibrationTexts<Float32Array> {
  const directions = Array.from({ length: TEXTS / 2 }, (_, place) => numbers(seeded(place + 1)));
  const vectors = (seed: number): readonly Float32Array[] => {
    const noise = seeded(seed);
    return Array.from({ length: TEXTS }, (_, place) =>
      numbers(noise).map((value, index) => value + meaning * (directions[place % (TEXTS / 2)]?.[index] ?? 0) + common),
    );
  };
  return { queries: vectors(1_001), passages: vectors(2_002) };
}
const numbers = (random: () => number): Float32Array => Float32Array.from({ length: DIMENSION }, random);

describe('fitCalibration', () => {
  it('has a midpoint between what belongs together and what does not, wherever the cosines lie', () => {
    for (const common of [0, 0.5]) {
      for (const { scale, curve, belonging, pairs } of Object.values(fitCalibration(embedder(common, 1.5)).scales)) {
        expect(pairs).toBeGreaterThan(belonging * 20);
        const middle = (of: readonly { from: number; weight: number }[]): number =>
          of.reduce((sum, { from, weight }) => sum + from * weight, 0) / of.reduce((sum, { weight }) => sum + weight, 0);
        expect(scale.midpoint).toBeGreaterThan(middle(curve.map((band) => ({ ...band, weight: band.pairs - band.belonging }))));
        expect(scale.midpoint).toBeLessThan(middle(curve.map((band) => ({ ...band, weight: band.belonging }))) + 0.15);
        expect(scale.spread).toBeGreaterThan(0);
      }
    }
  });

  it('reads two embedders alike that tell the same apart, though their cosines lie elsewhere', () => {
    const [low, high] = [fitCalibration(embedder(0, 1.5)), fitCalibration(embedder(0.5, 1.5))];
    expect(high.calibration.words.midpoint).toBeGreaterThan(low.calibration.words.midpoint + 0.2);
    for (const shares of ['recalled', 'falseInjection'] as const)
      expect(Math.abs(high.withVectors[shares] - low.withVectors[shares])).toBeLessThan(0.05);
  });

  it('believes an embedder that tells nothing apart nowhere', () => {
    const { scales, byWords, withVectors } = fitCalibration(embedder(0, 0));
    for (const { curve } of Object.values(scales)) for (const { fitted } of curve) expect(fitted).toBeLessThan(0.3);
    expect(withVectors.falseInjection).toBeLessThanOrEqual(byWords.falseInjection + 0.02);
  });

  it('keeps a slope where nothing is ever confused, and gives the better embedder the better score', () => {
    const [perfect, poor] = [fitCalibration(embedder(0, 20)), fitCalibration(embedder(0, 0.5))];
    expect(perfect.scales.words.brier).toBeLessThan(0.001);
    expect(perfect.scales.words.brier).toBeLessThan(poor.scales.words.brier);
    expect(logistic(perfect.calibration.words.midpoint - 0.1, perfect.calibration.words)).toBeGreaterThan(0);
    expect(perfect.withVectors.recalled).toBeGreaterThan(poor.withVectors.recalled);
  });

  it('counts every pair of a text with each other once, by script', () => {
    const { words, runs, across } = fitCalibration(embedder(0, 1)).scales;
    const texts = TEXTS / 2;
    expect([words, runs, across].map(({ pairs, belonging }) => [pairs, belonging])).toEqual([
      [texts ** 2, texts],
      [texts ** 2, texts],
      [2 * texts ** 2, 2 * texts],
    ]);
    expect(words.curve.reduce((sum, band) => sum + band.pairs, 0)).toBe(words.pairs);
  });

  it('embeds passages as they are stored: a turn with its day and who said it', () => {
    const { queries, passages } = calibrationInput();
    expect(new Set(queries).size).toBe(TEXTS);
    expect(passages.filter((passage) => /^\[\d+ \w+ 2026\] \w+: /u.test(passage)).length).toBeGreaterThan(10);
  });

  it('refuses to read half of the vectors', () => {
    const { queries, passages } = embedder(0, 1);
    expect(() => fitCalibration({ queries, passages: passages.slice(1) })).toThrow(RangeError);
  });
});

describe('calibrationOf', () => {
  it('takes what was fitted for a model, for that model alone', () => {
    const { calibration } = fitCalibration(embedder(0, 1.5));
    const fitted = { model: 'somebody/else', ...calibration };
    expect(calibrationOf('somebody/else', fitted)).toEqual(fitted);
    expect(calibrationOf('a-third', fitted)).toBeNull();
    expect(calibrationOf('multilingual-e5-small/int8', fitted)).toEqual(calibrationOf('multilingual-e5-small/int8'));
  });
});
