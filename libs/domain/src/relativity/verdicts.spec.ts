import { readFileSync } from 'node:fs';
import { analyse, documentTerms } from '../text/analyse.ts';
import { CALIBRATIONS } from './calibrations.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import { aCandidate, NOW } from './candidate.builder.ts';
import { DEFAULT_MIN_RELATIVITY, type QueryAnalysis, type RecallCandidate, type ScoringContext } from './types.ts';

interface StoredText {
  readonly kind: 'fact' | 'preference' | 'turn';
  readonly text: string;
  readonly role?: 'user' | 'assistant';
  readonly about?: string;
}

interface VerdictCase {
  readonly store: string;
  readonly query: string;
  /** Ids that must be worth recalling. */
  readonly above: readonly string[];
  /** Ids on which reasonable people differ. All others must not be worth recalling. */
  readonly either?: readonly string[];
}

/** Our own sentences; the cosines are those of multilingual-e5-small/int8, by store, query and id. */
interface Fixture {
  readonly stores: Readonly<Record<string, Readonly<Record<string, StoredText>>>>;
  readonly cases: readonly VerdictCase[];
  readonly cosines: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
}

const fixture = JSON.parse(readFileSync(new URL('./verdicts.fixture.json', import.meta.url), 'utf8')) as Fixture;
const E5 = CALIBRATIONS['multilingual-e5-small/int8'] ?? null;

const candidatesOf = ({ store, query }: VerdictCase, withCosines: boolean): readonly RecallCandidate[] =>
  Object.entries(fixture.stores[store] ?? {}).map(([id, { kind, text, role, about }]) =>
    aCandidate({
      id,
      kind,
      text,
      role: role ?? null,
      origin: role ?? 'user',
      about: about ?? null,
      cosine: withCosines ? (fixture.cosines[store]?.[query]?.[id] ?? null) : null,
    }),
  );

const context = (calibration: ScoringContext['calibration']): ScoringContext => ({
  now: NOW,
  conversationId: null,
  timeWindow: null,
  calibration,
});

/** Ids whose verdict is wrong, with their relativity. */
function wrongOnes(
  verdict: VerdictCase,
  query: QueryAnalysis,
  candidates: readonly RecallCandidate[],
  calibration: ScoringContext['calibration'],
): readonly string[] {
  const stored = new Set(Object.keys(fixture.stores[verdict.store] ?? {}));
  return scoreCandidates(query, candidates, context(calibration))
    .filter(({ document, relativity }) => {
      if (!stored.has(document.id) || verdict.either?.includes(document.id) === true) return false;
      return verdict.above.includes(document.id) !== relativity >= DEFAULT_MIN_RELATIVITY;
    })
    .map(({ document, relativity }) => `${document.id} ${relativity.toFixed(2)}`);
}

const NOUNS =
  'river,morning,tea,sister,travel,garden,phone,office,winter,music,report,coffee,train,letter,school,doctor,budget,dinner,hotel,weather'.split(
    ',',
  );
const VERBS = 'mentioned,painted,forgot,described,ordered,cleaned,photographed,sold,repaired,discussed'.split(',');
const CHINESE_NOUNS = '河边,早上,茶,姐姐,旅行,花园,手机,办公室,冬天,音乐,报告,咖啡,火车,信,学校,医生,预算,晚饭,酒店,天气'.split(',');

/** Two thousand remarks about the same everyday things. */
const distractors: readonly RecallCandidate[] = Array.from({ length: 2_000 }, (_, index) => {
  const [noun, other, verb] = [NOUNS[index % 20] ?? '', NOUNS[(index * 7 + 3) % 20] ?? '', VERBS[index % 10] ?? ''];
  const [chineseNoun, chineseOther] = [CHINESE_NOUNS[index % 20] ?? '', CHINESE_NOUNS[(index * 7 + 3) % 20] ?? ''];
  const text =
    index % 2 === 0 ? `Colleague ${index} ${verb} the ${noun} and the ${other}.` : `第${index}位同事提到${chineseNoun}和${chineseOther}。`;
  return aCandidate({ id: `distractor-${index}`, kind: 'fact', text });
});
const distractorTerms = new Map(
  distractors.map(({ document }) => [document.id, new Set([...analyse(document.text), ...documentTerms(document).concepts])]),
);

/** The 196 distractors that share most terms with the query: what the words arm of a store would bring. */
function nearest(query: QueryAnalysis): readonly RecallCandidate[] {
  const asked = [...query.terms, ...query.concepts];
  const shared = (id: string): number => asked.filter((term) => distractorTerms.get(id)?.has(term) === true).length;
  return distractors
    .map((candidate) => ({ candidate, count: shared(candidate.document.id) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 196)
    .map(({ candidate }) => candidate);
}

describe('what is worth recalling', () => {
  it('is asked in more than sixty ways', () => {
    expect(fixture.cases.length).toBeGreaterThan(60);
  });

  describe.each(fixture.cases)('"$query" ($store)', (verdict) => {
    it('is told by words alone', () => {
      expect(wrongOnes(verdict, analyseQuery(verdict.query), candidatesOf(verdict, false), null)).toEqual([]);
    });

    it('is told by words and vectors', () => {
      const candidates = candidatesOf(verdict, true);
      expect(candidates.every((candidate) => candidate.cosine !== null)).toBe(true);
      expect(wrongOnes(verdict, analyseQuery(verdict.query), candidates, E5)).toEqual([]);
    });

    it('is the same among two thousand other memories', () => {
      const query = analyseQuery(verdict.query);
      expect(wrongOnes(verdict, query, [...candidatesOf(verdict, false), ...nearest(query)], null)).toEqual([]);
    });
  });
});
