import { readArrayAt, readObjectAt } from './lenient-json.ts';

/** What could be read from a structured reply. */
export interface ItemsRead {
  readonly items: readonly unknown[];
  /** False when the reply was exactly the JSON asked for. */
  readonly salvaged: boolean;
}

const CLOSING_THOUGHT = /<\/(?:think|thinking|thought)>/giu;
/** Where an object begins, or a list of objects. */
const BRACKET = /\{|\[(?=\s*\{)/gu;
const OPENING_THOUGHT = /^<(?:think|thinking|thought)>/iu;

/**
 * Finds the items in whatever a model made of the request for `{"<itemsKey>": […]}`: the object itself, or inside fences, prose and reasoning, or cut,
 * or the bare list, or the items alone. Of several lists the last that holds anything counts: models think aloud first.
 *
 * @param requiredKeys members every item has; without them objects are only taken from a list of the right name
 * @returns null when there is nothing to read
 */
export function readItems(reply: string, itemsKey: string, requiredKeys: readonly string[]): ItemsRead | null {
  const text = withoutThoughts(reply.trim());
  const exact = exactItems(text, itemsKey);
  if (exact !== null) return { items: exact, salvaged: text.length !== reply.trim().length };
  const openings = namedOpenings(text, itemsKey);
  const items = openings.length > 0 ? lastList(openings, text) : itemsWithoutName(text, requiredKeys);
  return items === null ? null : { items, salvaged: true };
}

function exactItems(text: string, itemsKey: string): readonly unknown[] | null {
  try {
    const items = (JSON.parse(text) as Record<string, unknown> | null)?.[itemsKey];
    return Array.isArray(items) ? items : null;
  } catch {
    return null;
  }
}

function withoutThoughts(text: string): string {
  if (/^(?:[{[]|```)/u.test(text)) return text;
  const last = [...text.matchAll(CLOSING_THOUGHT)].at(-1);
  if (last !== undefined) return text.slice(last.index + last[0].length).trim();
  return OPENING_THOUGHT.test(text) ? '' : text;
}

/** Where lists of the right name begin. Where there is one, other brackets and braces are parts of its items. */
function namedOpenings(text: string, itemsKey: string): number[] {
  const key = itemsKey.replace(/[^\w]/gu, '\\$&');
  const opening = new RegExp(`(?<![\\w\\\\])["'“”]?${key}["'“”]?\\s*:\\s*\\[`, 'gu');
  return [...text.matchAll(opening)].map((match) => match.index + match[0].length - 1);
}

/** The last list with an item; else the empty list, if one was closed; else null. */
function lastList(openings: readonly number[], text: string): readonly unknown[] | null {
  let found: readonly unknown[] | null = null;
  let readUpTo = 0;
  for (const opening of openings) {
    // An opening inside a list already read is part of an item.
    if (opening < readUpTo) continue;
    const list = readArrayAt(text, opening);
    if (list.items.length > 0) found = list.items;
    else if (list.complete) found ??= [];
    readUpTo = list.end;
  }
  return found;
}

/** Items in a list without its name, or one after the other without a list; a list counts for more. */
function itemsWithoutName(text: string, requiredKeys: readonly string[]): readonly unknown[] | null {
  if (text === '[]') return [];
  if (requiredKeys.length === 0) return null;
  let list: readonly unknown[] | null = null;
  const loose: unknown[] = [];
  for (let from = 0; ;) {
    BRACKET.lastIndex = from;
    const at = BRACKET.exec(text)?.index;
    if (at === undefined) return list ?? (loose.length > 0 ? loose : null);
    const read = text[at] === '[' ? readArrayAt(text, at) : readObjectAt(text, at);
    const items = 'items' in read ? read.items : read.value === undefined ? [] : [read.value];
    const areItems = items.length > 0 && items.every((item) => hasKeys(item, requiredKeys));
    if (areItems && 'items' in read) list = items;
    else if (areItems) loose.push(...items);
    // What is not an item may hold one, unless it is cut.
    from = areItems || read.isCut ? read.end : at + 1;
  }
}

function hasKeys(item: unknown, keys: readonly string[]): boolean {
  return typeof item === 'object' && item !== null && keys.every((key) => key in item);
}
