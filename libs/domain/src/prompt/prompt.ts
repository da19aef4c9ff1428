import type { Language } from '../memory.ts';
import { BUILT_IN_PROMPTS, MEMORY_HEADINGS } from './texts.ts';

/** One line of the memory block. */
export interface PromptItem {
  readonly kind: 'fact' | 'explicit_preference' | 'implicit_preference' | 'skill';
  readonly text: string;
  /** Epoch milliseconds: when it was said. */
  readonly statedAt: number;
  /** True when it rests on the assistant's words, not the user's. */
  readonly assistantView: boolean;
  /** The document it was read in; null: it was said. */
  readonly fileName: string | null;
}

/** The token of a system prompt that the memory block replaces. */
const PLACEHOLDER = '{memories}';

const PREFERENCE_LABELS = { explicit_preference: 'Explicit Preference', implicit_preference: 'Implicit Preference' } as const;

/**
 * The `<memories>` block: facts, then preferences, then skills where there are any, a dated line each. The markup is the same in every language because models
 * and the cleaning of later messages recognise it by its form.
 */
export function renderMemories(items: readonly PromptItem[], timeZone: string): string {
  const line = (item: PromptItem): string => {
    const label = labelOf(item);
    return `-[${localMinute(item.statedAt, timeZone)}]${label} ${oneLine(item.text)}`;
  };
  const block = (name: string, lines: readonly string[]): string => `<${name}>\n${lines.map((text) => `${text}\n`).join('')}</${name}>`;
  const facts = items.filter((item) => item.kind === 'fact').map(line);
  const preferences = items.filter((item) => item.kind === 'explicit_preference' || item.kind === 'implicit_preference').map(line);
  const skills = items.filter((item) => item.kind === 'skill').map(line);
  const blocks = [block('facts', facts), block('preferences', preferences), ...(skills.length === 0 ? [] : [block('skills', skills)])];
  return `<memories>\n${blocks.join('\n')}\n</memories>`;
}

function labelOf(item: PromptItem): string {
  if (item.kind === 'explicit_preference' || item.kind === 'implicit_preference') return ` [${PREFERENCE_LABELS[item.kind]}]`;
  if (item.fileName !== null) return ` [File: ${oneLine(item.fileName).replaceAll(']', ')')}]`;
  return item.assistantView ? ' [Assistant View]' : '';
}

/** Characters of one memory, or of a name, that are told; an ellipsis stands for the rest. */
const LONGEST_TOLD = 4_000;

/**
 * What was said stays inside its line of the block: white space becomes one space, and the block's own tags lose their bracket. It is
 * cut and its white space shortened first, so that what follows never looks at the same run twice.
 */
const oneLine = (text: string): string =>
  shortened(text)
    .replace(/\s+/gu, ' ')
    .replace(/<(?= ?\/? ?(?:memories|facts|preferences|skills)\b)/giu, '‹');

/** Never half a character. */
const shortened = (text: string): string =>
  text.length <= LONGEST_TOLD ? text : `${text.slice(0, LONGEST_TOLD).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** The built-in instructions with `{memories}` in place, in Chinese for Chinese queries and in English for all others. */
export function builtInPrompt(language: Language, now: number, timeZone: string): string {
  const chinese = language === 'zh';
  const weekday = new Intl.DateTimeFormat(chinese ? 'zh-CN' : 'en-US', { timeZone, weekday: 'long' }).format(now);
  return BUILT_IN_PROMPTS[chinese ? 'zh' : 'en'].replace('{now}', () => `${localMinute(now, timeZone)} (${weekday})`);
}

/**
 * Puts the memory block in place of every exact `{memories}`; other braces are left alone. A prompt without the token gets the
 * block appended under a heading, unless there is nothing to tell.
 */
export function composeSystemPrompt(prompt: string, items: readonly PromptItem[], language: Language, timeZone: string): string {
  const block = renderMemories(items, timeZone);
  if (prompt.includes(PLACEHOLDER)) return prompt.split(PLACEHOLDER).join(block);
  if (items.length === 0) return prompt;
  return `${prompt}\n\n${MEMORY_HEADINGS[language === 'zh' ? 'zh' : 'en']}\n${block}`;
}

/** `YYYY-MM-DD HH:mm` in the given zone. */
export function localMinute(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}
