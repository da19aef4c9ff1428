import { isContent } from './content.ts';
import { foldText, statementKey } from './fold.ts';
import { baseOf } from './inflections.ts';
import { piecesOf, type Piece } from './pieces.ts';

/** Words whose coming or going leaves a statement what it was. Everything else that differs makes two statements of two texts. */
const FILLERS = new Set(
  `a an the i im ive am is are was were be been my me that this these those it its so very really quite just also too well oh ok okay please actually basically simply then there do does did have has had will would
  user 用户 了 的 也 很 吧 啊 呢 呀 啦 嘛 哦 都 就 是 我 我的 个 一个 非常 真 真的 挺 其实 呃 嗯 地 得 这 那`.split(/\s+/u),
);

/** What must be equal, not only alike, in two texts that say the same. */
export interface StatementTraits {
  readonly key: string;
  /** Stems without fillers. */
  readonly words: ReadonlySet<string>;
  /** The same in the order in which they are said. */
  readonly order: readonly string[];
  /** Numbers with their units, names in order, negations and times, as one string. */
  readonly telling: string;
}

const NEGATION =
  /\b(?:not|no|never|none|cannot|without|nobody|nothing|neither|nor|hardly|stopped|quit|\w+n't|(?:do|does|did|is|are|was|were|have|has|had|ca|wo|would|could|should)nt)\b|不|没|无|(?<!特)别|未|非(?!常)|戒/gu;
const CHINESE_NUMBER = /^[零〇一二两三四五六七八九十百千万亿半]+/u;

export function statementTraits(text: string): StatementTraits {
  const pieces = piecesOf(text);
  const numbers = pieces.flatMap((piece, index) =>
    /\d/u.test(piece.form) || CHINESE_NUMBER.test(piece.form) ? [`${piece.form} ${pieces[index + 1]?.stems.join(' ') ?? ''}`] : [],
  );
  const folded = foldText(text);
  const negations = folded.match(NEGATION) ?? [];
  const said = pieces.filter((piece) => !FILLERS.has(piece.form));
  const order = said.flatMap((piece) => piece.stems);
  const past = said.flatMap((piece) => (isPast(piece.form) ? piece.stems : []));
  return {
    key: statementKey(text),
    words: new Set(order),
    order,
    telling: JSON.stringify([
      numbers,
      pieces.filter(isNaming).map((piece) => piece.form),
      negations.length,
      timesIn(folded),
      past.toSorted(),
    ]),
  };
}

/** Words that say that it is not so today, or not any more. */
const TIMES =
  /\b(?:was|were|did|used to|formerly|previously|will|would|shall|going to|gonna)\b|(?<!\b(?:have|has|'ve) )\bhad\b|'(?:ll|d)\b|以前|之前|曾经|过去|小时候|将来?|打算|准备|计划|想/gu;

/** The marks in a folded text that move it to another time than today, in order. */
export const timesIn = (folded: string): readonly string[] => folded.match(TIMES) ?? [];

/** True for a word in a form of the past: "played", "went". */
export const isPast = (form: string): boolean => /.ed$/u.test(form) || (baseOf(form) !== form && !/(?:s|ing|er|est)$/u.test(form));

/** True for equal words in the same order, or with one phrase moved from an end to the other: a dog that chases a cat is not chased. */
export function sameWords(one: readonly string[], other: readonly string[]): boolean {
  if (one.length === 0 || one.length !== other.length) return false;
  return one.some((_, turn) => other.every((word, index) => word === one[(index + turn) % one.length]));
}

const isNaming = (piece: Piece, index: number): boolean =>
  (piece.capitalised && index > 0 && isContent(piece)) || piece.hits.some((hit) => hit.role === 'case');

/** True when two texts say the same: equal but for fillers, a phrase moved and inflection, with the same numbers, names, negations and times. */
export function sameStatement(a: StatementTraits, b: StatementTraits): boolean {
  if (a.key === b.key) return true;
  return a.telling === b.telling && sameWords(a.order, b.order);
}

/** {@link sameStatement} of two texts. Differing in a number, unit, date, name or negation, they never are the same. */
export const nearDuplicate = (a: string, b: string): boolean => sameStatement(statementTraits(a), statementTraits(b));
