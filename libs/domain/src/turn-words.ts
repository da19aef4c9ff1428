import type { Message } from './message.ts';

/*
 * Of a message recalled verbatim single statements may be withheld: what a memory that was deleted, denied or replaced had quoted. The
 * rest of it is still recalled.
 */

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a sentence ends: marks of its own kind anywhere, those of English before white space, and every line. */
const SENTENCE_END = /[。．！？；]+[”’」』）)]*|[.!?…]+["'”’)\]]*(?=\s|$)|\n/gu;

/** Characters of a script without spaces that say something, where of words it takes three. */
const FEWEST_CHARACTERS = 4;
const FEWEST_WORDS = 3;

const RUNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** What of a message may be recalled: all of it, or what is left without the sentences that hold something withheld; null: nothing. */
export function recallableWords({ content, withheld }: Pick<Message, 'content' | 'withheld'>): string | null {
  if (withheld.length === 0) return content;
  const cut = withheld.flatMap((quote) => occurrencesOf(quote, content));
  const kept = sentencesOf(content)
    .filter((sentence) => !cut.some((span) => span.start < sentence.end && sentence.start < span.end))
    .map(({ start, end }) => content.slice(start, end));
  return kept.some(saysSomething) ? kept.join('').trim() : null;
}

/** Those of some quotes that are in a message, whatever its white space and capitals. */
export const quotedIn = (content: string, quotes: readonly string[]): readonly string[] =>
  quotes.filter((quote) => occurrencesOf(quote, content).length > 0);

/** The statements a text consists of, one by one, and the text itself. */
export function statementsIn(content: string): readonly string[] {
  const sentences = sentencesOf(content).map(({ start, end }) => content.slice(start, end).trim());
  return [...new Set([content.trim(), ...sentences])].filter((sentence) => /[\p{L}\p{N}]/u.test(sentence)).slice(0, MOST_STATEMENTS);
}

/** A longer text is told rather than stated. */
const MOST_STATEMENTS = 50;

/** White space behind a sentence is its own, so that what is left reads as it was written. */
function sentencesOf(content: string): readonly Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const { index, 0: marks } of content.matchAll(SENTENCE_END)) {
    let end = index + marks.length;
    while (end < content.length && /\s/u.test(content.charAt(end))) end += 1;
    if (end <= start) continue;
    sentences.push({ start, end });
    start = end;
  }
  return start < content.length ? [...sentences, { start, end: content.length }] : sentences;
}

function occurrencesOf(quote: string, content: string): readonly Span[] {
  const words = quote
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)).join(String.raw`\s+`), 'giu');
  return [...content.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
}

/** A greeting or a thank-you beside what was withheld is not worth finding. */
function saysSomething(text: string): boolean {
  if (/\p{N}/u.test(text)) return true;
  const runs = text.match(RUNS)?.length ?? 0;
  const words = text.replaceAll(RUNS, ' ').match(/\p{L}[\p{L}\p{M}'’-]*/gu)?.length ?? 0;
  return runs >= FEWEST_CHARACTERS || words >= FEWEST_WORDS;
}
