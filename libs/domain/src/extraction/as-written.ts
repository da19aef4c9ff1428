import type { Candidate } from '../memory.ts';
import type { Message } from '../message.ts';
import { simplifiedHan } from '../text/fold.ts';
import { tidy, type Tidied } from './tidy.ts';

/** What the patterns read of a message, and how its words were really written. */
export interface Reading {
  /** Simplified characters and apostrophes where they belong. */
  readonly read: string;
  /** The same words in one line each, without marks of emphasis. */
  readonly written: string;
  /** For every offset of `read` (its end included) the offset in `written`; null: the same. */
  readonly offsets: readonly number[] | null;
}

const SPELT_OUT: Readonly<Record<string, string>> = {
  im: "I'm",
  ive: "I've",
  dont: "don't",
  doesnt: "doesn't",
  didnt: "didn't",
  cant: "can't",
  isnt: "isn't",
  arent: "aren't",
  wasnt: "wasn't",
  werent: "weren't",
  havent: "haven't",
  hasnt: "hasn't",
  weve: "we've",
};
const CARELESS = new RegExp(
  `(?<=[A-Za-z])[\`´](?=[A-Za-z])|(?<![\\p{L}\\p{N}'’])(?:${Object.keys(SPELT_OUT).join('|')})(?= \\p{L})`,
  'giu',
);

interface Source extends Reading {
  readonly original: string;
  /** From `written` back to `original`. */
  readonly layout: Tidied['offsets'];
}

/** Only people wrap lines by hand; the lists of an assistant are read with their marks. */
function sourceOf({ role, content }: Message): Source {
  const tidied = role === 'user' ? tidy(content) : { text: content, offsets: null };
  return { ...readingOf(tidied.text), original: content, layout: tidied.offsets };
}

const WIDE_OFFSET = 0xfee0;

/** Letters and digits of full width in their usual one: offsets stay. */
const narrowed = (text: string): string =>
  text.replace(/[０-９Ａ-Ｚａ-ｚ＠]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDE_OFFSET));

/** The text as the patterns know it: traditional characters simplified, "im" and "don`t" with their apostrophes. */
export function readingOf(written: string): Reading {
  const simple = simplifiedHan(narrowed(written));
  const careless = [...simple.matchAll(CARELESS)];
  if (careless.length === 0) return { read: simple, written, offsets: null };
  let read = '';
  const offsets: number[] = [];
  let done = 0;
  const copy = (end: number): void => {
    for (let offset = done; offset < end; offset += 1) offsets.push(offset);
    read += simple.slice(done, end);
    done = end;
  };
  for (const { index, 0: word } of careless) {
    copy(index);
    const meant = SPELT_OUT[word.toLowerCase()] ?? "'";
    let letter = 0;
    for (const character of meant) {
      offsets.push(index + Math.min(letter, word.length));
      if (character !== "'" || word.length === 1) letter += 1;
    }
    read += meant;
    done = index + word.length;
  }
  copy(simple.length);
  offsets.push(simple.length);
  return { read, written, offsets };
}

const changed = ({ read, original }: Source): boolean => read !== original;

function writtenSlice({ written, offsets, original, layout }: Source, start: number, end: number, verbatim: boolean): string {
  const from = offsets?.[start] ?? start;
  const to = offsets?.[end] ?? end;
  if (!verbatim || layout === null || to <= from) return written.slice(from, to);
  return original.slice(layout[from], (layout[to - 1] ?? to - 1) + 1);
}

/** The longest beginning of a text that one of the readings holds, as it was written; its first character where none does. */
function writtenBeginning(
  text: string,
  readings: readonly Source[],
  verbatim: boolean,
): { readonly length: number; readonly written: string } {
  let found = { length: 1, written: text.slice(0, 1) };
  for (const reading of readings) {
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (reading.read.includes(text.slice(0, middle))) low = middle;
      else high = middle - 1;
    }
    const at = reading.read.indexOf(text.slice(0, low));
    if (low > found.length || (low === 1 && found.length === 1))
      found = { length: low, written: writtenSlice(reading, at, at + low, verbatim) };
  }
  return found;
}

function asWritten(text: string, readings: readonly Source[], verbatim = false): string {
  let written = '';
  for (let rest = text; rest !== '';) {
    const beginning = writtenBeginning(rest, readings, verbatim);
    written += beginning.written;
    rest = rest.slice(beginning.length);
  }
  return written;
}

/** The messages as the patterns read them, and the way back: a candidate in the words of its sources as they were written. */
export function readMessages(messages: readonly Message[]): {
  readonly read: readonly Message[];
  readonly restore: (candidate: Candidate) => Candidate;
} {
  const read = messages.map((message) => ({ message, reading: sourceOf(message) }));
  const readings = new Map(read.map(({ message, reading }) => [message.id, reading]));
  const restore = (candidate: Candidate): Candidate => {
    const sources = candidate.sourceMessageIds.flatMap((id) => readings.get(id) ?? []);
    if (!sources.some(changed)) return candidate;
    return {
      ...candidate,
      title: asWritten(candidate.title, sources),
      text: asWritten(candidate.text, sources),
      about: candidate.about === null ? null : asWritten(candidate.about, sources),
      entities: candidate.entities.map((entity) => asWritten(entity, sources)),
      quotes: candidate.quotes.map((quote) => asWritten(quote, sources, true)),
    };
  };
  return { read: read.map(({ message, reading }) => ({ ...message, content: reading.read })), restore };
}
