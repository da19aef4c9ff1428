import { aCandidate, NOW } from './candidate.builder.ts';
import { collapseNearDuplicates } from './collapse.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import type { RecallCandidate } from './types.ts';

const keptIds = (...candidates: readonly RecallCandidate[]): readonly string[] =>
  collapseNearDuplicates(
    scoreCandidates(analyseQuery('green tea'), candidates, { now: NOW, conversationId: null, timeWindow: null, calibration: null }),
  ).map(({ document }) => document.id);

describe('collapseNearDuplicates', () => {
  const text = 'I drink green tea every morning';

  it('keeps the newer of two memories that say the same', () => {
    expect(keptIds(aCandidate({ id: 'old', text }), aCandidate({ id: 'new', text: `${text}!`, statedAt: NOW }))).toEqual(['new']);
  });

  it('keeps a memory rather than a newer turn', () => {
    expect(
      keptIds(aCandidate({ id: 'turn', kind: 'turn', role: 'user', text, statedAt: NOW }), aCandidate({ id: 'memory', text })),
    ).toEqual(['memory']);
  });

  it('gives the one that stays the place and the relativity of the best', () => {
    const scored = scoreCandidates(
      analyseQuery('green tea'),
      [
        aCandidate({ id: 'memory', text, statedAt: NOW - 1 }),
        aCandidate({ id: 'twin', text, statedAt: NOW }),
        aCandidate({ id: 'other', text: 'green paint' }),
      ],
      {
        now: NOW,
        conversationId: null,
        timeWindow: null,
        calibration: null,
      },
    );
    const [first] = collapseNearDuplicates(scored);
    expect(first?.document.id).toBe('twin');
    expect(first?.relativity).toBe(scored[0]?.relativity);
  });

  it.each([
    ['a number', { text: 'I drink 2 green teas' }, { text: 'I drink 3 green teas' }],
    ['a negation', { text: 'I drink green tea' }, { text: 'I never drink green tea' }],
    ['a name', { text: 'Ana likes green tea' }, { text: 'Mia likes green tea' }],
    ['the person', { text, about: 'sister Mia' }, { text, about: null }],
    ['the time', { text, eventTime: { from: 1, to: 2 } }, { text, eventTime: { from: 5, to: 6 } }],
    ['the kind', { text, kind: 'fact' as const }, { text, kind: 'preference' as const }],
  ])('keeps both when %s differs', (_, first, second) => {
    expect(keptIds(aCandidate({ id: 'a', ...first }), aCandidate({ id: 'b', ...second })).toSorted()).toEqual(['a', 'b']);
  });
});

describe('collapseNearDuplicates across spaces', () => {
  const text = 'I drink green tea every morning';
  const base = { projectId: 'p', subject: 'base:b' } as const;
  const elsewhere = (candidate: RecallCandidate): RecallCandidate => ({ ...candidate, elsewhere: true });

  it('keeps the caller’s own of two that are as good, however new the other', () => {
    const other = elsewhere(aCandidate({ id: 'other', text, scope: base, statedAt: NOW }));
    expect(keptIds(other, aCandidate({ id: 'own', text }))).toEqual(['own']);
  });

  it('keeps the better one', () => {
    const own = aCandidate({ id: 'own', text, cosine: 0.1 });
    expect(keptIds(own, elsewhere(aCandidate({ id: 'other', text, scope: base, cosine: 0.99 })))).toEqual(['other']);
  });

  it.each(['tool', 'skill', 'profile'] as const)('keeps a %s beside a fact of the same words', (kind) => {
    expect(keptIds(aCandidate({ id: 'a', text, kind }), aCandidate({ id: 'b', text })).toSorted()).toEqual(['a', 'b']);
  });
});
