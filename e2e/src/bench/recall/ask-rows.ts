import type { System } from '../../system.ts';
import { type Asked, askExplained } from './ask-server.ts';
import type { Filled, FilledUnit } from './fill-server.ts';
import { isNewestFirst, ranksOf, type Scores, scoresOf, sessionsOf } from './metrics.ts';
import { type AskedQuestion, headlineOf, type RecallSet, type Unit, type View } from './recall-set.ts';

/** One way to search, for all questions. */
export interface RowPlan {
  readonly name: string;
  /** Signals that are left out. */
  readonly without: readonly string[];
}

export interface ViewScores extends Scores {
  /** The place of each gold turn or session, from 1; null: not returned. */
  readonly ranks: readonly (number | null)[];
}

export interface QuestionRow {
  readonly id: string;
  readonly unit: string;
  readonly category: string;
  readonly views: Readonly<Record<string, ViewScores>>;
  /** Of a question about an update; null: it is none. */
  readonly newestFirst: boolean | null;
  readonly items: number;
  readonly candidates: number;
  readonly embeddingModel: string | null;
}

/** What a row was really made with, as every single answer reported it. */
export interface Effective {
  /** Null: none, words alone. */
  readonly embeddingModel: string | null;
  readonly without: readonly string[];
  /** Questions the server saw nothing to look for in: nothing is embedded for them. */
  readonly askingNothing: number;
  readonly meanCandidates: number;
  readonly itemsWithoutVector: number;
  /** Searches that were sent again because an arm was late. */
  readonly repeats: number;
}

export interface AskedRow {
  readonly plan: RowPlan;
  readonly effective: Effective;
  readonly questions: readonly QuestionRow[];
  readonly seconds: number;
}

const QUESTIONS_AT_ONCE = 4;
/** What a row asks of whom. */
interface RowQuestions {
  readonly set: RecallSet;
  readonly filled: Filled;
  readonly views: readonly View[];
  /** What the row claims to be searched with. */
  readonly embeddingModel: string;
  /** Between two attempts at a search whose arm was late. */
  readonly pauseMs?: number;
}

/** Above this share of items without a vector a row is not what it claims to be. */
const MAY_LACK_VECTORS = 0.01;

/**
 * Asks every question that counts in one of the views.
 *
 * @throws Error when any answer was made with something else: a silent fall-back would be measured as if it were recall.
 */
export async function askRow(
  system: Pick<System, 'post'>,
  { set, filled, views, embeddingModel, pauseMs }: RowQuestions,
  plan: RowPlan,
): Promise<AskedRow> {
  const begunAt = performance.now();
  const claimed = plan.without.includes('vectors') ? null : embeddingModel;
  const wanted = set.units.flatMap((unit) =>
    unit.questions.filter(({ gold }) => views.some(({ name }) => name in gold)).map((question) => ({ unit, question })),
  );
  const answers = await inLanes(wanted, async ({ unit, question }) => {
    const known = filled[unit.id];
    if (known === undefined) throw new Error(`unit ${unit.id} was not put in`);
    const answer = await askExplained(system, known.userId, question.text, plan.without, ...(pauseMs === undefined ? [] : [pauseMs]));
    requireClaimed(answer, claimed, plan);
    return { answer, row: rowOf(unit, known, question, answer, views) };
  });
  const asked = answers.map(({ answer }) => answer);
  const questions = answers.map(({ row }) => row);
  const effective = effectiveOf(asked, claimed, plan);
  return { plan, effective, questions, seconds: (performance.now() - begunAt) / 1_000 };
}

/** Several at once: nobody looks at the time here. Results stand in the order of the items. */
async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of waiting) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, lane));
  return results;
}

function rowOf(unit: Unit, { turnOf }: FilledUnit, question: AskedQuestion, answer: Asked, views: readonly View[]): QuestionRow {
  const ranked = answer.items.map((ids) => ids.flatMap((id) => turnOf[id] ?? []));
  const sessionOf = new Map(unit.sessions.flatMap((session) => session.turns.map((turn) => [turn.id, session.id] as const)));
  const sessions = sessionsOf(ranked, sessionOf);
  const scored = views.flatMap(({ name, level }) => {
    const turns = question.gold[name];
    if (turns === undefined) return [];
    const gold = level === 'turn' ? turns : [...new Set(turns.flatMap((turn) => sessionOf.get(turn) ?? []))];
    const list = level === 'turn' ? ranked : sessions;
    return [[name, { ...scoresOf(list, gold), ranks: ranksOf(list, gold) }] as const];
  });
  return {
    id: question.id,
    unit: unit.id,
    category: question.category,
    views: Object.fromEntries(scored),
    newestFirst: question.update === null ? null : isNewestFirst(ranked, question.update),
    items: answer.items.length,
    candidates: answer.candidates,
    embeddingModel: answer.embeddingModel,
  };
}

const asksNothing = ({ embeddingModel, candidates }: Asked): boolean => embeddingModel === null && candidates === 0;

function requireClaimed(answer: Asked, claimed: string | null, plan: RowPlan): void {
  if (answer.without.toSorted().join(',') !== plan.without.toSorted().join(','))
    throw new Error(
      `row "${plan.name}": the server left out ${answer.without.join(', ') || 'nothing'} instead of ${plan.without.join(', ') || 'nothing'}`,
    );
  if (answer.embeddingModel === claimed || asksNothing(answer)) return;
  throw new Error(`row "${plan.name}" claims ${claimed ?? 'no model'}, but a question was embedded by ${answer.embeddingModel ?? 'none'}`);
}

function effectiveOf(asked: readonly Asked[], claimed: string | null, plan: RowPlan): Effective {
  const total = (of: (answer: Asked) => number): number => asked.reduce((sum, answer) => sum + of(answer), 0);
  const items = total((answer) => answer.items.length);
  const lacking = claimed === null ? 0 : total((answer) => (asksNothing(answer) ? 0 : answer.withoutVector));
  if (lacking > items * MAY_LACK_VECTORS) throw new Error(`row "${plan.name}": ${lacking} of ${items} items have no vector`);
  return {
    embeddingModel: claimed,
    without: plan.without,
    askingNothing: asked.filter(asksNothing).length,
    meanCandidates: total(({ candidates }) => candidates) / Math.max(1, asked.length),
    itemsWithoutVector: lacking,
    repeats: total(({ repeats }) => repeats),
  };
}

/** How many questions of the headline there are. */
export const headlineCount = (set: RecallSet): number =>
  set.units.flatMap(({ questions }) => questions).filter(({ gold }) => headlineOf(set).name in gold).length;
