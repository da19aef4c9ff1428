import type { QuestionRow } from '../bench/recall/ask-rows.ts';
import { localBenchEmbedder } from '../bench/recall/bench-embedder.ts';
import { scoresOf } from '../bench/recall/metrics.ts';
import { brokenFloors } from '../bench/recall/own/floors.ts';
import { loadOwn } from '../bench/recall/own/own-set.ts';
import { type RecallReport, runRecallBench } from '../bench/recall/recall-bench.ts';
import { figuresOf } from '../bench/recall/row-figures.ts';
import { MODE } from '../deployment/deployment.ts';

const FOREIGN_QUESTIONS = 80;
const VIEW = 'turns';

describe('recall on our own dialogues', () => {
  let report: RecallReport;
  beforeAll(async () => {
    report = await runRecallBench({
      set: await loadOwn(),
      mode: MODE,
      embedder: await localBenchEmbedder(),
      ablations: [{ name: 'neither arm', without: ['words', 'vectors'] }],
      foreign: FOREIGN_QUESTIONS,
      seed: 1,
      keepIn: null,
      say: () => undefined,
    });
  });

  const row = (name: string) => {
    const found = report.rows.find((each) => each.row === name);
    if (found === undefined) throw new Error(`there is no row "${name}"`);
    return found;
  };
  const floorsOf = (name: string) => ({
    figures: row(name).figures[VIEW] ?? { recall: {}, any: {}, gain: {} },
    newestFirst: row(name).newestFirst,
    foreign: report.foreign,
  });

  it('was asked with words and vectors, of every question', () => {
    expect(row('all').effective).toMatchObject({ embeddingModel: 'multilingual-e5-small/int8', without: [], itemsWithoutVector: 0 });
    expect(row('all').figures[VIEW]?.questions).toBe(65);
    expect(report.foreign?.questions).toBe(FOREIGN_QUESTIONS);
    expect(report.messages).toBe(143);
  });

  it('is not below any floor', () => {
    expect(brokenFloors(floorsOf('all'))).toEqual([]);
  });

  it('would be seen to be broken without its arms', () => {
    expect(brokenFloors(floorsOf('neither arm'))).toEqual(
      expect.arrayContaining([expect.stringContaining('rec@10'), expect.stringContaining('any@10'), expect.stringContaining('NDCG@5')]),
    );
  });

  it('would be seen to be broken with its order reversed', () => {
    const reversed = report.questions.filter((question) => question.row === 'all').map(reversedRow);

    expect(brokenFloors({ figures: figuresOf(reversed, VIEW, 1), newestFirst: null, foreign: null })).toEqual(
      expect.arrayContaining([expect.stringContaining('rec@5'), expect.stringContaining('NDCG@5')]),
    );
  });

  it('would be seen to put in what answers nothing', () => {
    const foreign = { injectedShare: 0.2 };

    expect(brokenFloors({ ...floorsOf('all'), foreign })).toContainEqual(expect.stringContaining('20.0 % of other people'));
  });
});

/** The same answer with its last item first. */
function reversedRow(question: QuestionRow): QuestionRow {
  const ranks = question.views[VIEW]?.ranks ?? [];
  const items = Array.from({ length: question.items }, (_, index) =>
    ranks.flatMap((rank, gold) => (rank === question.items - index ? [`gold ${gold}`] : [])),
  );
  const gold = ranks.map((_, index) => `gold ${index}`);
  return { ...question, views: { [VIEW]: { ...scoresOf(items, gold), ranks: [] } } };
}
