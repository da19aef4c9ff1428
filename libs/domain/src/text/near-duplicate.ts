import { isContent } from './content.ts';
import { foldText, statementKey } from './fold.ts';
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
  /** Numbers with their units, names in order, negations, as one string. */
  readonly telling: string;
}

const NEGATION =
  /\b(?:not|no|never|none|cannot|without|nobody|nothing|neither|nor|hardly|stopped|quit|\w+n't|(?:do|does|did|is|are|was|were|have|has|had|ca|wo|would|could|should)nt)\b|不|没|无|别|未|非|戒/gu;
const CHINESE_NUMBER = /^[零〇一二两三四五六七八九十百千万亿半]+/u;

export function statementTraits(text: string): StatementTraits {
  const pieces = piecesOf(text);
  const numbers = pieces.flatMap((piece, index) =>
    /\d/u.test(piece.form) || CHINESE_NUMBER.test(piece.form) ? [`${piece.form} ${pieces[index + 1]?.stems.join(' ') ?? ''}`] : [],
  );
  const negations = foldText(text).match(NEGATION) ?? [];
  return {
    key: statementKey(text),
    words: new Set(pieces.filter((piece) => !FILLERS.has(piece.form)).flatMap((piece) => piece.stems)),
    telling: JSON.stringify([numbers, pieces.filter(isNaming).map((piece) => piece.form), negations.length]),
  };
}

const isNaming = (piece: Piece, index: number): boolean =>
  (piece.capitalised && index > 0 && isContent(piece)) || piece.hits.some((hit) => hit.role === 'case');

/** True when two texts say the same: equal but for fillers, order and inflection, with the same numbers, names and negations. */
export function sameStatement(a: StatementTraits, b: StatementTraits): boolean {
  if (a.key === b.key) return true;
  return a.words.size > 0 && a.telling === b.telling && a.words.size === b.words.size && [...a.words].every((word) => b.words.has(word));
}

/** {@link sameStatement} of two texts. Differing in a number, unit, date, name or negation, they never are the same. */
export const nearDuplicate = (a: string, b: string): boolean => sameStatement(statementTraits(a), statementTraits(b));
