/** The text ends before the value does. */
class Truncated extends Error {}
/** The text cannot be read as JSON here, with all good will. */
class Malformed extends Error {}

interface Reading {
  /** True when the text ends first: all that follows the start belongs to this value. */
  readonly isCut: boolean;
  /** Index after what was read; the end of the text when it is cut. */
  readonly end: number;
}

export interface LenientValue extends Reading {
  /** `undefined`: it cannot be read. */
  readonly value: unknown;
}

export interface LenientArray extends Reading {
  /** Elements that were complete and could be read. */
  readonly items: readonly unknown[];
  /** True when the closing bracket was reached and every element could be read. */
  readonly complete: boolean;
}

/** Deeper nesting than any reply we ask for; bounds the recursion. */
const MOST_LEVELS = 40;
const CLOSING_QUOTE: Readonly<Record<string, RegExp>> = { '"': /"/u, "'": /'/u, '“': /[”“"]/u, '”': /[”“"]/u };
/** What must follow a quote that really ends a string; anything else means the quote belongs to the text. */
const AFTER_KEY = /\s*(?::|$)/uy;
const AFTER_MEMBER = /\s*(?:[}\]]|,\s*(?:["'“”}\]]|[\p{L}_]\w*\s*:|\/[/*]|$)|\/[/*]|$)/uy;
const AFTER_ELEMENT = /\s*(?:\]|,|\/[/*]|$)/uy;
const BARE = /[^\s,:{}[\]"'“”/]+/uy;
const SPACE = /(?:\s|\uFEFF|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/uy;
const NEXT_OBJECT = /\}\s*,\s*\{/gu;
const LITERALS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['True', true],
  ['False', false],
  ['None', null],
  ['NaN', null],
  ['undefined', null],
]);
const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
]);

/** Reads the array whose bracket stands at `start`, element by element, up to where it ends, is cut, or cannot be read any more. */
export function readArrayAt(text: string, start: number): LenientArray {
  const cursor = new Cursor(text, start + 1);
  const items: unknown[] = [];
  let complete = true;
  for (;;) {
    cursor.skipSpaceAnd(',');
    if (cursor.at === ']') return { items, complete, isCut: false, end: cursor.index + 1 };
    if (cursor.at === '') return { items, complete: false, isCut: true, end: text.length };
    const from = cursor.index;
    try {
      items.push(cursor.value(AFTER_ELEMENT, 0));
      // A number or word at the very end of a cut text may be half of one.
      if (cursor.at === '' && typeof items.at(-1) !== 'object') items.pop();
    } catch (error) {
      complete = false;
      NEXT_OBJECT.lastIndex = from;
      const next = error instanceof Malformed ? NEXT_OBJECT.exec(text) : null;
      if (next === null) return { items, complete, ...brokenOff(error, text, from) };
      cursor.index = next.index + next[0].length - 1;
    }
  }
}

/** Reads the object whose brace stands at `start`. */
export function readObjectAt(text: string, start: number): LenientValue {
  const cursor = new Cursor(text, start);
  try {
    return { value: cursor.value(AFTER_ELEMENT, 0), isCut: false, end: cursor.index };
  } catch (error) {
    return { value: undefined, ...brokenOff(error, text, start + 1) };
  }
}

function brokenOff(error: unknown, text: string, at: number): Reading {
  const isCut = error instanceof Truncated;
  return { isCut, end: isCut ? text.length : at };
}

/** Reads JSON as small models write it: single, typographic or missing quotes, quotes within quotes, trailing commas, comments, Python's words. */
class Cursor {
  readonly #text: string;
  index: number;

  constructor(text: string, index: number) {
    this.#text = text;
    this.index = index;
  }

  /** The character here; empty at the end. */
  get at(): string {
    return this.#text.charAt(this.index);
  }

  skipSpaceAnd(separator = ''): void {
    for (;;) {
      SPACE.lastIndex = this.index;
      if (SPACE.test(this.#text)) this.index = SPACE.lastIndex;
      if (separator === '' || this.at !== separator) return;
      this.index += 1;
    }
  }

  value(after: RegExp, level: number): unknown {
    if (level > MOST_LEVELS) throw new Malformed();
    this.skipSpaceAnd();
    if (this.at === '') throw new Truncated();
    if (this.at === '{') return this.#object(level);
    if (this.at === '[') return this.#array(level);
    if (this.at in CLOSING_QUOTE) return this.#string(after);
    return this.#bare();
  }

  #object(level: number): Record<string, unknown> {
    const members: [string, unknown][] = [];
    this.index += 1;
    for (;;) {
      this.skipSpaceAnd(',');
      if (this.at === '') throw new Truncated();
      if (this.at === '}') break;
      const key = this.at in CLOSING_QUOTE ? this.#string(AFTER_KEY) : this.#word();
      this.skipSpaceAnd();
      if (this.at === '') throw new Truncated();
      if (this.at !== ':') throw new Malformed();
      this.index += 1;
      members.push([key, this.value(AFTER_MEMBER, level + 1)]);
    }
    this.index += 1;
    return Object.fromEntries(members);
  }

  #array(level: number): unknown[] {
    const items: unknown[] = [];
    this.index += 1;
    for (;;) {
      this.skipSpaceAnd(',');
      if (this.at === '') throw new Truncated();
      if (this.at === ']') break;
      items.push(this.value(AFTER_ELEMENT, level + 1));
    }
    this.index += 1;
    return items;
  }

  #string(after: RegExp): string {
    const closing = CLOSING_QUOTE[this.at] ?? /"/u;
    let read = '';
    for (this.index += 1; this.index < this.#text.length; this.index += 1) {
      if (this.at === '\\') read += this.#escape();
      else if (closing.test(this.at) && this.#isFollowedBy(after)) {
        this.index += 1;
        return read;
      } else read += this.at;
    }
    throw new Truncated();
  }

  /** The escaped character; leaves the index on its last character. */
  #escape(): string {
    this.index += 1;
    if (this.at === '') throw new Truncated();
    if (this.at !== 'u') return ESCAPES.get(this.at) ?? this.at;
    const digits = this.#text.slice(this.index + 1, this.index + 5);
    if (!/^[0-9a-f]{4}$/iu.test(digits)) return 'u';
    this.index += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #isFollowedBy(after: RegExp): boolean {
    after.lastIndex = this.index + 1;
    return after.test(this.#text);
  }

  #bare(): unknown {
    const word = this.#word();
    if (LITERALS.has(word)) return LITERALS.get(word);
    if (/^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/iu.test(word)) return Number(word);
    throw this.index >= this.#text.length ? new Truncated() : new Malformed();
  }

  #word(): string {
    BARE.lastIndex = this.index;
    const word = BARE.exec(this.#text)?.[0];
    if (word === undefined) throw new Malformed();
    this.index += word.length;
    return word;
  }
}
