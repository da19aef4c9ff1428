import { RULES_EXTRACTOR } from '../extraction/candidates.ts';
import type { SkillDetails } from '../memory-details.ts';
import type { Candidate, Language, Memory, Statement } from '../memory.ts';
import { saidAt } from '../message.ts';
import { argumentNames } from '../tools/experience.ts';
import { wordsOfTool } from '../tools/tool-words.ts';
import { situationOf, stepsOf, type Trajectory } from '../tools/trajectories.ts';
import { nameBasedId } from '../uuid.ts';

/** So many rounds in which the same tools were used with success, one after the other, make a skill; the contract's number. */
export const ROUNDS_OF_A_SKILL = 5;

export interface SkillEvidence {
  /** Of the batch that is being mined. */
  readonly trajectories: readonly Trajectory[];
  /** Current memories of the kinds `tool` and `skill` of the same subject. */
  readonly known: readonly Memory[];
}

const MOST_EXAMPLES = 5;
const MOST_LESSONS = 10;
const CONFIDENCE = 0.8;

/**
 * How a task is done, learnt when the same tools have served for it often enough. A skill that is known is left as it is, the words its
 * owner gave it included, until a round teaches something new about it.
 */
export function skillsLearnt({ trajectories, known }: SkillEvidence): readonly Candidate[] {
  const learnt = new Map<string, Candidate>();
  for (const [index, trajectory] of trajectories.entries()) {
    const tools = toolsOf(trajectory.candidate);
    if (tools === null) continue;
    const slot = `skill.${nameBasedId('skill', ...tools)}`;
    const rounds = roundsWith(
      tools,
      trajectories.slice(0, index + 1).map((each) => each.candidate),
      known,
    );
    if (rounds.reduce((sum, round) => sum + (round.evidence ?? 1), 0) < ROUNDS_OF_A_SKILL) continue;
    const before = known.find((memory) => memory.kind === 'skill' && memory.topicKey === slot)?.details.skill ?? null;
    const skill = before === null ? newSkill(tools, trajectory, rounds) : withLesson(before, trajectory.candidate);
    if (skill !== null) learnt.set(slot, candidateOf(skill, slot, tools, trajectory));
  }
  return [...learnt.values()];
}

type Round = Statement & { readonly evidence?: number };

/** The tools of a round in the order of their first use; null where one of them never worked. */
function toolsOf({ details }: Statement): readonly string[] | null {
  const used = details.tool?.type === 'trajectory' ? details.tool.used : [];
  return used.length > 0 && used.every(({ successRate }) => successRate > 0) ? used.map(({ tool }) => tool) : null;
}

/** Oldest first; a round that was mined before counts once. */
function roundsWith(tools: readonly string[], now: readonly Candidate[], known: readonly Memory[]): readonly Round[] {
  const again = new Set(now.map(({ topicKey }) => topicKey));
  const earlier = known
    .filter((memory) => memory.kind === 'tool' && !again.has(memory.topicKey))
    .toSorted((one, other) => one.statedAt - other.statedAt);
  const same = (round: Round): boolean => {
    const used = toolsOf(round);
    return used !== null && used.length === tools.length && used.every((tool, index) => tool === tools[index]);
  };
  return [...earlier, ...now].filter(same);
}

function newSkill(tools: readonly string[], { round, candidate }: Trajectory, rounds: readonly Round[]): SkillDetails {
  const { language } = candidate;
  const examples = [...new Set(rounds.map(situationOf).filter((situation) => situation !== ''))].slice(-MOST_EXAMPLES);
  const steps = tools.map((tool, index) => {
    const call = round.calls.findLast((made) => made.tool === tool && made.result?.error === null);
    return `${index + 1}. ${stepOf(tool, call === undefined ? [] : argumentNames(call), language)}`;
  });
  return {
    name: tools.map((tool) => wordsOfTool(tool)[0] ?? tool).join(' → '),
    description: descriptionOf(tools, examples.at(-1) ?? '', language),
    procedure: steps.join('\n'),
    experience: [...new Set(rounds.flatMap(lessonOf))].slice(-MOST_LESSONS),
    preference: [],
    examples,
    script: {},
    others: {},
    fileId: null,
  };
}

function stepOf(tool: string, names: readonly string[], language: Language): string {
  if (language === 'zh') return `调用 ${tool}${names.length === 0 ? '' : `，参数：${names.join('、')}`}。`;
  return `Call ${tool}${names.length === 0 ? '' : ` with ${names.join(', ')}`}.`;
}

function descriptionOf(tools: readonly string[], example: string, language: Language): string {
  if (language === 'zh') return `${example === '' ? '这项任务' : `“${example}”这样的请求`}的做法：${tools.join('，然后 ')}。`;
  return `How ${example === '' ? 'this task' : `a request like “${example}”`} is done: ${tools.join(', then ')}.`;
}

/** What a round taught that went wrong at first; what merely worked is the procedure. */
const lessonOf = ({ details }: Statement): readonly string[] =>
  (details.tool?.used ?? []).some(({ errorType }) => errorType !== '') && details.tool !== undefined && details.tool.experience !== ''
    ? [details.tool.experience]
    : [];

/** Null: nothing is new. */
function withLesson(skill: SkillDetails, trajectory: Candidate): SkillDetails | null {
  const lessons = lessonOf(trajectory).filter((lesson) => !skill.experience.includes(lesson));
  return lessons.length === 0 ? null : { ...skill, experience: [...skill.experience, ...lessons].slice(-MOST_LESSONS) };
}

function candidateOf(skill: SkillDetails, slot: string, tools: readonly string[], { round, candidate }: Trajectory): Candidate {
  // The requests are no part of it: what is done to a skill must not touch what people said.
  const sources = stepsOf(round);
  return {
    kind: 'skill',
    preferenceType: null,
    reasoning: '',
    title: skill.name.slice(0, 80),
    text: [skill.description, ...skill.procedure.split('\n'), ...skill.experience].join(' '),
    language: candidate.language,
    topicKey: slot,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'tool',
    entities: tools,
    keyPhrases: [...new Set([...tools.flatMap(wordsOfTool), ...skill.examples])],
    eventTime: null,
    confidence: CONFIDENCE,
    details: { skill },
    sourceMessageIds: sources.map(({ id }) => id),
    quotes: [],
    statedAt: Math.max(...sources.map(saidAt)),
    extractor: RULES_EXTRACTOR,
  };
}
