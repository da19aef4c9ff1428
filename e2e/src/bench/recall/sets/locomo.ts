import { type AskedQuestion, momentOf, type RecallSet, type SpokenSession, type Unit } from '../recall-set.ts';
import { dataFiles, dayOf, jsonOf } from './data-files.ts';

interface Turn {
  readonly speaker: string;
  readonly dia_id: string;
  readonly text: string;
  readonly blip_caption?: string;
}

interface Sample {
  readonly sample_id: string;
  readonly conversation: Readonly<Record<string, unknown>>;
  readonly qa: readonly { readonly question: string; readonly evidence?: readonly string[]; readonly category: number }[];
}

/** An entry of the audited errors of the ground truth. */
interface Erratum {
  readonly sample_id: string;
  readonly qa_index: number;
  readonly error_type: string;
  readonly correct_evidence?: readonly string[];
}

/** The data set's own numbers. */
const CATEGORIES: Readonly<Record<number, string>> = {
  1: 'multi-hop',
  2: 'temporal',
  3: 'open-domain',
  4: 'single-hop',
  5: 'adversarial',
};
const TURNS = 'turns';
const CORRECTED = 'turns, corrected';
const SESSIONS = 'sessions, 1-5';
const SESSIONS_WITHOUT_ADVERSARIAL = 'sessions, 1-4';

/**
 * LoCoMo: two people talk over months; one user per pair. Both are named speakers, what a shared picture shows is said with the turn, and
 * each session has its date. Evidence is cleaned: every `D<session>:<turn>` in it, without leading zeros, if there is such a turn; a
 * question without any does not count. A second view has the audited evidence, without the questions that are wrong otherwise.
 */
export async function loadLocomo(directory: string): Promise<RecallSet> {
  const samples = (
    await Promise.all((await dataFiles(directory, 'locomo', /^locomo_.*\.json\.gz$/u)).map(jsonOf<readonly Sample[]>))
  ).flat();
  const errataFiles = await dataFiles(directory, 'locomo', /^ground_truth_errors_.*\.json$/u).catch(() => []);
  const errata = (await Promise.all(errataFiles.map(jsonOf<readonly Erratum[]>))).flat();
  const units = samples.map((sample) =>
    unitOf(
      sample,
      errata.filter(({ sample_id: id }) => id === sample.sample_id),
    ),
  );
  return {
    name: 'locomo',
    units: units.map((unit) => ({ ...unit, foreign: questionsOfOthers(unit, units) })),
    views: [
      { name: TURNS, level: 'turn', cuts: [5, 10, 50] },
      { name: CORRECTED, level: 'turn', cuts: [5, 10, 50] },
      { name: SESSIONS, level: 'session', cuts: [5, 10] },
      { name: SESSIONS_WITHOUT_ADVERSARIAL, level: 'session', cuts: [5, 10] },
    ],
    foreignQuestions: 200,
  };
}

/** What counts in the headline of other units. */
const questionsOfOthers = (unit: Unit, units: readonly Unit[]): readonly string[] =>
  units.filter((each) => each !== unit).flatMap(({ questions }) => questions.filter(({ gold }) => TURNS in gold).map(({ text }) => text));

function unitOf(sample: Sample, errata: readonly Erratum[]): Unit {
  const sessions = Object.entries(sample.conversation).flatMap(([key, turns]) =>
    /^session_\d+$/u.test(key) ? [sessionOf(key, turns as readonly Turn[], String(sample.conversation[`${key}_date_time`]))] : [],
  );
  const known = new Set(sessions.flatMap(({ turns }) => turns.map(({ id }) => id)));
  const questions = sample.qa.map((each, index): AskedQuestion => {
    const evidence = cleanEvidence(each.evidence ?? [], known);
    const erratum = errata.find(({ qa_index: at }) => at === index);
    return {
      id: `${sample.sample_id}/${index}`,
      category: CATEGORIES[each.category] ?? String(each.category),
      text: each.question,
      gold: goldOf(each.category, evidence, erratum === undefined ? evidence : correctedEvidence(erratum, known)),
      update: null,
    };
  });
  return { id: sample.sample_id, sessions, questions: questions.filter(({ gold }) => Object.keys(gold).length > 0), foreign: [] };
}

function goldOf(category: number, evidence: readonly string[], corrected: readonly string[]): AskedQuestion['gold'] {
  const counted = category <= 4;
  return {
    ...(counted && evidence.length > 0 ? { [TURNS]: evidence, [SESSIONS_WITHOUT_ADVERSARIAL]: evidence } : {}),
    ...(counted && corrected.length > 0 ? { [CORRECTED]: corrected } : {}),
    ...(evidence.length > 0 ? { [SESSIONS]: evidence } : {}),
  };
}

/** The evidence as audited where only the citation was wrong; a question that is wrong otherwise has none. */
const correctedEvidence = ({ error_type: kind, correct_evidence: evidence }: Erratum, known: ReadonlySet<string>): readonly string[] =>
  kind === 'WRONG_CITATION' ? cleanEvidence(evidence ?? [], known) : [];

/** Ids in what annotators wrote, as the turns are numbered; unknown ones are dropped. */
export const cleanEvidence = (evidence: readonly string[], known: ReadonlySet<string>): readonly string[] => [
  ...new Set(
    evidence
      .flatMap((written) => [...written.matchAll(/D:?(\d+):(\d+)/gu)])
      .map(([, session, turn]) => `D${Number(session)}:${Number(turn)}`)
      .filter((id) => known.has(id)),
  ),
];

/** @param dateTime "1:56 pm on 8 May, 2023". */
function sessionOf(key: string, turns: readonly Turn[], dateTime: string): SpokenSession {
  const [, hours = '', minutes = '', half = '', date = ''] = /^\s*(\d+):(\d+)\s*([ap]m) on (.+)$/iu.exec(dateTime) ?? [];
  const hour = (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const day = dayOf(date);
  return {
    id: key,
    turns: turns.map((turn, index) => ({
      id: turn.dia_id,
      role: 'user',
      speaker: turn.speaker,
      text: turn.blip_caption === undefined ? turn.text : `${turn.text} [shares ${turn.blip_caption}]`,
      at: momentOf(day, hour, Number(minutes) * 60 + index),
    })),
  };
}
