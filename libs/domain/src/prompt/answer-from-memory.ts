import type { Language } from '../memory.ts';
import { localMinute, type PromptItem } from './prompt.ts';
import { EXTRACTIVE_TEXTS } from './texts.ts';

export interface ExtractiveAnswer {
  /** What was recalled, best first. */
  readonly recalled: readonly PromptItem[];
  /** What the rules draw from the message itself. */
  readonly noted: readonly string[];
}

/** An honest answer where no model is configured: quotes what was recalled, dated, and what is new, and says that it does no more. */
export function answerFromMemory({ recalled, noted }: ExtractiveAnswer, language: Language, timeZone: string): string {
  const texts = EXTRACTIVE_TEXTS[language === 'zh' ? 'zh' : 'en'];
  const lines = recalled.map((item) => {
    const mark = markOf(item, texts);
    return `- [${localMinute(item.statedAt, timeZone).slice(0, 10)}] ${item.text}${mark}`;
  });
  const found = recalled.length === 0 ? [texts.nothing] : [texts.found, ...lines];
  return [...found, ...(noted.length === 0 ? [] : [texts.noted, ...noted.map((text) => `- ${text}`)])].join('\n');
}

function markOf(item: PromptItem, texts: (typeof EXTRACTIVE_TEXTS)['en' | 'zh']): string {
  if (item.fileName !== null) return ` (${item.fileName})`;
  if (item.assistantView) return ` (${texts.assistantView})`;
  if (item.kind === 'skill') return ` (${texts.skill})`;
  return item.kind === 'fact' ? '' : ` (${texts.preference})`;
}
