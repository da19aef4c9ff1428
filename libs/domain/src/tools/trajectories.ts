import { RULES_EXTRACTOR } from '../extraction/candidates.ts';
import { callOf, namedText, speakersOf, type Speaker } from '../extraction/speakers.ts';
import type { ToolUse } from '../memory-details.ts';
import type { Candidate, Language, Statement } from '../memory.ts';
import { saidAt, type Message } from '../message.ts';
import { detectLanguage } from '../text/language.ts';
import { experienceOf, experienceWith } from './experience.ts';
import { toolRoundsIn, type RoundCall, type ToolRound } from './rounds.ts';
import { wordsOfTool } from './tool-words.ts';

/** A round of tool calls with the memory that is made of it. */
export interface Trajectory {
  readonly round: ToolRound;
  readonly candidate: Candidate;
}

export interface ToolReading {
  /** The pending messages of one conversation, in order. */
  readonly messages: readonly Message[];
  /** Messages before them: the request, and calls whose results come only now. */
  readonly context: readonly Message[];
}

const LONGEST_SITUATION = 300;
const LONGEST_ARGUMENTS = 200;
const LONGEST_OUTCOME = 300;
const MOST_CALLS = 8;
const MOST_TOOLS = 20;
const MOST_ERRORS = 5;
const CONFIDENCE = 0.9;

/**
 * What was done with tools, one memory for each request: the situation, the calls with their arguments, what came of them. A round
 * whose results may still come waits for them; when it goes on without them, the calls are kept with no outcome. A round that grows is
 * the same round: it fills one slot.
 */
export function trajectoriesIn({ messages, context }: ToolReading): readonly Trajectory[] {
  const news = new Set(messages.map(({ id }) => id));
  const whole = [...context, ...messages];
  const speakerOf = speakersOf(whole);
  return toolRoundsIn(whole)
    .flatMap((round) => (round.isOver ? (unreadPart(round, news) ?? []) : []))
    .map((round) => ({ round, candidate: candidateOf(round, round.request === null ? null : speakerOf(round.request)) }));
}

const LEADS_TO = ' → ';

/** The situation in the text of a trajectory; empty where there is none. */
export function situationOf({ text, details }: Pick<Statement, 'text' | 'details'>): string {
  const first = text.split(LEADS_TO, 1)[0] ?? '';
  return (details.tool?.used ?? []).some(({ tool }) => first.startsWith(`${tool}(`)) ? '' : first;
}

/** The round as it is kept now; null: it was before, and nothing has come since. */
function unreadPart(round: ToolRound, news: ReadonlySet<string>): ToolRound | null {
  const ended = round.endedBy !== null && news.has(round.endedBy.id);
  const unread = round.calls.filter(
    ({ message, result }) => news.has(message.id) || (result === null ? ended : news.has(result.message.id)),
  );
  if (unread.length === 0) return null;
  // Begun before what can still be seen: its earlier calls were kept when they came.
  return round.request === null ? { ...round, calls: unread } : round;
}

function candidateOf(round: ToolRound, speaker: Speaker | null): Candidate {
  const { request, calls } = round;
  const sources = sourcesOf(round);
  const asked = shortened(request?.content ?? '', LONGEST_SITUATION).replaceAll(LEADS_TO, ' - ');
  const language = detectLanguage(asked === '' ? calls.map(({ result }) => result?.message.content.slice(0, 500) ?? '').join(' ') : asked);
  const situation = asked === '' || speaker === null || speaker.isSubject ? asked : namedText(asked, callOf(speaker, language), language);
  const used = usedTools(calls, language);
  const tools = [...new Set(calls.map(({ tool }) => tool))];
  return {
    kind: 'tool',
    preferenceType: null,
    reasoning: '',
    title: shortened(tools.join(' → '), 80),
    text: [situation, callsText(calls, language)].filter((part) => part !== '').join(LEADS_TO),
    language,
    topicKey: `tool.trajectory.${sources[0]?.id ?? ''}`,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'tool',
    entities: tools.slice(0, MOST_TOOLS),
    keyPhrases: [...new Set(tools.flatMap(wordsOfTool))].slice(0, MOST_TOOLS),
    eventTime: null,
    confidence: CONFIDENCE,
    details: { tool: { type: 'trajectory', used, experience: experienceOf(calls, language) } },
    sourceMessageIds: sources.map(({ id }) => id),
    quotes: [],
    statedAt: Math.max(...sources.map(saidAt)),
    extractor: RULES_EXTRACTOR,
  };
}

/** The request, the calls and their results; each once, in the order of the conversation. */
const sourcesOf = (round: ToolRound): readonly Message[] =>
  inOrder([...(round.request === null ? [] : [round.request]), ...stepsOf(round)]);

/** Messages that make calls or hold results. */
export const stepsOf = ({ calls }: ToolRound): readonly Message[] =>
  inOrder([...calls.map(({ message }) => message), ...calls.flatMap(({ result }) => result?.message ?? [])]);

const inOrder = (messages: readonly Message[]): readonly Message[] =>
  [...new Set(messages)].toSorted((one, other) => one.sequence - other.sequence);

/** `get_weather({"city":"Paris"}) → sunny` for every call, the last where there are many. */
function callsText(calls: readonly RoundCall[], language: Language): string {
  const left = calls.length - MOST_CALLS;
  const more = left <= 0 ? [] : [language === 'zh' ? `（前面还有${left}次调用）` : `(${left} calls before)`];
  const shown = calls.slice(-MOST_CALLS).map(({ tool, argumentsText, result }) => {
    const outcome = result === null ? (language === 'zh' ? '没有结果' : 'no result') : shortened(result.message.content, LONGEST_OUTCOME);
    return `${tool}(${shortened(argumentsText, LONGEST_ARGUMENTS)}) → ${outcome === '' ? '∅' : outcome}`;
  });
  return [...more, ...shown].join('; ');
}

function usedTools(calls: readonly RoundCall[], language: Language): readonly ToolUse[] {
  const tools = [...new Set(calls.map(({ tool }) => tool))].slice(0, MOST_TOOLS);
  return tools.map((tool) => {
    const own = calls.filter((call) => call.tool === tool);
    const answered = own.filter(({ result }) => result !== null);
    const well = answered.filter(({ result }) => result?.error === null).length;
    const errors = [...new Set(own.flatMap(({ result }) => result?.error ?? []))];
    return {
      tool,
      errorType: answered.length === 0 ? 'no_result' : errors.slice(0, MOST_ERRORS).join(', '),
      successRate: answered.length === 0 ? 0 : Math.round((well / answered.length) * 100) / 100,
      experience: experienceWith(tool, own, language),
    };
  });
}

/** On one line, cut at its end. */
function shortened(text: string, longest: number): string {
  const line = text
    .slice(0, longest * 4)
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length <= longest
    ? line
    : `${[...line]
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}
