import type { Language } from '../memory.ts';
import { localMinute, type PromptItem } from './prompt.ts';
import { EXTRACTIVE_TEXTS } from './texts.ts';

/** An honest answer where no model is configured: quotes what was recalled, dated, and says that it does no more than that. */
export function answerFromMemory(items: readonly PromptItem[], language: Language, timeZone: string): string {
  const texts = EXTRACTIVE_TEXTS[language === 'zh' ? 'zh' : 'en'];
  if (items.length === 0) return texts.nothing;
  const lines = items.map((item) => {
    const mark = item.assistantView ? ` (${texts.assistantView})` : item.kind === 'fact' ? '' : ` (${texts.preference})`;
    return `- [${localMinute(item.statedAt, timeZone).slice(0, 10)}] ${item.text}${mark}`;
  });
  return [texts.found, ...lines].join('\n');
}
