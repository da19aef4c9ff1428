import { readFileSync } from 'node:fs';
import type { Candidate } from '../memory.ts';
import type { Message, MessageRole } from '../message.ts';
import { extractByRules } from './index.ts';

/**
 * A dialogue with what a careful reader would remember of it. Turns begin with `u:`, `a:`, `s:` or `t:` (user, assistant,
 * system, tool), all said on 2026-11-21. A gold line names words that one candidate's text must hold (parted by `&`), then
 * what else must be true of it: `P` a preference, `@name` about whom, `key=value` its slot, `d:day` its event's first day.
 */
interface Dialogue {
  readonly id: string;
  /** `corrected`: the rules were corrected against it. `held-out`: they were not, and only totals were looked at. */
  readonly split: 'corrected' | 'held-out';
  readonly turns: readonly string[];
  readonly gold: readonly string[];
  /** True enough, but nobody would miss it. */
  readonly tolerated?: readonly string[];
}

interface Score {
  gold: number;
  found: number;
  candidates: number;
  right: number;
  invented: string[];
  misattributed: string[];
  misdated: string[];
  misplaced: string[];
}

const DIALOGUES = readFileSync(new URL('./dialogues.fixture.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Dialogue);
const SAID_AT = Date.parse('2026-11-21T12:00:00Z');
const ROLES: Readonly<Record<string, MessageRole>> = { u: 'user', a: 'assistant', s: 'system', t: 'tool' };

const messagesOf = ({ id, turns }: Dialogue): Message[] =>
  turns.map((turn, index) => ({
    id: `${id}-${index}`,
    role: ROLES[turn.charAt(0)] ?? 'user',
    content: turn.slice(3),
    parts: null,
    chatTime: SAID_AT + index,
    roleName: null,
    speakerId: null,
    purpose: 'said' as const,
    extraction: null,
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: id,
    sequence: index + 1,
    place: 0,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    taskId: 't1',
    createdAt: SAID_AT,
  }));

const holds = (candidate: Candidate, words: string): boolean =>
  words.split('&').every((word) => candidate.text.toLowerCase().includes(word.trim().toLowerCase()));

const dayOf = (candidate: Candidate): string =>
  candidate.eventTime === null ? '' : new Date(candidate.eventTime.from).toISOString().slice(0, 10);

/** Words of a text that nobody said; what stands in brackets is a resolved date, or the occasion of a choice. */
function unsaidWords(candidate: Candidate, said: string): readonly string[] {
  const bare = candidate.text.toLowerCase().replace(/ ?[(（][^()（）]*[)）]/gu, '');
  const words = bare.match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !said.includes(word) && !/^(?:i|choose|我|选|選)$/u.test(word));
}

function judgeGold(line: string, got: readonly Candidate[], score: Score): readonly Candidate[] {
  const [words = '', ...traits] = line.split('|').map((part) => part.trim());
  const fitting = got.filter((candidate) => holds(candidate, words));
  score.gold += 1;
  if (fitting.length === 0) return [];
  score.found += 1;
  for (const trait of traits) {
    const is = (test: (candidate: Candidate) => boolean): boolean => fitting.some(test);
    if (trait.startsWith('@')) {
      if (!is(({ about }) => about === trait.slice(1))) score.misattributed.push(line);
    } else if (trait.startsWith('d:')) {
      if (!is((candidate) => dayOf(candidate) === trait.slice(2))) score.misdated.push(line);
    } else if (trait === 'P') {
      if (!is(({ kind }) => kind === 'preference')) score.misplaced.push(line);
    } else if (!is(({ topicKey, topicValue }) => `${topicKey ?? ''}=${topicValue ?? ''}` === trait)) score.misplaced.push(line);
  }
  if (
    !traits.some((trait) => trait.startsWith('@')) &&
    traits.some((trait) => trait.includes('=')) &&
    fitting.every(({ about }) => about !== null)
  )
    score.misattributed.push(line);
  return fitting;
}

function scoreOf(dialogues: readonly Dialogue[]): Score {
  const score: Score = { gold: 0, found: 0, candidates: 0, right: 0, invented: [], misattributed: [], misdated: [], misplaced: [] };
  for (const dialogue of dialogues) {
    const messages = messagesOf(dialogue);
    const said = messages.map(({ content }) => content.toLowerCase()).join('\n');
    const got = extractByRules({ messages, context: [], timeZone: 'UTC' });
    const wanted = new Set(dialogue.gold.flatMap((line) => judgeGold(line, got, score)));
    for (const candidate of got) {
      const right = wanted.has(candidate) || (dialogue.tolerated ?? []).some((words) => holds(candidate, words));
      score.candidates += 1;
      if (right) score.right += 1;
      // Out of a dialogue that states nothing of the person, whatever is kept was made up.
      if (unsaidWords(candidate, said).length > 0 || (!right && dialogue.gold.length === 0)) score.invented.push(candidate.text);
    }
  }
  return score;
}

describe('dialogues as people have them, in English, Chinese and both', () => {
  it.each([
    { split: 'corrected', least: 140, precision: 0.97, recall: 0.95, misplaced: 3 },
    { split: 'held-out', least: 24, precision: 0.95, recall: 0.85, misplaced: 3 },
  ] as const)('keeps what is said and nothing else ($split)', ({ split, least, precision, recall, misplaced }) => {
    const dialogues = DIALOGUES.filter((dialogue) => dialogue.split === split);
    const score = scoreOf(dialogues);
    expect(dialogues.length).toBeGreaterThanOrEqual(least);
    expect(score).toMatchObject({ invented: [], misattributed: [], misdated: [] });
    expect(score.misplaced.length).toBeLessThanOrEqual(misplaced);
    expect(score.right / score.candidates).toBeGreaterThanOrEqual(precision);
    expect(score.found / score.gold).toBeGreaterThanOrEqual(recall);
  });
});
