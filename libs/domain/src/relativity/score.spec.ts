import { aCandidate, NOW } from './candidate.builder.ts';
import { calibrationOf, CALIBRATIONS } from './calibrations.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import { DEFAULT_MIN_RELATIVITY, type RecallCandidate, type ScoredCandidate, type ScoringContext } from './types.ts';

const DAY_MS = 86_400_000;
const context: ScoringContext = {
  now: NOW,
  conversationId: null,
  timeWindow: null,
  calibration: CALIBRATIONS['multilingual-e5-small/int8'] ?? null,
};

const score = (
  query: string,
  candidates: readonly RecallCandidate[],
  overrides: Partial<ScoringContext> = {},
): readonly ScoredCandidate[] => scoreCandidates(analyseQuery(query), candidates, { ...context, ...overrides });

const relativityOf = (query: string, traits: Parameters<typeof aCandidate>[0], overrides: Partial<ScoringContext> = {}): number =>
  score(query, [aCandidate(traits)], overrides)[0]?.relativity ?? Number.NaN;

describe('scoreCandidates', () => {
  it('sorts by relativity, then newer first, then by id', () => {
    const tea = { text: 'I drink green tea', kind: 'preference' as const };
    const scored = score('Do I drink green tea?', [
      aCandidate({ id: 'other', text: 'I own a boat' }),
      aCandidate({ id: 'b', ...tea }),
      aCandidate({ id: 'a', ...tea }),
      aCandidate({ id: 'new', ...tea, statedAt: NOW }),
    ]);
    expect(scored.map(({ document }) => document.id)).toEqual(['new', 'a', 'b', 'other']);
  });

  it('keeps relativity between 0 and 1', () => {
    const window = { range: { from: 0, to: NOW + 1 }, about: 'either' as const };
    const relativity = relativityOf(
      'green tea',
      { text: 'green tea', cosine: 0.99, statedAt: NOW },
      { timeWindow: window, conversationId: 'c' },
    );
    expect(relativity).toBeGreaterThan(0.9);
    expect(relativity).toBeLessThan(1);
  });

  it('names the fit by the signals there are', () => {
    const fits = score('green tea', [
      aCandidate({ id: 'w', text: 'green tea' }),
      aCandidate({ id: 'b', text: 'green tea', cosine: 0.9 }),
      aCandidate({ id: 'v', text: 'a boat', cosine: 0.9 }),
    ]);
    expect(Object.fromEntries(fits.map(({ document, explanation }) => [document.id, explanation.fit]))).toEqual({
      w: 'words',
      b: 'both',
      v: 'vectors',
    });
  });

  it('never takes a missing vector for a bad one', () => {
    const text = 'I drink green tea every morning.';
    expect(relativityOf('which tea?', { text })).toBeGreaterThan(relativityOf('which tea?', { text, cosine: 0.7 }));
  });

  it('rises with the cosine and with the words in common, whatever the other signal says', () => {
    const texts = ['A boat.', 'A tea.', 'A green tea.', 'A green tea in Lyon.'];
    const cosines = [0.7, 0.78, 0.82, 0.84, 0.86, 0.9];
    const grid = texts.map((text) => cosines.map((cosine) => relativityOf('green tea Lyon', { text, cosine })));
    for (const [row, values] of grid.entries()) {
      for (const [column, value] of values.entries()) {
        expect(value).toBeGreaterThanOrEqual(values[column - 1] ?? 0);
        expect(value).toBeGreaterThanOrEqual(grid[row - 1]?.[column] ?? 0);
      }
    }
  });

  it('lets vectors alone carry what is close, and only that', () => {
    expect(relativityOf('remedies against insomnia', { text: 'Chamomile calms me down at bedtime.', cosine: 0.86 })).toBeGreaterThan(
      DEFAULT_MIN_RELATIVITY,
    );
    expect(relativityOf('remedies against insomnia', { text: 'The boat needs paint.', cosine: 0.8 })).toBeLessThan(0.2);
  });

  it('lets vectors say more of a wish for advice and of talk than of a question', () => {
    const gain = (query: string): number => {
      const near = (cosine: number): number => relativityOf(query, { text: 'I paint the tea harbour', cosine });
      return near(0.8) - near(0.785);
    };
    const talk =
      'We met Piet and Greta at a tea harbour to paint. Tom carried oars, ropes, lanterns, maps and a compass. Anna sang about gulls, engines, bridges and islands.';
    const asked = gain('Which tea harbour do I paint?');
    expect(gain('Which tea harbour should I paint?')).toBeGreaterThan(2 * asked);
    expect(gain(talk)).toBeGreaterThan(2 * asked);
  });

  it('gives small talk nothing, whatever the vectors say', () => {
    expect(relativityOf('hello', { text: 'hello', cosine: 0.99 })).toBe(0);
    expect(relativityOf('你好', { text: '你好', cosine: 0.99 })).toBe(0);
  });

  it('puts what names the thing asked for above what only shares its topic', () => {
    const [first, second] = score('When do I fly to Tokyo?', [
      aCandidate({ id: 'lyon', text: 'I fly to Lyon in May' }),
      aCandidate({ id: 'tokyo', text: 'I fly to Tokyo in June' }),
    ]);
    expect(first?.document.id).toBe('tokyo');
    expect(second?.relativity).toBeLessThan((first?.relativity ?? 0) - 0.3);
  });

  it('puts what the user said above what the assistant said, unless that is asked for', () => {
    const said = { text: 'The oak bench fits the hallway', kind: 'turn' as const };
    const candidates = [
      aCandidate({ id: 'user', ...said, role: 'user' }),
      aCandidate({ id: 'assistant', ...said, role: 'assistant', origin: 'assistant' }),
    ];
    expect(score('Which bench fits the hallway?', candidates)[0]?.document.id).toBe('user');
    expect(score('Which bench did you recommend for the hallway?', candidates)[0]?.document.id).toBe('assistant');
  });

  it('puts a turn that only asks below a statement, and the question itself out of sight', () => {
    const scored = score('Which tea do I drink?', [
      aCandidate({ id: 'same', kind: 'turn', role: 'user', text: 'Which tea do I drink?' }),
      aCandidate({ id: 'asks', kind: 'turn', role: 'user', text: 'Which tea do people drink in Lyon?' }),
      aCandidate({ id: 'states', kind: 'turn', role: 'user', text: 'I drink black tea' }),
    ]);
    expect(scored.map(({ document }) => document.id)).toEqual(['states', 'asks', 'same']);
    expect(scored.at(-1)?.relativity).toBeLessThan(DEFAULT_MIN_RELATIVITY);
  });

  it('takes a phrase that a function word makes for itself alone', () => {
    expect(relativityOf('How old am I?', { text: 'I drive an old van' })).toBeLessThan(0.2);
    expect(relativityOf('What do I do for a living?', { text: 'I live near a lake' })).toBeLessThan(0.2);
    expect(relativityOf('What do I do for a living?', { text: 'I work as a baker' })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
  });

  it('takes keys that name a topic for guesses where the text speaks of another', () => {
    const keys = ['health', 'allergy', 'food', '过敏', '工作'];
    const baker = { text: 'I work as a baker near the hospital', keys };
    for (const query of ['Am I allergic to anything?', 'Do I have any allergies?', 'What should I cook?', '我对什么过敏？']) {
      expect(relativityOf(query, baker)).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    }
    expect(relativityOf('What is my name?', { text: "I'm Ada", keys: ['name'] })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
  });

  it('asks allergies and diets about meals, and an allergy to cats about cats', () => {
    const query = 'Suggest a dessert for me';
    expect(relativityOf(query, { text: "I'm allergic to walnuts" })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf(query, { text: "I'm allergic to cats" })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('Should I adopt a cat?', { text: "I'm allergic to cats" })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
  });

  it('lets a preference apply wherever the very thing comes up', () => {
    const text = 'I prefer Kotlin over Java';
    const query = 'Write a Kotlin function that reverses the words of a sentence';
    expect(relativityOf(query, { text, kind: 'preference' })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf(query, { text })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
  });

  it('answers a question about oneself with nothing that is about somebody else', () => {
    const query = 'Where do I live?';
    expect(relativityOf(query, { text: 'My sister Mia lives in Bergen', about: 'Mia' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf(query, { text: 'My sister Mia lives in Bergen', kind: 'turn', role: 'user' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf(query, { text: 'Mia lives in Bergen', kind: 'turn', role: 'user' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf(query, { text: 'I live in Lyon with my sister Mia' })).toBeGreaterThan(0.8);
    expect(relativityOf('我住在哪里？', { text: '我爸妈住在长沙', kind: 'turn', role: 'user' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('我多大了？', { text: '我们有一个女儿，今年四岁' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
  });

  it('answers a question about somebody with what is about them, by whatever word', () => {
    const mother = { text: "My mother's birthday is on 14 February", about: 'mother' };
    expect(relativityOf("When is my mum's birthday?", mother)).toBeGreaterThan(0.8);
    expect(relativityOf("When is my dad's birthday?", mother)).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('我妈妈的生日是哪天？', mother)).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf("When is my mum's birthday?", { text: 'My birthday is on 3 May' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
  });

  it('rests advice on what is known of others, too', () => {
    const text = 'My daughter is allergic to walnuts';
    expect(relativityOf('What cake should I bake for the party?', { text, about: 'daughter' })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
  });

  it('takes a question about the world for no question about a life', () => {
    const flight = { text: "We're flying to Lisbon in a small plane" };
    expect(relativityOf('How do planes fly?', flight)).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('Which plane?', flight)).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('When do we fly?', flight)).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
  });

  it('lets no word that only hints at a topic suffice', () => {
    expect(relativityOf('Which company?', { text: 'I work as a baker' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('Which job?', { text: 'I work as a baker' })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
  });

  it('trusts what lies close less in a turn, and where something closer has the words', () => {
    const close = { text: 'Chamomile calms me down', cosine: 0.85 };
    const alone = relativityOf('remedies against insomnia', close);
    expect(relativityOf('remedies against insomnia', { ...close, kind: 'turn', role: 'user' })).toBeLessThan(alone * 0.85);
    const besides = score('remedies against insomnia', [
      aCandidate({ id: 'close', ...close }),
      aCandidate({ id: 'words', text: 'My remedies against insomnia are warm milk and rain', cosine: 0.88 }),
    ]);
    expect(besides.map(({ document }) => document.id)).toEqual(['words', 'close']);
    expect(besides.at(-1)?.relativity).toBeLessThan(alone * 0.8);
  });

  it('weighs words above topics in talk, and a short text above a long one', () => {
    const talk =
      'Yesterday the rowing club met at the harbour. We carried oars, ropes, lanterns and the old compass. Piet cooked soup, Greta sang, ' +
      'and the tide turned before sunset. Later we drank coffee, counted gulls and argued about engines.';
    const [first, second, third] = score(talk, [
      aCandidate({ id: 'topics', text: 'I play the trumpet and like tea and pizza' }),
      aCandidate({
        id: 'long',
        text: `The compass of the rowing club is broken. ${'It was bought somewhere by somebody for something. '.repeat(8)}`,
      }),
      aCandidate({ id: 'words', text: 'The compass of the rowing club is broken' }),
    ]);
    expect([first, second, third].map((each) => each?.document.id)).toEqual(['words', 'long', 'topics']);
    expect(first?.relativity).toBeGreaterThan((second?.relativity ?? 1) * 1.1);
  });

  it('knows whom a statement is about', () => {
    const candidates = [
      aCandidate({ id: 'mine', text: 'I study law' }),
      aCandidate({ id: 'hers', text: 'My sister Mia studies law', about: 'sister Mia' }),
    ];
    expect(score('What do I study?', candidates)[0]?.document.id).toBe('mine');
    expect(score('What does Mia study?', candidates)[0]?.document.id).toBe('hers');
  });

  it('prefers the same conversation and the newer fact by a little, and leaves preferences their age', () => {
    const fact = { text: 'I drink green tea' };
    expect(relativityOf('green tea', fact, { conversationId: 'c' })).toBeGreaterThan(relativityOf('green tea', fact));
    expect(relativityOf('green tea', { ...fact, statedAt: NOW })).toBeGreaterThan(
      relativityOf('green tea', { ...fact, statedAt: NOW - 900 * DAY_MS }),
    );
    const preference = { ...fact, kind: 'preference' as const };
    expect(relativityOf('green tea', { ...preference, statedAt: NOW })).toBe(
      relativityOf('green tea', { ...preference, statedAt: NOW - 900 * DAY_MS }),
    );
  });

  it('lets a memory that answers much of a long query through', () => {
    const query = 'Plan our Dolomites hut tour with cousin Ada wearing wool socks carrying rope helmets maps snacks';
    expect(relativityOf(query, { text: 'The Dolomites hut tour with Ada starts in June' })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf(query, { text: 'I wash wool by hand' })).toBeLessThan(DEFAULT_MIN_RELATIVITY);
  });

  it('prefers what lies in the time asked for, and drops nothing for lying outside', () => {
    const boat = { text: 'I repaired the boat', statedAt: NOW - 20 * DAY_MS };
    const asked = (from: number, to: number): number =>
      relativityOf('What about the boat and the harbour?', boat, {
        timeWindow: { range: { from: NOW - from * DAY_MS, to: NOW - to * DAY_MS }, about: 'said' },
      });
    expect(asked(30, 10)).toBeGreaterThan(asked(9, 0) * 1.2);
    expect(asked(9, 0)).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    const range = { from: NOW - 7 * DAY_MS, to: NOW };
    const happening = {
      text: 'The flight leaves at noon',
      statedAt: NOW - 90 * DAY_MS,
      eventTime: { from: NOW - 2 * DAY_MS, to: NOW - DAY_MS },
    };
    expect(relativityOf('What did I do last week?', happening, { timeWindow: { range, about: 'event' } })).toBeGreaterThan(
      DEFAULT_MIN_RELATIVITY,
    );
  });

  it('answers a wish for everything with memories, not with turns', () => {
    expect(relativityOf('What do you know about me?', { text: 'I own a boat' })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('What do you know about me?', { text: 'The boat is red', kind: 'turn', role: 'user' })).toBeLessThan(
      DEFAULT_MIN_RELATIVITY,
    );
  });

  it('lets no boost carry what has nothing to do with the query', () => {
    const relativity = relativityOf(
      'Why is the sky dark?',
      { text: 'I own a boat', statedAt: NOW, cosine: 0.76 },
      { conversationId: 'c', timeWindow: { range: { from: 0, to: NOW + 1 }, about: 'either' } },
    );
    expect(relativity).toBeLessThan(0.1);
  });

  it('finds a word among the keys and the words a memory came from', () => {
    expect(relativityOf('Which bench?', { text: 'I bought it', keys: ['oak bench'] })).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(relativityOf('Which bench?', { text: 'I bought it', source: 'the oak bench from the market' })).toBeGreaterThan(
      DEFAULT_MIN_RELATIVITY,
    );
  });

  it('is cautious with an embedder it does not know', () => {
    const lone = aCandidate({ text: 'Chamomile calms me down.', cosine: 0.95 });
    expect(score('remedies against insomnia', [lone], { calibration: null })[0]?.relativity).toBeLessThan(DEFAULT_MIN_RELATIVITY);
    const crowd = Array.from({ length: 40 }, (_, index) =>
      aCandidate({ id: `n${index}`, text: `Boat ${index}.`, cosine: 0.2 + (index % 10) / 100 }),
    );
    const standing = score(
      'remedies against insomnia',
      [aCandidate({ id: 'out', text: 'Chamomile calms me down.', cosine: 0.6 }), ...crowd],
      { calibration: null },
    );
    expect(standing[0]?.document.id).toBe('out');
    expect(standing[0]?.relativity).toBeGreaterThan(DEFAULT_MIN_RELATIVITY);
    expect(standing[1]?.relativity).toBeLessThan(0.2);
  });

  it('explains what it did', () => {
    const candidate = {
      ...aCandidate({ text: 'I drink green tea', cosine: 0.85, kind: 'turn', role: 'assistant', origin: 'assistant' }),
      lexical: { rank: 3, score: 1.5 },
    };
    const [scored] = score('Which tea do I drink?', [candidate]);
    expect(scored?.explanation).toMatchObject({
      fit: 'both',
      matched: ['tea', 'drink'],
      lexicalRank: 3,
      cosine: 0.85,
      boosts: { assistant: 0.82, turn: 0.97 },
    });
  });

  it('gives the same numbers to the same candidates in any order', () => {
    const candidates = ['I drink green tea', 'My boat is green', 'We moved to Lyon', 'I own a boat'].map((text, index) =>
      aCandidate({ id: `${index}`, text }),
    );
    const numbers = (list: readonly RecallCandidate[]): unknown =>
      score('green boat', list).map(({ document, relativity }) => [document.id, relativity]);
    expect(numbers(candidates.toReversed())).toEqual(numbers(candidates));
  });
});

describe('calibrationOf', () => {
  it('knows the built-in embedder, also behind an endpoint, and admits not to know others', () => {
    expect(calibrationOf('multilingual-e5-small/int8')).not.toBeNull();
    expect(calibrationOf('intfloat/multilingual-e5-small')).toEqual(calibrationOf('multilingual-e5-small/int8'));
    expect(calibrationOf('somebody/else')).toBeNull();
  });
});
