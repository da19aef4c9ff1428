import { createHash } from 'node:crypto';
import type { FilterField, Labels } from '@continuo/domain';

/** The store keeps terms of 32,766 bytes at most; a UTF-16 unit of ours takes four bytes or fewer. */
export const START_LENGTH = 8_000;

/** What a substring may be long so that some piece of every text holds it whole: pieces overlap by this much. */
export const PART_LENGTH = START_LENGTH / 2;

/** Info keys longer than this are known by their hash. */
const MAX_KEY_LENGTH = 1_000;

/** Text is written, searched and ordered by UTF-16 units: halves of a pair may stand alone. What orders differently is asked for widely. */
const HIGH_UNITS = /[\ud800-\uffff]/g;
const ABOVE_THE_BASIC_PLANE = 0x1_0000;

const hash = (text: string): string => createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex');

/**
 * Text with every unit from D800 on moved above the basic plane. Then the order of code points is that of the units, halves of
 * surrogate pairs survive, and what is part of a text is part of its written form.
 */
export const ordered = (text: string): string =>
  text.replace(HIGH_UNITS, (unit) => String.fromCodePoint(ABOVE_THE_BASIC_PLANE + unit.charCodeAt(0)));

/** Names a field of a filter among a document's labels. */
export function labelKey(field: FilterField): string {
  if (field.name !== 'info') return field.name;
  return field.key.length > MAX_KEY_LENGTH ? `info#${hash(field.key)}` : `info.${ordered(field.key)}`;
}

/** A text that is too long to be compared as a whole, by its hash. */
export const longMark = (text: string): string => hash(text);

/** The values of one label, as the index keeps them to filter by. */
export interface IndexedLabel {
  readonly key: string;
  /** True when the value was a list: then `contains` means one of its members. */
  readonly list: boolean;
  /** Beginnings of the text values. */
  readonly start: readonly string[];
  /** Further pieces of long texts, for substrings. */
  readonly rest: readonly string[];
  /** Hashes of long texts, for equality. */
  readonly long: readonly string[];
  /** All pieces in lower case. */
  readonly folded: readonly string[];
  readonly number: readonly number[];
  readonly flag: readonly boolean[];
}

/** Every label that a filter can ask for. */
export function indexedLabels({ tags, info, appId, agentId, relatedIds }: Labels): readonly IndexedLabel[] {
  return [
    ...labelOf({ name: 'tags' }, tags, true),
    ...labelOf({ name: 'related_id' }, relatedIds, true),
    ...labelOf({ name: 'app_id' }, [appId], false),
    ...labelOf({ name: 'agent_id' }, [agentId], false),
    ...Object.keys(info).flatMap((key) => {
      const value = info[key];
      return labelOf({ name: 'info', key }, Array.isArray(value) ? value : [value], Array.isArray(value));
    }),
  ];
}

function labelOf(field: FilterField, values: readonly unknown[], list: boolean): readonly IndexedLabel[] {
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))];
  const numbers = [...new Set(values.filter((value) => typeof value === 'number').filter(Number.isFinite))];
  const flags = [...new Set(values.filter((value) => typeof value === 'boolean'))];
  if (texts.length + numbers.length + flags.length === 0) return [];
  const long = texts.filter((text) => text.length >= START_LENGTH);
  return [
    {
      key: labelKey(field),
      list,
      start: texts.map((text) => ordered(text.slice(0, START_LENGTH))),
      rest: long.flatMap((text) => piecesOf(text).slice(1)).map(ordered),
      long: long.map(longMark),
      folded: texts.flatMap((text) => piecesOf(text.toLowerCase())).map(ordered),
      number: numbers,
      flag: flags,
    },
  ];
}

/** Overlapping pieces, the first from the start. */
function piecesOf(text: string): readonly string[] {
  const count = Math.max(1, Math.ceil(text.length / PART_LENGTH) - 1);
  return Array.from({ length: count }, (_, place) => text.slice(place * PART_LENGTH, place * PART_LENGTH + START_LENGTH));
}
