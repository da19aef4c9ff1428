import { tableOf } from '../table.ts';
import type { ExtractReport } from './bench-extract.ts';
import type { ExtractFigures, Share } from './figures.ts';
import type { Judgement } from './judge.ts';

const HEADINGS = [
  'dialogues of',
  'n',
  'gold',
  'memories',
  'precision (95 %)',
  'recall (95 %)',
  'invented',
  'attribution errors',
  'date errors',
  'kind errors',
];

const shown = ({ value, low, high }: Share): string => `${value.toFixed(3)} (${low.toFixed(2)}–${high.toFixed(2)})`;

const rowOf = (of: string, figures: ExtractFigures): readonly string[] => [
  of,
  String(figures.dialogues),
  String(figures.gold),
  String(figures.memories),
  shown(figures.precision),
  shown(figures.recall),
  String(figures.inventions),
  String(figures.attributionErrors),
  `${figures.dateErrors} of ${figures.dated}`,
  String(figures.kindErrors),
];

function callLine({ calls }: ExtractReport): readonly string[] {
  if (calls === null) return [];
  const most = calls.mostPerBatch === null ? 'not counted, several ran at a time' : String(calls.mostPerBatch);
  return [
    `background model calls: ${calls.calls} for ${calls.answeredTurns} answered turns (${calls.callsPerAnsweredTurn.toFixed(2)} each) in ${calls.batches} batches; most in one batch: ${most}.`,
  ];
}

/** The tables of a run. @param commit of the code that ran. */
export function printableExtract(report: ExtractReport, commit: string): string {
  const { configuration, date, wallSeconds, rows } = report;
  return [
    `bench:extract, ${date}, ${commit}; ${Object.entries(configuration)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}; ${wallSeconds.toFixed(0)} s`,
    ...tableOf(
      HEADINGS,
      rows.map(({ of, figures }) => rowOf(of, figures)),
      [0],
    ),
    ...callLine(report),
  ].join('\n');
}

/** Each miss and each wrong memory; of the held dialogues only on demand, because nobody is to correct rules against them. */
export function printableItems(judgements: readonly Judgement[], showsHeld: boolean): string {
  return judgements
    .filter(({ dialogue }) => showsHeld || dialogue.split !== 'held')
    .flatMap(({ dialogue: { id, trap }, ...judgement }) => [
      ...judgement.missed.map(({ written }) => `${id} ${trap} missed: ${written}`),
      ...judgement.wrong.map((text) => `${id} ${trap} ${judgement.invented.includes(text) ? 'invented' : 'wrong'}: ${text}`),
      ...judgement.misattributed.map((text) => `${id} ${trap} attribution: ${text}`),
      ...judgement.misdated.map((text) => `${id} ${trap} date: ${text}`),
      ...judgement.misfiled.map((text) => `${id} ${trap} kind: ${text}`),
    ])
    .join('\n');
}
