import { setTimeout as sleep } from 'node:timers/promises';

interface Part {
  readonly name: string;
  readonly state: string;
  readonly words: string;
}

export interface SettleOptions {
  readonly timeoutMs?: number;
  /** Counting takes time on the servers, too. */
  readonly everyMs?: number;
}

const SETTLE_TIMEOUT_MS = 15 * 60_000;
const SETTLE_EVERY_MS = 100;
const ABSENT: Part = { name: '', state: 'down', words: '' };

/** What `/readyz` says of the index and the embedder. */
export async function readiness(origin: string): Promise<{ readonly index: Part; readonly embeddings: Part }> {
  const { parts } = (await (await fetch(`${origin}/readyz`)).json()) as { readonly parts: readonly Part[] };
  const part = (name: string): Part => parts.find((each) => each.name === name) ?? ABSENT;
  return { index: part('index'), embeddings: part('embeddings') };
}

/** Waits until nothing waits for the index and no vector is missing. Returns how many documents the index holds. */
export async function settle(
  origin: string,
  { timeoutMs = SETTLE_TIMEOUT_MS, everyMs = SETTLE_EVERY_MS }: SettleOptions = {},
): Promise<number> {
  let last = '';
  for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(everyMs)) {
    const { index, embeddings } = await readiness(origin);
    last = `${index.words}; ${embeddings.words}`;
    const [, documents, waiting] = /(\d+) documents, (\d+) waiting/.exec(index.words) ?? [];
    const isFilling = embeddings.words.includes('filling') || embeddings.words.includes('until the model is here');
    if (waiting === '0' && !isFilling) return Number(documents);
  }
  throw new Error(`the index did not catch up: ${last}`);
}
