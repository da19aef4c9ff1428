import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Files of a folder whose names match, in order. @throws Error that names folder and pattern when there is none. */
export async function dataFiles(directory: string, folder: string, pattern: RegExp): Promise<readonly string[]> {
  const path = join(directory, folder);
  const names = await readdir(path).catch(() => {
    throw new Error(`there is no folder ${path}: name the folder of the data sets with --data`);
  });
  const wanted = names.filter((name) => pattern.test(name)).toSorted();
  if (wanted.length === 0) throw new Error(`${path} has no file that matches ${pattern.source}`);
  return wanted.map((name) => join(path, name));
}

/** The text of a file, unpacked when its name ends in .gz. */
export async function textOf(file: string): Promise<string> {
  const content = await readFile(file);
  return (file.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
}

/** One value per line. */
export async function jsonLinesOf<Value>(file: string): Promise<readonly Value[]> {
  const lines = (await textOf(file)).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as Value);
}

export const jsonOf = async <Value>(file: string): Promise<Value> => JSON.parse(await textOf(file)) as Value;

const MONTHS = 'january february march april may june july august september october november december'.split(' ');

/** `YYYY-MM-DD` of a day written with the name of its month, whatever the order. @throws Error for anything else. */
export function dayOf(written: string): string {
  const parts: readonly string[] = written.toLowerCase().match(/[a-z]+|\d+/gu) ?? [];
  const month = MONTHS.findIndex((name) => parts.includes(name)) + 1;
  const year = parts.find((part) => /^\d{4}$/u.test(part));
  const day = parts.find((part) => /^\d{1,2}$/u.test(part));
  if (month === 0 || year === undefined || day === undefined) throw new Error(`not a day: ${written}`);
  return `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
}
