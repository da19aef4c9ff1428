import { foldText } from './fold.ts';
import { piecesOf, type Piece } from './pieces.ts';

const CLAUSE_MARK = /[,;:.!?…。，；：！？\n]|--|—/u;
const JOINING_WORDS = new Set([
  'and',
  'but',
  'or',
  'also',
  'plus',
  '和',
  '与',
  '及',
  '以及',
  '还有',
  '并',
  '并且',
  '而且',
  '但是',
  '但',
  '不过',
  '或者',
  '另外',
  '然后',
  '所以',
  '因为',
  '如果',
]);

/** A text cut where one wish, question or statement ends and the next begins; joining words go. */
export function clausesOf(text: string): readonly (readonly Piece[])[] {
  const folded = foldText(text.normalize('NFKC'));
  const clauses: Piece[][] = [];
  let current: Piece[] = [];
  let previousEnd = 0;
  for (const piece of piecesOf(text)) {
    const joins = JOINING_WORDS.has(piece.form);
    if (joins || CLAUSE_MARK.test(folded.slice(previousEnd, piece.start))) {
      if (current.length > 0) clauses.push(current);
      current = [];
    }
    if (!joins) current.push(piece);
    previousEnd = piece.end;
  }
  if (current.length > 0) clauses.push(current);
  return clauses;
}
