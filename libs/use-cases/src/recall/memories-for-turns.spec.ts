import type { ScoredCandidate } from '@continuo/domain';
import { mayBeShown, settleTurns } from './memories-for-turns.ts';

/** A memory was drawn from the turn `said`. */
const found = (id: string, kind: 'turn' | 'fact' | 'skill', relativity: number, ...matched: readonly string[]): ScoredCandidate =>
  ({
    document: { id, kind, sourceMessageIds: [kind === 'turn' ? id : 'said'] },
    relativity,
    explanation: { matched },
  }) as unknown as ScoredCandidate;

const shown = (candidates: readonly ScoredCandidate[]): readonly (readonly [string, number])[] =>
  settleTurns(candidates).candidates.map(({ document, relativity }) => [document.id, relativity]);

describe('a turn and what was drawn from it', () => {
  it('is the memory in the better of both places when it has all that was found in the turn', () => {
    const candidates = [found('other', 'turn', 0.8, 'cat'), found('said', 'turn', 0.7, 'nuts'), found('memory', 'fact', 0.5, 'nuts')];
    expect(shown(candidates)).toEqual([
      ['other', 0.8],
      ['memory', 0.7],
    ]);
    expect(shown([found('memory', 'fact', 0.9, 'nuts', 'allergy'), found('said', 'turn', 0.7, 'nuts')])).toEqual([['memory', 0.9]]);
  });

  it('is the turn where no memory has what was asked for', () => {
    const candidates = [found('said', 'turn', 0.7, 'meyer', 'operation'), found('memory', 'fact', 0.1)];
    expect(shown(candidates)).toEqual([['said', 0.7]]);
  });

  it('is both where each has something of it', () => {
    const candidates = [found('said', 'turn', 0.7, 'meyer', 'nuts'), found('memory', 'fact', 0.6, 'allergy')];
    expect(shown(candidates).map(([id]) => id)).toEqual(['said', 'memory']);
    const worth = [found('memory', 'fact', 0.6, 'nuts'), found('said', 'turn', 0.7, 'meyer', 'nuts')];
    expect(shown(worth).map(([id]) => id)).toEqual(['said', 'memory']);
  });

  it('is one memory of several that stands, the best of them, and the others by themselves', () => {
    const candidates = [found('said', 'turn', 0.8, 'nuts'), found('best', 'fact', 0.6, 'nuts'), found('second', 'fact', 0.5, 'nuts')];
    expect(shown(candidates)).toEqual([
      ['best', 0.8],
      ['second', 0.5],
    ]);
  });

  it('is the memories alone when together they have all of it', () => {
    const candidates = [
      found('said', 'turn', 0.8, 'city', 'hotel'),
      found('trip', 'fact', 0.6, 'city'),
      found('stay', 'fact', 0.5, 'hotel'),
    ];
    expect(shown(candidates)).toEqual([
      ['trip', 0.8],
      ['stay', 0.5],
    ]);
  });

  it('leaves a memory that rests on other turns, too', () => {
    const candidates = [found('said', 'turn', 0.8, 'city', 'hotel'), found('stay', 'fact', 0.2, 'hotel')];
    const [said, stay] = candidates;
    const resting = { ...stay, document: { ...stay?.document, sourceMessageIds: ['said', 'earlier'] } } as ScoredCandidate;
    const { candidates: settled } = settleTurns(said === undefined ? [] : [said, resting]);
    expect(settled.map(({ document }) => document.id)).toEqual(['said', 'stay']);
  });

  it('stays beside a skill that was learnt from it', () => {
    const candidates = [found('skill', 'skill', 0.9, 'nuts'), found('said', 'turn', 0.7, 'nuts')];
    expect(shown(candidates).map(([id]) => id)).toEqual(['skill', 'said']);
  });

  it('is asked for together: a memory of a turn that is good enough may be shown, however little it is worth itself', () => {
    const candidates = [
      found('said', 'turn', 0.7),
      found('memory', 'fact', 0.2),
      found('other', 'turn', 0.3),
      found('skill', 'skill', 0.2),
    ];
    expect(candidates.filter(mayBeShown(candidates, 0.5)).map(({ document }) => document.id)).toEqual(['said', 'memory']);
    expect(candidates.filter(mayBeShown(candidates, 0.8))).toEqual([]);
  });
});
