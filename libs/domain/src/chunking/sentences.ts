import { sizeOf } from './size.ts';

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });
const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Cuts a text between sentences; a sentence longer than `maxSize` between words, a word longer than that between characters. The
 * pieces, put together again, are the text: white space stays with the piece before it.
 */
export function cutText(text: string, maxSize: number): readonly string[] {
  return segments(sentences, text).flatMap((sentence) => (sizeOf(sentence) <= maxSize ? [sentence] : cutSentence(sentence, maxSize)));
}

function cutSentence(sentence: string, maxSize: number): readonly string[] {
  const units = segments(words, sentence).flatMap((word) => (sizeOf(word) <= maxSize ? [word] : [...word]));
  return packed(units, maxSize);
}

/** As many units to a piece as fit. */
function packed(units: readonly string[], maxSize: number): readonly string[] {
  const pieces: string[] = [];
  let open: string[] = [];
  let openSize = 0;
  for (const unit of units) {
    const size = sizeOf(unit);
    if (openSize > 0 && openSize + size > maxSize) {
      pieces.push(open.join(''));
      open = [];
      openSize = 0;
    }
    open.push(unit);
    openSize += size;
  }
  return open.length === 0 ? pieces : [...pieces, open.join('')];
}

const segments = (segmenter: Intl.Segmenter, text: string): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);
