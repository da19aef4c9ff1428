import { shown, tableOf } from '../table.ts';
import { GAIN_CUTS } from './metrics.ts';
import type { RecallReport, ReportedRow } from './recall-bench.ts';
import type { View } from './recall-set.ts';
import type { Figures } from './row-figures.ts';

/** Everything in a report but the single questions, as text. */
export function printableRecall(report: RecallReport): string {
  const [whole] = report.rows;
  const [headline] = report.views;
  if (whole === undefined || headline === undefined) return 'nothing was asked';
  const lines = [
    ...head(report),
    '',
    ...report.views.flatMap((view) => viewTable(report, view)),
    `By category, view "${headline.name}", row "${whole.row}"`,
    ...tableOf(
      ['category', 'n', ...headings(headline)],
      Object.entries(whole.byCategory).map(([category, figures]) => [category, String(figures.questions), ...cells(headline, figures)]),
      [0],
    ),
    '',
    ...differences(report),
    ...tail(report),
  ];
  return lines.join('\n');
}

function head(report: RecallReport): readonly string[] {
  const { fill } = report;
  return [
    `bench:recall ${report.set}, ${report.mode}, ${report.date.slice(0, 16)}Z, commit ${report.commit}`,
    `${report.units} users, ${report.messages} messages, put in by ${fill.commit} at ${fill.at.slice(0, 16)}Z in ${fill.seconds.toFixed(0)} s${fill.reused ? ', found here' : ''}`,
    `Embedder: ${report.embedder}`,
    `k counts memories returned; ± is half a 95 % bootstrap interval (1,000 samples).`,
  ];
}

const headings = ({ cuts }: View): readonly string[] => [
  ...cuts.map((cut) => `rec@${cut}`),
  ...cuts.filter((cut) => cut <= 20).map((cut) => `any@${cut}`),
  ...cuts.filter((cut) => cut >= 5 && cut <= 10).map((cut) => `all@${cut}`),
  ...GAIN_CUTS.map((cut) => `NDCG@${cut}`),
  'MRR',
  '± rec@10',
];

const cells = ({ cuts }: View, { recall, any, all, gain, reciprocalRank, intervals }: Figures): readonly string[] => [
  ...cuts.map((cut) => shown(recall[cut] ?? null, 3)),
  ...cuts.filter((cut) => cut <= 20).map((cut) => shown(any[cut] ?? null, 3)),
  ...cuts.filter((cut) => cut >= 5 && cut <= 10).map((cut) => shown(all[cut] ?? null, 3)),
  ...GAIN_CUTS.map((cut) => shown(gain[cut] ?? null, 3)),
  shown(reciprocalRank, 3),
  shown((intervals.recallAt10.to - intervals.recallAt10.from) / 2, 3),
];

function viewTable(report: RecallReport, view: View): readonly string[] {
  const rows = report.rows.filter(({ figures }) => (figures[view.name]?.questions ?? 0) > 0);
  if (rows.length === 0) return [];
  const hasUpdates = rows.some(({ newestFirst }) => newestFirst !== null) && view === report.views[0];
  const table = tableOf(
    ['row', 'model', 'n', ...headings(view), ...(hasUpdates ? ['newest first'] : [])],
    rows.map((row) => {
      const figures = row.figures[view.name];
      if (figures === undefined) return [row.row];
      return [
        row.row,
        row.effective.embeddingModel ?? 'none',
        String(figures.questions),
        ...cells(view, figures),
        ...(hasUpdates ? [newest(row)] : []),
      ];
    }),
    [0, 1],
  );
  return [`View "${view.name}"`, ...table, ''];
}

const newest = ({ newestFirst }: ReportedRow): string =>
  newestFirst === null
    ? ''
    : `${Math.round(newestFirst.share * newestFirst.questions)}/${newestFirst.questions} ${shown(newestFirst.share, 3)}`;

function differences({ rows }: RecallReport): readonly string[] {
  const compared = rows.filter(({ comparison }) => comparison !== null);
  if (compared.length === 0) return [];
  const sign = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;
  return [
    'Beside the whole (better / worse: questions; p: two-sided sign test)',
    ...tableOf(
      ['row', 'rec@10', 'better', 'worse', 'p', 'NDCG@10', 'better', 'worse', 'p', 'candidates'],
      compared.map(({ row, comparison, effective }) => [
        row,
        ...[comparison?.recallAt10, comparison?.gainAt10].flatMap((each) =>
          each === undefined ? [] : [sign(each.difference), String(each.better), String(each.worse), each.probability.toFixed(4)],
        ),
        effective.meanCandidates.toFixed(0),
      ]),
      [0],
    ),
    '',
  ];
}

function tail({ plain, foreign, rows, seconds }: RecallReport): readonly string[] {
  const repeats = rows.reduce((sum, { effective }) => sum + effective.repeats, 0);
  const nothing = rows[0]?.effective.askingNothing ?? 0;
  return [
    `At defaults: ${plain.meanItems.toFixed(1)} items, ${plain.meanTokens.toFixed(0)} tokens (p95 ${plain.p95Tokens}) per question; search p50 ${plain.p50Ms.toFixed(1)} ms, p95 ${plain.p95Ms.toFixed(1)} ms, vectors of questions cached (${plain.searches} searches)`,
    foreign === null
      ? 'Questions of other users: none asked'
      : `Questions of other users at defaults: ${(100 * foreign.injectedShare).toFixed(1)} % of ${foreign.questions} got anything, ${foreign.meanItems.toFixed(2)} items each`,
    `${nothing} questions asked for nothing the server would search; ${repeats} searches repeated because an arm was late; ${rows[0]?.effective.itemsWithoutVector ?? 0} items without a vector`,
    `Wall time ${seconds.toFixed(0)} s`,
  ];
}
