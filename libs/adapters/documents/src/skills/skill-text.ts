import type { ReadSkill } from '@continuo/ports';
import { parse } from 'yaml';
import { cleanText } from '../parsing/block-list.ts';
import { invalid } from '../parsing/refusal.ts';

type SkillList = 'examples' | 'experience' | 'preference';

/** Titles of sections that are lists of a skill rather than part of its procedure. */
const LISTS: readonly (readonly [RegExp, SkillList])[] = [
  [/^(?:usage )?examples?$|^(?:示例|例子|使用示例|样例)$/iu, 'examples'],
  [/^(?:experiences?|lessons(?: learned)?)$|^(?:经验|经验总结)$/iu, 'experience'],
  [/^(?:user )?preferences?$|^(?:偏好|用户偏好)$/iu, 'preference'],
];
const TITLE = /^ {0,3}(#{1,6})[ \t]+(.{1,200})$/u;
const FENCE = /^ {0,3}(?:```|~~~)/u;
const BULLET = /^(?:[-*+]|\d{1,4}[.)])[ \t]+/u;

/** Reads a SKILL.md. @throws Refusal when it has no front matter with a name and a description. */
export function readSkillText(text: string): Omit<ReadSkill, 'scripts' | 'others'> {
  const lines = cleanText(text)
    .replace(/^\ufeff/u, '')
    .split(/\r\n?|\n/u);
  const end = lines[0]?.trimEnd() === '---' ? lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---') : -1;
  if (end < 0) throw invalid('A skill begins with YAML front matter between two lines of ---; this one does not.');
  const settings = settingsOf(lines.slice(1, end).join('\n'));
  const body = new Body(lines.slice(end + 1));
  return { name: required(settings, 'name'), description: required(settings, 'description'), ...body.read() };
}

function settingsOf(yaml: string): Readonly<Record<string, unknown>> {
  let settings: unknown;
  try {
    // A few aliases are nothing; the hundreds that a bomb needs are refused by the library.
    settings = parse(yaml, { maxAliasCount: 20, logLevel: 'error' });
  } catch (error) {
    throw invalid('The front matter of the skill is no valid YAML.', error);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw invalid('The front matter of the skill has no members.');
  return settings as Readonly<Record<string, unknown>>;
}

function required(settings: Readonly<Record<string, unknown>>, key: 'name' | 'description'): string {
  const value = Object.hasOwn(settings, key) ? settings[key] : undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`The front matter of the skill has no ${key}.`);
  return value.trim();
}

class Body {
  readonly #lines: readonly string[];
  readonly #procedure: string[] = [];
  readonly #sections: Record<SkillList, string[]> = { examples: [], experience: [], preference: [] };

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  read(): Pick<ReadSkill, 'procedure' | SkillList> {
    let section: { readonly list: SkillList; readonly level: number } | null = null;
    let inCode = false;
    for (const line of this.#lines) {
      if (FENCE.test(line)) inCode = !inCode;
      const title = inCode ? null : TITLE.exec(line);
      const level = title?.[1]?.length ?? 7;
      if (title !== null && (section === null || level <= section.level)) {
        const list = listOf(title[2] ?? '');
        section = list === null ? null : { list, level };
        if (list !== null) continue;
      }
      (section === null ? this.#procedure : this.#sections[section.list]).push(line);
    }
    return {
      procedure: this.#procedure.join('\n').trim(),
      examples: entriesOf(this.#sections.examples),
      experience: entriesOf(this.#sections.experience),
      preference: entriesOf(this.#sections.preference),
    };
  }
}

const listOf = (title: string): SkillList | null =>
  LISTS.find(([pattern]) => pattern.test(title.replaceAll(/[#:：\s]+$/gu, '').trim()))?.[1] ?? null;

/** An item of a list at the margin begins an entry, and so does a paragraph; what is indented or fenced belongs to the entry before. */
function entriesOf(lines: readonly string[]): readonly string[] {
  const entries: string[] = [];
  let afterGap = true;
  let inCode = false;
  for (const line of lines) {
    const starts = BULLET.test(line) || (afterGap && /^\S/u.test(line) && !FENCE.test(line));
    if (!inCode && line.trim() !== '' && (starts || entries.length === 0)) entries.push(line.replace(BULLET, ''));
    else if (entries.length > 0) entries.push(`${entries.pop() ?? ''}\n${line}`);
    if (FENCE.test(line)) inCode = !inCode;
    afterGap = line.trim() === '';
  }
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
}
