import { baseOf, inflectionsOf } from './inflections.ts';
import { piecesOf } from './pieces.ts';
import { stemOf } from './tokens.ts';

const conceptsIn = (text: string): readonly string[] => piecesOf(text).flatMap((piece) => piece.hits.map((hit) => hit.concept));

describe('inflectionsOf', () => {
  it.each([
    ['hike', ['hike', 'hikes', 'hiked', 'hiking']],
    ['jog', ['jog', 'jogs', 'jogged', 'jogging']],
    ['travel', ['travel', 'travels', 'traveled', 'traveling', 'travelled', 'travelling']],
    ['study', ['study', 'studies', 'studied', 'studying']],
    ['dish', ['dish', 'dishes', 'dished', 'dishing']],
    ['run', ['run', 'runs', 'runned', 'running', 'ran']],
    ['fasting', ['fasting']],
    ['books', ['books']],
  ])('gives the forms of "%s"', (word, forms) => {
    expect([...inflectionsOf(word)].toSorted()).toEqual([...forms].toSorted());
  });

  it('leaves derived words to themselves: fast is no fasting, busy no business, an engine no engineer', () => {
    expect(conceptsIn('How fast is the engine, and how busy the universe?')).toEqual([]);
  });

  it('finds irregular forms by their base', () => {
    expect(baseOf('ran')).toBe('run');
    expect(stemOf('ran')).toBe(stemOf('runs'));
    expect(stemOf('bought')).toBe(stemOf('buying'));
  });
});
