import type { Language } from '../memory.ts';
import type { RoundCall } from './rounds.ts';
import { parsed } from './tool-messages.ts';

const MOST_ARGUMENTS = 8;
const LONGEST_VALUE = 40;
const MOST_TOOLS = 10;

/** The names of the arguments of a call. */
export function argumentNames({ argumentsText }: Pick<RoundCall, 'argumentsText'>): readonly string[] {
  const value = parsed(argumentsText);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).slice(0, MOST_ARGUMENTS) : [];
}

/** What one tool taught in a round, from its own calls. */
export function experienceWith(tool: string, calls: readonly RoundCall[], language: Language): string {
  const failed = calls.find(({ result }) => result !== null && result.error !== null);
  const worked = calls.findLast(({ result }) => result?.error === null);
  const zh = language === 'zh';
  if (failed === undefined && worked === undefined) return zh ? `${tool}没有返回结果。` : `${tool} gave no result.`;
  const error = failed?.result?.error ?? '';
  if (failed === undefined) {
    const names = worked === undefined ? [] : argumentNames(worked);
    const withNames = names.length === 0 ? '' : zh ? `参数：${names.join('、')}` : ` with ${names.join(', ')}`;
    return zh ? `${tool}可用${withNames === '' ? '' : `，${withNames}`}。` : `${tool} worked${withNames}.`;
  }
  const before = argumentsOf(failed);
  if (worked === undefined || calls.indexOf(worked) < calls.indexOf(failed))
    return zh
      ? `${tool}失败：${error}${before === '' ? '' : `（${before}）`}。`
      : `${tool} failed: ${error}${before === '' ? '' : ` (${before})`}.`;
  const changed = changedArguments(failed, worked);
  if (changed === '')
    return zh ? `${tool}先失败（${error}），重试后成功。` : `${tool} failed first (${error}) and worked when it was tried again.`;
  return zh ? `${tool}先失败（${error}），改为 ${changed} 后成功。` : `${tool} failed first (${error}) and worked with ${changed}.`;
}

/** What the whole round teaches; empty: nothing beyond its single tools. */
export function experienceOf(calls: readonly RoundCall[], language: Language): string {
  const tools = [...new Set(calls.map(({ tool }) => tool))].slice(0, MOST_TOOLS);
  const each = tools.map((tool) =>
    experienceWith(
      tool,
      calls.filter((call) => call.tool === tool),
      language,
    ),
  );
  const failed = each.filter((_, index) =>
    calls.some(({ tool, result }) => tool === tools[index] && (result === null || result.error !== null)),
  );
  if (failed.length > 0) return failed.join(language === 'zh' ? '' : ' ');
  if (tools.length === 1) return each[0] ?? '';
  const order = tools.join(' → ');
  return language === 'zh' ? `按 ${order} 的顺序调用成功。` : `Calling ${order} in this order worked.`;
}

const shownValue = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
};

const entriesOf = (call: RoundCall): readonly (readonly [string, unknown])[] => {
  const value = parsed(call.argumentsText);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value).slice(0, MOST_ARGUMENTS) : [];
};

const argumentsOf = (call: RoundCall): string =>
  entriesOf(call)
    .map(([name, value]) => `${name}=${shownValue(value)}`)
    .join(', ');

function changedArguments(failed: RoundCall, worked: RoundCall): string {
  const before = new Map(entriesOf(failed).map(([name, value]) => [name, JSON.stringify(value)]));
  return entriesOf(worked)
    .filter(([name, value]) => before.get(name) !== JSON.stringify(value))
    .map(([name, value]) => `${name}=${shownValue(value)}`)
    .join(', ');
}
