import { beginsPasted } from './masking.ts';

/** A text without the marks of its layout, and where each of its characters stood before. */
export interface Tidied {
  readonly text: string;
  /** For every offset of `text` (its end included) the offset in the original; null: the same. */
  readonly offsets: readonly number[] | null;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  /** Nothing or one space. */
  readonly meant: string;
}

const EMPHASIS: readonly RegExp[] = [
  /(?<![\p{Script=Latin}\p{N}\\*])(?<mark>\*{1,3})(?=[^\s*])(?<inside>[^*\n]{1,300}?)(?<=[^\s*])\k<mark>(?![\p{Script=Latin}\p{N}*])/gu,
  /(?<![\p{L}\p{N}_\\])(?<mark>_{1,3})(?=[^\s_])(?<inside>[^_\n]{1,300}?)(?<=[^\s_])\k<mark>(?![\p{L}\p{N}_])/gu,
];

const STRUCK_OUT = /~~[^~\n]{1,300}~~ ?/gu;

const struckOutEdits = (text: string): readonly Edit[] =>
  [...text.matchAll(STRUCK_OUT)].map(({ index, 0: whole }) => ({ start: index, end: index + whole.length, meant: '' }));

const emphasisEdits = (text: string): readonly Edit[] =>
  EMPHASIS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ index, 0: whole, groups }) => {
      const width = groups?.['mark']?.length ?? 0;
      const end = index + whole.length;
      return [
        { start: index, end: index + width, meant: '' },
        { start: end - width, end, meant: '' },
      ];
    }),
  );

/** Several blanks between two words are one; those at the head of a line are its layout. */
const blankEdits = (text: string): readonly Edit[] =>
  [...text.matchAll(/(?<=[^\s|])[ \u3000]{2,40}(?=[^\s|])/gu)].map(({ index, 0: blanks }) => ({
    start: index,
    end: index + blanks.length,
    meant: ' ',
  }));

const JOINS_CLAUSES = /(?<![\p{L}\p{N}'’])(?:and|or|but|because|since|that|than|as)$/iu;
const WANTS_OBJECT =
  /(?<![\p{L}\p{N}'’])(?:is|am|are|was|were|be|been|called|named|at|to|in|of|for|from|with|by|on|the|an?|my|our|his|her|their|into|about)$|\p{L}['’](?:m|re|ve)$|^(?:I|we)(?: (?:really|also|do|don['’]t))? (?:love|like|hate|enjoy|prefer|avoid|drive|own|speak|eat|drink|have)$/iu;
const CHINESE_WANTS_OBJECT = /(?:在|叫|叫做|是|和|跟|对|来自|喜欢|不吃|不喝|姓)$/u;
/** Lines shorter than this are broken on purpose: a poem, a list. */
const WRAPPED_LINE_LENGTH = 40;
const LABEL = '\\p{L}[\\p{L} ]{0,20}[:：]';
const NO_CONTINUATION = new RegExp(`^(?:\\*\\s|[-•+·▪◦>#|{}[\\]"“]|\`\`\`|\\d{1,2}[.)、]\\s|${LABEL})`, 'u');
const NOT_CONTINUED = new RegExp(`^(?:[>#|{}[\\]]|\`\`\`|${LABEL})`, 'u');

/** Whether a line goes on in the next one, so that the line feed between them is only the edge of the paper. */
function goesOn(line: string, next: string): boolean {
  if (line === '' || next === '' || NO_CONTINUATION.test(next) || NOT_CONTINUED.test(line)) return false;
  const self = /^(?:I|we)(?![\p{L}\p{N}])/iu.test(next);
  const open =
    JOINS_CLAUSES.test(line) ||
    (!self && (WANTS_OBJECT.test(line) || CHINESE_WANTS_OBJECT.test(line))) ||
    (line.length >= WRAPPED_LINE_LENGTH && /[\p{L}\p{N},'’]$/u.test(line) && /^\p{Ll}/u.test(next) && !/^(?:i|we|my|our)\b/u.test(next));
  return open && !beginsPasted(line);
}

const MARKS_BEFORE = /^[*_]{1,3}/u;
const MARKS_AFTER = /(?<=[^*_])[*_]{1,3}$/u;
const HAN_EDGES = /^\p{Script=Han}\p{Script=Han}$/u;

function wrapEdits(text: string): readonly Edit[] {
  return [...text.matchAll(/[ \t\r]{0,40}\n[ \t]{0,40}/gu)].flatMap(({ index, 0: feed }) => {
    const end = index + feed.length;
    const line = text.slice(text.lastIndexOf('\n', index - 1) + 1, index).trim();
    const next = text.slice(end).split('\n', 1)[0]?.trim() ?? '';
    if (index === 0 || !goesOn(line, next)) return [];
    return [
      {
        start: index,
        end,
        meant: HAN_EDGES.test(`${line.replace(MARKS_AFTER, '').slice(-1)}${next.replace(MARKS_BEFORE, '').slice(0, 1)}`) ? '' : ' ',
      },
    ];
  });
}

/** The text without marks of emphasis and what was struck out, and with the lines joined that were only broken to fit a width. */
export function tidy(original: string): Tidied {
  const edits = [...struckOutEdits(original), ...emphasisEdits(original), ...blankEdits(original), ...wrapEdits(original)].sort(
    (one, other) => one.start - other.start,
  );
  if (edits.length === 0) return { text: original, offsets: null };
  let text = '';
  const offsets: number[] = [];
  let done = 0;
  const copy = (end: number): void => {
    for (let offset = done; offset < end; offset += 1) offsets.push(offset);
    text += original.slice(done, end);
    done = end;
  };
  for (const { start, end, meant } of edits) {
    if (start < done) continue;
    copy(start);
    if (meant !== '') offsets.push(start);
    text += meant;
    done = end;
  }
  copy(original.length);
  offsets.push(original.length);
  return { text, offsets };
}
