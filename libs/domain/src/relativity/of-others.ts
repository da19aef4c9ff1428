import type { IndexedDocument } from '../memory.ts';
import { isPerson } from '../text/lexicon.ts';
import type { Piece } from '../text/pieces.ts';

/** Whether a text speaks of somebody else: not, or only of being with them · also ("we have two boys") · only ("my sister lives …"). */
export type OfOthers = 'not' | 'also' | 'only';

/** "Dana is allergic to cats": somebody else, in a turn where the speaker says nothing of themself. */
const NAMED_SUBJECT =
  /^(?!.*\b(?:I|I'm|I've|we|my|our|me)\b)\p{Lu}\p{Ll}+ (?:is|was|has|had|lives?|works?|likes?|loves?|hates?|wants?|plays?|needs?|can't|doesn't|isn't) /u;

const COMPANY = new Set(['with', 'and', '和', '跟', '与', '同', '陪']);
const SPEAKER = new Set('i im ive we weve our me us user 我 我们 咱们 自己 用户'.split(' '));

export function ofOthers({ kind, text }: Pick<IndexedDocument, 'kind' | 'text'>, pieces: readonly Piece[]): OfOthers {
  if (kind === 'turn' && NAMED_SUBJECT.test(text)) return 'only';
  const isOther = (index: number): boolean => pieces[index]?.hits.some(isPerson) === true;
  const first = pieces.findIndex((_, index) => isOther(index) && !isCompany(pieces, index));
  if (first < 0) return 'not';
  // 我妹妹 is hers, not mine: the word before somebody says whose they are.
  const ofSpeaker = pieces.some((piece, index) => SPEAKER.has(piece.form) && !isOther(index + 1));
  return ofSpeaker ? 'also' : 'only';
}

/** "With my sister", 和女朋友. */
const isCompany = (pieces: readonly Piece[], index: number): boolean =>
  pieces.slice(Math.max(0, index - 3), index).some((piece) => COMPANY.has(piece.form));
