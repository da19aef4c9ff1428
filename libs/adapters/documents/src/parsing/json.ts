import type { BlockList } from './block-list.ts';
import { MAX_DEPTH } from './limits.ts';
import { RecordLines } from './record-lines.ts';
import { invalid } from './refusal.ts';

/** Each value on a line of its own, with the path that leads to it; what belongs to one member or item of the whole stays together. */
export function readJson(text: string, list: BlockList): void {
  const whole = parsed(text.replace(/^\ufeff/u, ''));
  const records = new RecordLines(list);
  for (const [path, value] of membersOf('', whole)) records.add([...linesOf(path, value, 1)]);
  records.close();
}

/** One document, or one to a line. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) throw damaged(error);
    try {
      return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      throw damaged(error);
    }
  }
}

const damaged = (error: unknown): Error => invalid('The file is no valid JSON: it is damaged or cut.', error);

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function membersOf(path: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [`${path}[${index}]`, item] as const);
  if (!isContainer(value)) return [[path, value]];
  return Object.entries(value).map(([key, member]) => [path === '' ? key : `${path}.${key}`, member] as const);
}

function* linesOf(path: string, value: unknown, depth: number): Generator<string> {
  if (depth > MAX_DEPTH) throw invalid(`The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  if (!isContainer(value)) {
    if (value !== null && value !== '') yield path === '' ? plain(value) : `${path}: ${plain(value)}`;
    return;
  }
  for (const [memberPath, member] of membersOf(path, value)) yield* linesOf(memberPath, member, depth + 1);
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
