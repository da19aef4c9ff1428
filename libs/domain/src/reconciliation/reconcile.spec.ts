import type { Candidate, Denial, Memory } from '../memory.ts';
import { reconcile, type Reconciliation, type Verdict } from './reconcile.ts';

const SCOPE = { projectId: 'p', subject: 'user:ana' } as const;
const DAY = 86_400_000;
const MONDAY = Date.UTC(2026, 10, 16);

const aCandidate = (text: string, more: Partial<Candidate> = {}): Candidate => ({
  kind: 'fact',
  preferenceType: null,
  reasoning: '',
  title: text,
  text,
  language: 'en',
  topicKey: null,
  topicValue: null,
  negated: false,
  about: null,
  origin: 'user',
  entities: [],
  keyPhrases: [],
  eventTime: null,
  confidence: 0.9,
  details: {},
  sourceMessageIds: ['m1'],
  quotes: [text],
  statedAt: MONDAY,
  extractor: 'rules',
  ...more,
});

const city = (text: string, value: string, more: Partial<Candidate> = {}): Candidate =>
  aCandidate(text, { topicKey: 'home.city', topicValue: value, ...more });

interface Situation {
  readonly known?: readonly Memory[];
  readonly denials?: readonly Denial[];
  readonly verdicts?: ReadonlyMap<number, Verdict>;
}

/** Messages are named m1, m2 …; the number is the sequence. */
function run(candidates: readonly Candidate[], { known = [], denials = [], verdicts = new Map() }: Situation = {}): Reconciliation {
  const ids = candidates.flatMap((candidate) => candidate.sourceMessageIds);
  const sequences = new Map(ids.map((id) => [id, Number(id.slice(1))]));
  return reconcile({ scope: SCOPE, conversationId: 'c', candidates, known, denials, sequences, labels: new Map(), verdicts, now: MONDAY });
}

const kept = (...candidates: readonly Candidate[]): readonly Memory[] => run(candidates).insert;

