import type { TokenCounter } from '@continuo/ports';
import { createRequire } from 'node:module';

/**
 * Characters encoded at a time. Merging is quadratic in the length of a word, and a text without spaces is one word: 27,000 Chinese characters at once
 * take seconds. Cut like this they take milliseconds, and count at most one token more per window.
 */
const WINDOW = 256;
/** How far back from a window's end a space is looked for, where a cut changes nothing. */
const LOOK_BACK = 96;
/** The longest token of the vocabulary is 128 spaces. */
const LONGEST_TOKEN_BYTES = 128;
/** Words whose tokens are remembered; the library's default keeps ten times as much of what people wrote in memory. */
const REMEMBERED_WORDS = 10_000;

interface Encoding {
  countTokens(text: string, options: { disallowedSpecial: Set<string> }): number;
  setMergeCacheSize(size: number): void;
}

/** Names such as `<|endoftext|>` are words like any other when people write them. */
const PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

/** Counts with OpenAI's o200k vocabulary, which is read at the first count: some 200 ms, once. */
export class O200kTokenCounter implements TokenCounter {
  #encoding: Encoding | null = null;

  count(text: string): number {
    return this.#countUpTo(text, Infinity);
  }

  exceeds(text: string, limit: number): boolean {
    if (text.length <= limit && Buffer.byteLength(text) <= limit) return false;
    if (text.length > limit * LONGEST_TOKEN_BYTES) return true;
    return this.#countUpTo(text, limit) > limit;
  }

  /** Stops counting once the limit is passed. */
  #countUpTo(text: string, limit: number): number {
    let tokens = 0;
    for (let start = 0; start < text.length && tokens <= limit;) {
      const end = windowEnd(text, start);
      tokens += this.#loaded().countTokens(text.slice(start, end), PLAIN_TEXT);
      start = end;
    }
    return tokens;
  }

  #loaded(): Encoding {
    if (this.#encoding !== null) return this.#encoding;
    // Not a static import: most processes that load this module never count, and the port counts synchronously.
    const encoding = createRequire(import.meta.url)('gpt-tokenizer/cjs/encoding/o200k_base') as Encoding;
    encoding.setMergeCacheSize(REMEMBERED_WORDS);
    this.#encoding = encoding;
    return encoding;
  }
}

function windowEnd(text: string, start: number): number {
  const end = start + WINDOW;
  if (end >= text.length) return text.length;
  for (let index = end; index > end - LOOK_BACK; index -= 1) {
    if (text[index] === ' ' && text[index - 1] !== ' ' && text[index + 1] !== ' ') return index;
  }
  const splitsPair = (text.charCodeAt(end) & 0xfc00) === 0xdc00;
  return splitsPair ? end + 1 : end;
}
