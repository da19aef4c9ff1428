import type { System } from '../../system.ts';
import { type AskedPlainly, askPlainly } from './ask-server.ts';
import { tokens } from './built-parts.ts';
import type { Filled } from './fill-server.ts';
import { meanOf } from './metrics.ts';
import { headlineOf, type RecallSet } from './recall-set.ts';
import { percentileOf, sampleOf } from './statistics.ts';

/** What applications get that set nothing. */
export interface PlainFigures {
  readonly searches: number;
  readonly meanItems: number;
  /** Of what would go into a prompt (o200k). */
  readonly meanTokens: number;
  readonly p95Tokens: number;
  /** One search after the other, from request to reply. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Questions of other people, asked with every setting at its default. */
export interface ForeignFigures {
  readonly questions: number;
  /** Share that anything was returned for. */
  readonly injectedShare: number;
  /** Mean of what was returned, over all of them. */
  readonly meanItems: number;
}

/** The headline's questions as an application asks them. */
export async function searchPlainly(system: System, set: RecallSet, filled: Filled): Promise<PlainFigures> {
  const { O200kTokenCounter } = await tokens();
  const counter = new O200kTokenCounter();
  const answers: AskedPlainly[] = [];
  for (const { id, questions } of set.units) {
    for (const { text, gold } of questions) {
      if (headlineOf(set).name in gold) answers.push(await askPlainly(system, filled[id]?.userId ?? '', text));
    }
  }
  const counts = answers.map(({ context }) => counter.count(context));
  const times = answers.map(({ tookMs }) => tookMs);
  return {
    searches: answers.length,
    meanItems: meanOf(answers.map(({ count }) => count)),
    meanTokens: meanOf(counts),
    p95Tokens: percentileOf(counts, 0.95),
    p50Ms: percentileOf(times, 0.5),
    p95Ms: percentileOf(times, 0.95),
  };
}

/** A seeded choice of units with questions of others. */
export const foreignQuestions = (
  set: RecallSet,
  count: number,
  seed: number,
): readonly { readonly unit: string; readonly text: string }[] =>
  sampleOf(
    set.units.flatMap(({ id, foreign }) => foreign.map((text) => ({ unit: id, text }))),
    count,
    seed,
  );

export async function askForeign(
  system: System,
  filled: Filled,
  questions: readonly { readonly unit: string; readonly text: string }[],
): Promise<ForeignFigures | null> {
  if (questions.length === 0) return null;
  const counts: number[] = [];
  for (const { unit, text } of questions) counts.push((await askPlainly(system, filled[unit]?.userId ?? '', text)).count);
  return { questions: counts.length, injectedShare: meanOf(counts.map((count) => (count > 0 ? 1 : 0))), meanItems: meanOf(counts) };
}
