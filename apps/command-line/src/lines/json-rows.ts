import type { InputLine } from './line-reader.ts';

/**
 * The value of every line. Empty lines may only stand at the end, so that a row's place is its line.
 *
 * @throws Error naming the line that is none.
 */
export async function* jsonRows(lines: AsyncIterable<InputLine>): AsyncGenerator<unknown> {
  let empty: number | null = null;
  for await (const { number, text, isWhole } of lines) {
    if (text.trim() === '') {
      empty ??= number;
      continue;
    }
    if (empty !== null) throw new Error(`Line ${empty} is empty.`);
    yield valueOf(text, number, isWhole);
  }
}

function valueOf(text: string, number: number, isWhole: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(isWhole ? `Line ${number} is no JSON.` : `The input breaks off in line ${number}.`);
  }
}
