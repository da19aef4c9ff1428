import { lexicon, type ConceptHit, type Phrase } from './lexicon.ts';
import { segmentRun } from './segment.ts';
import { ENGLISH_STOP_WORDS } from './stop-words.ts';
import { tokenise, type Token } from './tokens.ts';

/** The smallest stretch of a text that means one thing: a word, a known phrase ("7 Days Inn", 连锁酒店), a number. */
export interface Piece {
  readonly kind: 'word' | 'number' | 'run';
  /** Folded words, joined by blanks. */
  readonly form: string;
  /** Stems of its words; for a run the run itself. */
  readonly stems: readonly string[];
  readonly parts: readonly string[];
  readonly hits: readonly ConceptHit[];
  readonly capitalised: boolean;
  /** Offsets in the folded text. */
  readonly start: number;
  readonly end: number;
}

/** Several words that mean one thing, as one string. */
export const phraseOf = (stems: readonly string[]): string => stems.join(' ');

/**
 * A text as pieces, in order; the longest known phrase wins. Runs of characters that no entry holds are cut into words unless
 * they are wanted `whole`, which is cheaper.
 */
export const piecesOf = (text: string, unknownRuns: 'cut' | 'whole' = 'cut'): readonly Piece[] =>
  piecesOfTokens(tokenise(text), unknownRuns);

export function piecesOfTokens(tokens: readonly Token[], unknownRuns: 'cut' | 'whole'): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let index = 0; index < tokens.length;) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind === 'run') {
      pieces.push(...runPieces(token, unknownRuns));
      index += 1;
    } else {
      const { piece, length } = wordPiece(tokens, index, token);
      pieces.push(piece);
      index += length;
    }
  }
  return pieces;
}

function wordPiece(tokens: readonly Token[], index: number, first: Token): { piece: Piece; length: number } {
  const phrase = longestPhrase(tokens, index, first);
  const length = phrase?.words.length ?? 1;
  const hits = phrase?.hits ?? [];
  const { start, capitalised } = first;
  if (length === 1) {
    const kind = first.kind === 'number' ? 'number' : 'word';
    return { length, piece: { kind, form: first.form, stems: [first.stem], parts: first.parts, hits, capitalised, start, end: first.end } };
  }
  const covered = tokens.slice(index, index + length);
  return {
    length,
    piece: {
      kind: 'word',
      form: covered.map((token) => token.form).join(' '),
      stems: covered.map((token) => token.stem),
      parts: covered.flatMap((token) => token.parts),
      hits,
      capitalised,
      start,
      end: covered.at(-1)?.end ?? first.end,
    },
  };
}

/** Lists are sorted so that the first that stands here is the longest, and the one written as the text writes it. */
function longestPhrase(tokens: readonly Token[], index: number, first: Token): Phrase | null {
  // "at" might be a form of "ate": a function word alone is never taken for another.
  const least = first.kind === 'word' && ENGLISH_STOP_WORDS.has(first.form) ? 2 : 1;
  const phrases = lexicon().phrases.get(first.form) ?? [];
  return phrases.find((phrase) => phrase.words.length >= least && standsAt(phrase, tokens, index)) ?? null;
}

const standsAt = ({ words }: Phrase, tokens: readonly Token[], index: number): boolean =>
  words.every((forms, offset) => forms.has(tokens[index + offset]?.form ?? ''));

function runPieces(token: Token, unknownRuns: 'cut' | 'whole'): readonly Piece[] {
  const { runWords, longestRunWord } = lexicon();
  const run = token.form;
  const pieces: Piece[] = [];
  let unknownFrom = 0;
  const pieceAt = (form: string, offset: number, hits: readonly ConceptHit[]): Piece => ({
    kind: 'run',
    form,
    stems: [form],
    parts: [],
    hits,
    capitalised: false,
    start: token.start + offset,
    end: token.start + offset + form.length,
  });
  const flushUnknown = (until: number): void => {
    let offset = unknownFrom;
    const unknown = run.slice(unknownFrom, until);
    for (const word of unknownRuns === 'cut' ? segmentRun(unknown) : unknown === '' ? [] : [unknown]) {
      pieces.push(pieceAt(word, offset, []));
      offset += word.length;
    }
  };
  for (let at = 0; at < run.length;) {
    let length = Math.min(longestRunWord, run.length - at);
    while (length > 0 && !runWords.has(run.slice(at, at + length))) length -= 1;
    if (length === 0) {
      at += 1;
      continue;
    }
    flushUnknown(at);
    const word = run.slice(at, at + length);
    pieces.push(pieceAt(word, at, runWords.get(word) ?? []));
    at += length;
    unknownFrom = at;
  }
  flushUnknown(run.length);
  return pieces;
}
