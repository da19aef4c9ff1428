import { aCandidate, NOW } from './candidate.builder.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import type { RecallCandidate, RecallSignal, ScoredCandidate } from './types.ts';

const score = (query: string, candidates: readonly RecallCandidate[], ...without: readonly RecallSignal[]): readonly ScoredCandidate[] =>
  scoreCandidates(analyseQuery(query), candidates, {
    now: NOW,
    conversationId: null,
    timeWindow: null,
    calibration: null,
    without: new Set(without),
  });

const relativityIn = (scored: readonly ScoredCandidate[], id: string): number =>
  scored.find(({ document }) => document.id === id)?.relativity ?? Number.NaN;

/** What people say one after the other: "Ana: …", or without a name what somebody says to an assistant. */
function talk(conversationId: string, ...lines: readonly string[]): readonly RecallCandidate[] {
  return lines.map((line, place) => {
    const [, name, text] = /^(?:(\w+): )?(.*)$/u.exec(line) ?? [];
    const role = name === 'Assistant' ? ('assistant' as const) : ('user' as const);
    const traits = { role, origin: role, keys: name === undefined ? [] : [name] };
    return aCandidate({ id: `${conversationId}-${place}`, kind: 'turn', text: text ?? '', conversationId, place, ...traits });
  });
}

describe('what was said around a turn', () => {
  const around = talk(
    'c',
    'Ana: We rented a canoe in Lugano',
    'Ben: Good weather',
    'Ana: It was windy and cold',
    'Ben: Oh',
    'Ana: We left',
  );
  const query = 'Was it windy with the canoe in Lugano?';

  it('counts a share, less from further away', () => {
    const elsewhere = aCandidate({
      id: 'elsewhere',
      kind: 'turn',
      role: 'user',
      text: 'It was windy and cold',
      conversationId: 'd',
      place: 0,
    });
    const scored = score(query, [...around, elsewhere]);
    expect(relativityIn(scored, 'c-2')).toBeGreaterThan(relativityIn(scored, 'elsewhere') * 1.2);
    expect(relativityIn(scored, 'c-1')).toBeGreaterThan(relativityIn(scored, 'c-3'));
    expect(relativityIn(scored, 'c-3')).toBeGreaterThan(relativityIn(scored, 'c-4'));
    expect(relativityIn(scored, 'c-4')).toBeGreaterThan(0);
  });

  it('is named in the explanation of what it raised', () => {
    const scored = score(query, around);
    const boostsOf = (id: string): Readonly<Record<string, number>> =>
      scored.find(({ document }) => document.id === id)?.explanation.boosts ?? {};
    expect(boostsOf('c-2')['neighbours']).toBeGreaterThan(0);
    expect(boostsOf('c-0')['neighbours']).toBeLessThan(boostsOf('c-2')['neighbours'] ?? 0);
    expect(score(query, [around[2]!])[0]?.explanation.boosts).not.toHaveProperty('neighbours');
  });

  it('never makes a turn worth as much as saying it', () => {
    const scored = score('Where did we rent a canoe?', around);
    expect(scored[0]?.document.id).toBe('c-0');
    expect(scored[1]?.relativity).toBeLessThan((scored[0]?.relativity ?? 0) * 0.75);
  });

  it('stays in its conversation, and in its space', () => {
    const [first, second] = talk('c', 'We rented a canoe in Lugano', 'It was cold');
    const other = aCandidate({ ...second?.document, scope: { projectId: 'p', subject: 'user:other' } });
    expect(relativityIn(score(query, [first!, other]), 'c-1')).toBe(0);
    expect(relativityIn(score(query, [first!, second!]), 'c-1')).toBeGreaterThan(0);
  });

  it('says nothing of what has no place in a conversation', () => {
    const memory = aCandidate({ id: 'memory', text: 'The weather was cold', conversationId: 'c' });
    expect(relativityIn(score(query, [...around, memory]), 'memory')).toBe(0);
  });

  it('counts by its meaning, too', () => {
    const [before, after] = talk('c', 'Ana: We rented a canoe in Lugano', 'Ben: It was cold');
    const near = (cosine: number): number =>
      relativityIn(score(query, [{ ...before!, cosine }, { ...after!, cosine: 0.8 }, ...crowd]), 'c-1');
    const crowd = Array.from({ length: 20 }, (_, index) => aCandidate({ id: `n${index}`, text: 'A boat', cosine: 0.7 + index / 1_000 }));
    expect(near(0.9)).toBeGreaterThan(near(0.7));
  });

  it('is left out on request', () => {
    expect(relativityIn(score(query, around, 'neighbours', 'reply'), 'c-4')).toBe(0);
  });
});

