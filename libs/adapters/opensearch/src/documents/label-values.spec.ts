import { indexedLabels, ordered, START_LENGTH } from './label-values.ts';

describe('text values of labels', () => {
  const texts = ['', '\u0000', 'a', 'b', '\ud7ff', '\ud800', '\ud83c\udf89', '\udbff\udfff', '\udfff', '\ue000', '\uffff'];

  it('are in the order of UTF-16 units as bytes, too', () => {
    const asBytes = texts.map((text) => Buffer.from(ordered(text), 'utf8'));
    expect(asBytes.toSorted(Buffer.compare)).toEqual(asBytes);
    expect(new Set(asBytes.map((bytes) => bytes.toString('hex'))).size).toBe(texts.length);
  });

  it('never outgrow what the store keeps of a term', () => {
    const text = '\uffff'.repeat(3 * START_LENGTH);
    const [label] = indexedLabels({ tags: [text], info: {}, appId: null, agentId: null, relatedIds: [] });
    const kept = [...(label?.start ?? []), ...(label?.rest ?? []), ...(label?.folded ?? [])];
    expect(kept.length).toBeGreaterThan(8);
    for (const part of kept) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(32_766);
  });

  it('are one entry per label, however many there are', () => {
    const tags = Array.from({ length: 20_000 }, (_, place) => `t${place}`);
    expect(
      indexedLabels({ tags, info: { none: null, deep: { a: 1 }, list: [] }, appId: 'app', agentId: null, relatedIds: [] }).map(
        ({ key }) => key,
      ),
    ).toEqual(['tags', 'app_id']);
  });
});
