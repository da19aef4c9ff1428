import type { Piece } from './pieces.ts';
import { CHINESE_STOP_WORDS, ENGLISH_STOP_WORDS, FUNCTION_CHARACTERS, LIGHT_WORDS, TIME_WORDS } from './stop-words.ts';

const MEASURED = /^[一二两三四五六七八九十几半每][杯份顿张部首篇句道碗瓶辆台场段套间名口头]$/u;
const HIRAGANA_ONLY = /^\p{Script=Hiragana}{1,3}$/u;

/** True for what carries meaning: not a function word, not grammar, not a word for a time. */
export function isContent(piece: Piece): boolean {
  if (piece.hits.length > 0) return true;
  if (piece.kind === 'number') return true;
  if (piece.kind === 'run')
    return !CHINESE_STOP_WORDS.has(piece.form) && !isGrammar(piece.form) && !HIRAGANA_ONLY.test(piece.form) && !isTimeWord(piece);
  return piece.form.length > 1 && !ENGLISH_STOP_WORDS.has(piece.form) && !isTimeWord(piece);
}

/** Function characters only, or a number with its measure word (一杯). */
const isGrammar = (run: string): boolean => MEASURED.test(run) || [...run].every((character) => FUNCTION_CHARACTERS.has(character));

export const isTimeWord = (piece: Piece): boolean => piece.hits.length === 0 && TIME_WORDS.has(piece.form);

/** True for words of liking, planning and the like, which fit almost any memory. */
export const isLight = (piece: Piece): boolean => LIGHT_WORDS.has(piece.form);