describe('an answer', () => {
  const lines = ['Ana: Which museum did you like in Lyon?', 'Ben: The one with old looms'];

  it('is worth a share of the question it answers', () => {
    const raised = score('Which museum is in Lyon?', talk('c', ...lines));
    const plain = score('Which museum is in Lyon?', talk('c', ...lines), 'reply');
    expect(relativityIn(raised, 'c-1')).toBeGreaterThan(relativityIn(plain, 'c-1'));
    expect(raised.find(({ document }) => document.id === 'c-1')?.explanation.boosts['reply']).toBeGreaterThan(0);
    expect(relativityIn(raised, 'c-0')).toBe(relativityIn(plain, 'c-0'));
  });

  it.each([
    ['the same person goes on', ['Ana: Which museum did you like in Lyon?', 'Ana: The one with old looms']],
    ['nothing was asked', ['Ana: I liked a museum in Lyon.', 'Ben: The one with old looms']],
    ['an assistant answers', ['Ana: Which museum did you like in Lyon?', 'Assistant: The one with old looms']],
    ['an assistant asked', ['Assistant: Which museum did you like in Lyon?', 'Ben: The one with old looms']],
  ])('is none where %s', (_, said) => {
    const scored = score('Which museum is in Lyon?', talk('c', ...said));
    expect(scored.every(({ explanation }) => explanation.boosts['reply'] === undefined)).toBe(true);
  });
});

describe('a participant who is named', () => {
  const lines = ['Ana: I repaired the old boat', 'Ben: I repaired the old boat'];

  it('is heard first', () => {
    expect(score("What about Ben's old boat?", talk('c', ...lines))[0]?.document.id).toBe('c-1');
    expect(score('Ana repaired the boat?', talk('c', ...lines))[0]?.document.id).toBe('c-0');
  });

  it.each([
    ['both are named', 'Who repaired the boat, Ana or Ben?', lines],
    ['only one person talks', 'What boat did Ana repair?', ['Ana: I repaired the old boat', 'Assistant: Good']],
  ])('changes nothing where %s', (_, query, said) => {
    expect(score(query, talk('c', ...said)).every(({ explanation }) => explanation.boosts['speaker'] === undefined)).toBe(true);
  });

  it('is nobody on request', () => {
    expect(score('Ben repaired the boat?', talk('c', ...lines), 'speaker')[0]?.explanation.boosts).not.toHaveProperty('speaker');
  });
});

describe('signals that are left out', () => {
  const said = { kind: 'turn', text: 'Shall the green boat stay? I painted it', role: 'assistant', origin: 'assistant' } as const;
  const range = { from: NOW - 86_400_000, to: NOW };
  const boostsWithout = (...without: readonly RecallSignal[]): readonly string[] => {
    const [scored] = scoreCandidates(analyseQuery('green boat'), [aCandidate({ ...said, statedAt: NOW - 1 })], {
      now: NOW,
      conversationId: null,
      timeWindow: { range, about: 'said' },
      calibration: null,
      without: new Set(without),
    });
    return Object.keys(scored?.explanation.boosts ?? {});
  };

  it('are boosts otherwise', () => {
    expect(boostsWithout()).toEqual(expect.arrayContaining(['recency', 'timeWindow', 'assistant', 'question']));
  });

  it.each([
    ['recency', 'recency'],
    ['date', 'timeWindow'],
    ['assistant', 'assistant'],
    ['question', 'question'],
  ] as const)('leave no trace: %s', (signal, boost) => {
    expect(boostsWithout(signal)).not.toContain(boost);
  });

  it('leave vectors to speak alone without words', () => {
    const [scored] = score('green boat', [aCandidate({ text: 'green boat', cosine: 0.9 })], 'words');
    expect(scored?.explanation).toMatchObject({ fit: 'vectors', lexicalPart: 0 });
  });

  it('leave words to speak alone without vectors', () => {
    const [scored] = score('green boat', [aCandidate({ text: 'green boat', cosine: 0.9 })], 'vectors');
    expect(scored?.explanation).toMatchObject({ fit: 'words', cosinePart: null });
  });
});
