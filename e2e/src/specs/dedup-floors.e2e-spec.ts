import { type RecordedRequest, saysJson, ScriptedModel } from '@continuo/testing';
import { runDedup, WORDS_ALONE } from '../bench/dedup/bench-dedup.ts';
import { type DedupReport, printableDedup, printableFailures, reachedBy } from '../bench/dedup/dedup-report.ts';
import { FAMILIES } from '../bench/dedup/case.ts';
import { FIRST_IN_SEARCH } from '../bench/dedup/floors.ts';
import { generateCases } from '../bench/dedup/generate-cases.ts';
import { shareOf } from '../bench/dedup/interval.ts';
import { failed } from '../bench/dedup/outcome.ts';

/** A small form of the bench: enough of each family that what breaks one is seen. */
const CASES = 150;
/** Of the cases in which nothing was remembered of something said. */
const MOST_NOT_EXTRACTED = 0.05;
/** Below the aim: by words alone some questions find nothing. What they find must be right. */
const LEAST_FIRST_IN_SEARCH = 0.85;

describe('duplicates, changes and deletions, as a user would meet them', () => {
  let report: DedupReport;
  beforeAll(async () => {
    report = await runDedup({ seed: 7, cases: CASES, model: null, embedder: WORDS_ALONE, together: 8, say: () => undefined });
  }, 180_000);

  const wrong = (): string => `${printableFailures(report.outcomes.filter(failed))}\n${printableDedup(report)}`;

  it('reach every floor without a model', () => {
    const missed = reachedBy(report).filter(({ name, met, share }) =>
      name === FIRST_IN_SEARCH ? (share?.share ?? 0) < LEAST_FIRST_IN_SEARCH : !met,
    );
    expect(missed.length === 0 ? '' : wrong()).toBe('');
  });

  it('are tried in every family and both languages, and almost everything said in them is remembered', () => {
    const tried = new Set(report.outcomes.map(({ case: each }) => `${each.family} ${each.language}`));
    expect(tried.size).toBe(FAMILIES.length * 2);
    const untested = report.outcomes.filter(({ tested }) => !tested).length;
    expect(untested / report.outcomes.length).toBeLessThanOrEqual(MOST_NOT_EXTRACTED);
  });
});

/** What the newest messages say, word for word: what a model that extracts everything would answer. */
function everythingSaid(request: RecordedRequest): readonly object[] {
  const [, list = ''] = request.messages.at(-1)?.content.split('New messages:\n') ?? [];
  const said = list.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { id: string; content: string }] : []));
  return said.map(({ id, content }) => ({ kind: 'fact', title: 'Said', text: content.trim(), quote: content.trim(), message_ids: [id] }));
}

describe('the same with a chat model by its address', () => {
  let model: ScriptedModel;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    model.always((request) => saysJson(request.schemaName === 'memories' ? { memories: everythingSaid(request) } : { decisions: [] }));
  });
  afterAll(() => model.close());

  it('lets the model extract, and names it in the report', async () => {
    const by = { baseUrl: model.baseUrl, name: 'scripted-model', key: null };
    const report = await runDedup({ seed: 7, cases: 20, model: by, embedder: WORDS_ALONE, together: 8, say: () => undefined });
    expect(report.configuration.extraction).toBe('model scripted-model');
    expect(model.requests.filter(({ schemaName }) => schemaName === 'memories').length).toBeGreaterThanOrEqual(report.outcomes.length);
    expect(report.outcomes.filter(({ tested }) => !tested)).toEqual([]);
    const exact = report.outcomes.filter((outcome) => outcome.case.family === 'repeat' || outcome.case.family === 'variant');
    expect(exact.map(({ measures }) => measures.collapsed)).toEqual(exact.map(() => true));
  }, 120_000);
});

describe('the generator of cases', () => {
  it('makes the same cases for the same seed and others for another', () => {
    expect(generateCases(3, 300)).toEqual(generateCases(3, 300));
    expect(generateCases(3, 300)).not.toEqual(generateCases(4, 300));
  });

  it('says in every case what is to be compared, in different words unless it is a repeat', () => {
    for (const { family, said } of generateCases(5, 2_000)) {
      expect(said.length).toBeGreaterThan(1);
      expect(said.every(({ text }) => text.trim() !== '' && !/\{[a-z]\}/u.test(text))).toBe(true);
      if (family !== 'repeat' && family !== 'deletion') expect(new Set(said.map(({ text }) => text)).size).toBeGreaterThan(1);
    }
  });

  it('gives shares with an interval that holds them', () => {
    expect(shareOf(0, 0)).toBeNull();
    expect(shareOf(0, 100)).toMatchObject({ share: 0, low: 0 });
    expect(shareOf(0, 100)?.high).toBeCloseTo(0.037, 3);
    expect(shareOf(100, 100)?.low).toBeCloseTo(0.963, 3);
  });
});