describe('reconciliation', () => {
  it('adds what is new', () => {
    const { insert, evidence, supersede } = run([aCandidate('I play the cello')]);
    expect(insert).toMatchObject([
      { text: 'I play the cello', status: 'current', evidence: 1, sourceSequence: 1, validFrom: MONDAY, validTo: null },
    ]);
    expect([evidence, supersede]).toEqual([[], []]);
  });

  it('lets what a model reads in a message replace what the rules read in it, and the rules never add to that', () => {
    const byRules = kept(
      aCandidate('Never suggest seafood restaurants', { kind: 'preference' }),
      aCandidate('I like tea'),
      aCandidate('I play the cello at home', { sourceMessageIds: ['m2'] }),
    );
    const model = { extractor: 'scripted' };
    const reading = aCandidate('The user never wants seafood restaurants suggested.', { kind: 'preference', ...model });
    const again = run([reading, aCandidate('The user likes coffee.', model), aCandidate('The user plays the cello in a quartet.', model)], {
      known: byRules,
    });
    expect(again.insert.map(({ text, status }) => [text, status])).toEqual([
      ['The user never wants seafood restaurants suggested.', 'current'],
      ['The user likes coffee.', 'current'],
      ['The user plays the cello in a quartet.', 'current'],
    ]);
    expect(again.supersede).toMatchObject([{ id: byRules[0]?.id, by: again.insert[0]?.id }]);

    const known = again.insert;
    expect(run([aCandidate('Never suggest seafood restaurants', { kind: 'preference' })], { known }).insert).toEqual([]);
    const retired = byRules.map((memory) => ({ ...memory, status: 'deleted' as const }));
    expect(run([reading], { known: retired }).insert).toEqual([]);
  });

  it('keeps the fuller words of two that say the same, whichever came first, and all they rest on', () => {
    const plain = aCandidate('I play the trumpet');
    const fuller = aCandidate('I play the trumpet in a small orchestra', { sourceMessageIds: ['m2'] });
    const grown = run([fuller], { known: kept(plain) });
    expect(grown.insert).toMatchObject([{ text: fuller.text, status: 'current', sourceMessageIds: ['m1', 'm2'], evidence: 2 }]);
    expect(grown.supersede).toMatchObject([{ by: grown.insert[0]?.id }]);
    expect(grown.hide).toEqual([]);

    const again = run([plain], { known: kept(fuller) });
    expect([again.insert, again.supersede]).toEqual([[], []]);
    expect(again.evidence).toHaveLength(1);
  });

  it('keeps the slot when fuller words are put for those that fill it', () => {
    const known = kept(city('I live in Lyon', 'lyon'));
    const { insert } = run([city('I live in Lyon with my two cats', 'lyon', { sourceMessageIds: ['m2'] })], { known });
    expect(insert).toMatchObject([{ text: 'I live in Lyon with my two cats', topicKey: 'home.city', topicValue: 'lyon' }]);
  });

  it('ends what is said to be over, also when the end was heard of first', () => {
    const plays = aCandidate('I play the cello');
    const over = aCandidate('I no longer play the cello', { sourceMessageIds: ['m2'], statedAt: MONDAY + DAY, negated: true });
    const known = kept(plays);
    expect(run([over], { known }).supersede).toMatchObject([{ id: known[0]?.id }]);

    const late = run([plays], { known: kept(over) });
    expect(late.insert).toMatchObject([{ text: 'I play the cello', status: 'superseded' }]);
    expect(late.hide).toEqual(['m1']);
  });

  it('counts an exact repeat as evidence', () => {
    const known = kept(aCandidate('I play the cello'));
    const { insert, evidence } = run([aCandidate('I play the CELLO!', { sourceMessageIds: ['m5'], quotes: ['I play the CELLO!'] })], {
      known,
    });
    expect(insert).toEqual([]);
    expect(evidence).toMatchObject([{ id: known[0]?.id, sourceMessageIds: ['m1', 'm5'], sourceSequence: 5 }]);
  });

  it('does nothing for what was mined from the same words before', () => {
    const known = kept(aCandidate('I play the cello'));
    expect(run([aCandidate('I play the cello')], { known })).toEqual({ insert: [], evidence: [], supersede: [], hide: [], withhold: [] });
  });

  it('supersedes the value of a slot by the one stated later and keeps the old one', () => {
    const known = kept(city('I live in Paris', 'paris'));
    const lastWeek = { from: MONDAY - 7 * DAY, to: MONDAY };
    const { insert, supersede } = run(
      [city('We moved to Lyon last week', 'lyon', { sourceMessageIds: ['m2'], statedAt: MONDAY + DAY, eventTime: lastWeek })],
      { known },
    );
    expect(insert).toMatchObject([{ text: 'We moved to Lyon last week', status: 'current', validFrom: lastWeek.from }]);
    expect(supersede).toEqual([{ id: known[0]?.id, by: insert[0]?.id, validTo: MONDAY }]);
  });

  it('hides the messages that say what was superseded, also within one batch or when the older value arrives late', () => {
    const paris = city('I live in Paris', 'paris');
    const lyon = city('We moved to Lyon', 'lyon', { sourceMessageIds: ['m2'], statedAt: MONDAY + DAY });
    expect(run([lyon], { known: kept(paris) }).hide).toEqual(['m1']);
    expect(run([paris, lyon]).hide).toEqual(['m1']);
    expect(run([paris], { known: kept(lyon) }).hide).toEqual(['m1']);
    expect(run([{ ...lyon, sourceMessageIds: ['m1'] }], { known: kept(paris) }).hide).toEqual([]);
  });

  it('puts a value that arrives late straight into history', () => {
    const known = kept(city('I live in Lyon', 'lyon', { statedAt: MONDAY + DAY }));
    const { insert, supersede } = run([city('I live in Paris', 'paris', { sourceMessageIds: ['m2'] })], { known });
    expect(insert).toMatchObject([{ status: 'superseded', supersededBy: known[0]?.id, validTo: MONDAY + DAY }]);
    expect(supersede).toEqual([]);
  });

  it('lets the later arrival win at equal times', () => {
    const { insert } = run([city('I live in Paris', 'paris'), city('I live in Lyon', 'lyon', { sourceMessageIds: ['m2'] })]);
    expect(insert.map(({ topicValue, status }) => [topicValue, status])).toEqual([
      ['paris', 'superseded'],
      ['lyon', 'current'],
    ]);
  });

  it('follows a slot through a drift within one batch', () => {
    const { insert } = run([
      city('I live in Paris', 'paris', { sourceMessageIds: ['m1'] }),
      city('I live in Lyon', 'lyon', { sourceMessageIds: ['m2'], statedAt: MONDAY + 1 }),
      city('I live in Paris again', 'paris', { sourceMessageIds: ['m3'], statedAt: MONDAY + 2 }),
    ]);
    expect(insert.filter((memory) => memory.status === 'current').map((memory) => memory.text)).toEqual(['I live in Paris again']);
  });

  it('takes the same value in other words for evidence', () => {
    const known = kept(city('I live in Lyon', 'lyon'));
    const { insert, evidence } = run([city('My home is Lyon', 'lyon', { sourceMessageIds: ['m2'] })], { known });
    expect([insert.length, evidence.length]).toEqual([0, 1]);
  });

  it.each([
    ['a negation', 'I eat meat', 'I do not eat meat'],
    ['a number', 'I have 2 dogs', 'I have 3 dogs'],
    ['a person', 'I met Tom in May', 'I met Tim in May'],
    ['a unit', 'I ran 5 km', 'I ran 5 miles'],
  ])('never takes statements that differ in %s for the same', (_difference, first, second) => {
    const known = kept(aCandidate(first));
    expect(run([aCandidate(second, { sourceMessageIds: ['m2'] })], { known }).insert).toHaveLength(1);
  });

  it('lets a denied value end that value alone', () => {
    const known = kept(city('I live in Lyon', 'lyon'));
    const noLonger = (value: string, id: string) =>
      city(`I no longer live in ${value}`, value, { negated: true, sourceMessageIds: [id], statedAt: MONDAY + DAY });
    expect(run([noLonger('paris', 'm2')], { known }).supersede).toEqual([]);
    expect(run([noLonger('lyon', 'm2')], { known }).supersede).toMatchObject([{ id: known[0]?.id }]);
  });

  it('lets any other state replace the state of a habit or a preference', () => {
    const known = kept(aCandidate('I smoke', { topicKey: 'habit.smoking', topicValue: 'yes' }));
    const quit = aCandidate('I quit smoking', {
      topicKey: 'habit.smoking',
      topicValue: 'stopped',
      negated: true,
      sourceMessageIds: ['m2'],
      statedAt: MONDAY + DAY,
    });
    expect(run([quit], { known }).supersede).toMatchObject([{ id: known[0]?.id }]);
  });

  it("never takes a friend's home for the user's", () => {
    const known = kept(city('I live in Paris', 'paris'));
    const { insert, supersede } = run(
      [city('Tom lives in Berlin', 'berlin', { about: 'Tom', sourceMessageIds: ['m2'], statedAt: MONDAY + 1 })],
      { known },
    );
    expect([insert.length, supersede.length]).toEqual([1, 0]);
  });

  describe('after a denial', () => {
    const denial: Denial = {
      normalisedText: 'i live in paris',
      topicKey: 'home.city',
      topicValue: 'paris',
      throughSequence: 5,
      statedAt: MONDAY - DAY,
    };

    it('blocks older evidence, also in other words for the same slot', () => {
      const { insert, hide } = run([city('I live in Paris', 'paris'), city('Paris is my home', 'paris', { sourceMessageIds: ['m4'] })], {
        denials: [denial],
      });
      expect([insert.length, hide]).toEqual([0, ['m1', 'm4']]);
    });

    it('blocks what was said no later than the denied memory, whenever it arrives', () => {
      const late = city('I live in Paris', 'paris', { sourceMessageIds: ['m9'], statedAt: MONDAY - DAY });
      expect(run([late], { denials: [denial] }).insert).toEqual([]);
    });

    it('is lifted by a later statement', () => {
      expect(run([city('I live in Paris', 'paris', { sourceMessageIds: ['m6'] })], { denials: [denial] }).insert).toHaveLength(1);
    });

    it('does not block another value', () => {
      expect(run([city('I live in Lyon', 'lyon', { sourceMessageIds: ['m3'] })], { denials: [denial] }).insert).toHaveLength(1);
    });
  });

  describe("on a model's word", () => {
    const known = kept(aCandidate('I drive an old Volvo'));
    const candidate = aCandidate('I replaced my Volvo with a bicycle', { sourceMessageIds: ['m2'], statedAt: MONDAY + 1 });

    it('supersedes a memory it names', () => {
      const verdicts = new Map([[0, { action: 'supersede' as const, memoryId: known[0]?.id ?? '' }]]);
      const { insert, supersede } = run([candidate], { known, verdicts });
      expect(supersede).toMatchObject([{ id: known[0]?.id, by: insert[0]?.id }]);
    });

    it('ignores a memory that is not there', () => {
      const verdicts = new Map([[0, { action: 'same' as const, memoryId: 'elsewhere' }]]);
      expect(run([candidate], { known, verdicts }).insert).toHaveLength(1);
    });
  });
});
