import { featuresOf, packFeatures, unpackFeatures } from './document-features.ts';

const document = {
  kind: 'turn' as const,
  text: "I'm a vegetarian, how old is the golden retriever? 我和女朋友住在杭州，我妹妹在读法律",
  keys: ['pet', 'Ada Lovelace', '宠物'],
  source: 'the oak bench',
};

describe('featuresOf', () => {
  it('survives being kept as JSON beside the document', () => {
    const kept = JSON.parse(JSON.stringify(packFeatures(document))) as ReturnType<typeof packFeatures>;
    expect(unpackFeatures(kept)).toEqual(featuresOf(document));
    expect(unpackFeatures(kept).phrases.size).toBeGreaterThan(1);
  });

  it('survives it for a document without words', () => {
    const empty = { kind: 'fact' as const, text: '…', keys: [], source: '' };
    expect(unpackFeatures(packFeatures(empty))).toEqual(featuresOf(empty));
  });

  it.each([
    ['I live with my sister', 'not'],
    ['我和女朋友在杭州租房', 'not'],
    ['We have two boys', 'also'],
    ['User has a daughter', 'also'],
    ['我有一个女儿', 'also'],
    ['My sister lives in Bergen', 'only'],
    ['我妹妹在读法律', 'only'],
  ])('tells whether "%s" is of others', (text, ofOthers) => {
    expect(featuresOf({ kind: 'fact', text, keys: [], source: '' }).ofOthers).toBe(ofOthers);
  });
});
