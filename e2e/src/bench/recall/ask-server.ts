import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../system.ts';

/** Most items of a list in an explained reply. */
const LIMIT = 50;
/** On a machine with other work an arm may be late; such an answer says nothing of recall and is asked for again. */
const ATTEMPTS = 10;
const PAUSE_MS = 1_000;

/** One explained search. */
export interface Asked {
  /** Ids of source messages of each item, best first. */
  readonly items: readonly (readonly string[])[];
  /** The model that embedded the question; null: none did. */
  readonly embeddingModel: string | null;
  readonly without: readonly string[];
  readonly candidates: number;
  /** Items of the answer that have no vector. */
  readonly withoutVector: number;
  /** How often an arm was late before. */
  readonly repeats: number;
}

interface Debug {
  readonly recall: string;
  readonly missing_arms: readonly string[];
  readonly items: readonly {
    readonly relativity: number;
    readonly explanation: { readonly cosine: number | null };
    readonly source_message_ids: readonly string[];
  }[];
  readonly configuration: { readonly embedding_model: string | null; readonly without: readonly string[]; readonly candidates: number };
}

/** Everything a user's memory has for a question, in one list by relativity. @throws Error when an arm stays away. */
export async function askExplained(
  system: Pick<System, 'post'>,
  userId: string,
  query: string,
  without: readonly string[],
  pauseMs = PAUSE_MS,
): Promise<Asked> {
  const headers = { 'X-Continuo-Debug': 'explain', ...(without.length === 0 ? {} : { 'X-Continuo-Without': without.join(',') }) };
  const request = { user_id: userId, query, memory_limit_number: LIMIT, preference_limit_number: LIMIT, relativity: 0 };
  let missing = '';
  for (let repeats = 0; repeats < ATTEMPTS; repeats += 1) {
    const { body } = await system.post('/search/memory', request, headers);
    const debug = body.data?.debug as Debug | undefined;
    if (debug === undefined) throw new Error(`a search failed: ${body.message}`);
    if (debug.missing_arms.length === 0) return askedOf(debug, repeats);
    missing = debug.missing_arms.join(', ');
    await sleep(pauseMs);
  }
  throw new Error(`after ${ATTEMPTS} attempts a search still lacks: ${missing}`);
}

const askedOf = ({ items, configuration }: Debug, repeats: number): Asked => ({
  // Facts and preferences come in lists of their own; the sort is stable, so equal ones stay as they stood.
  items: items.toSorted((a, b) => b.relativity - a.relativity).map(({ source_message_ids: ids }) => ids),
  embeddingModel: configuration.embedding_model,
  without: configuration.without,
  candidates: configuration.candidates,
  withoutVector: items.filter(({ explanation }) => explanation.cosine === null).length,
  repeats,
});

/** A search as an application sends it: nothing but the question. */
export interface AskedPlainly {
  /** What would go into a prompt, one line per item. */
  readonly context: string;
  readonly count: number;
  readonly tookMs: number;
}

/** The same search with every setting at its default. */
export async function askPlainly(system: Pick<System, 'post'>, userId: string, query: string): Promise<AskedPlainly> {
  const begunAt = performance.now();
  const { body } = await system.post('/search/memory', { user_id: userId, query });
  const tookMs = performance.now() - begunAt;
  if (body.code !== 0) throw new Error(`a search failed: ${body.message}`);
  const facts = body.data.memory_detail_list as readonly { readonly memory_value: string }[];
  const preferences = body.data.preference_detail_list as readonly { readonly preference: string }[];
  const lines = [...facts.map((item) => item.memory_value), ...preferences.map((item) => item.preference)];
  return { context: lines.map((line) => `- ${line}`).join('\n'), count: lines.length, tookMs };
}
