import type { Outcome } from '../engine/runner.ts';
import { byEndpoint, summaryOf } from './summary.ts';

/** A table by endpoint and rule, for people. */
export function table(outcomes: readonly Outcome[]): string {
  const idWidth = Math.max(0, ...outcomes.map(({ id }) => id.length));
  const line = ({ id, checks, verdict, reason }: Outcome): readonly string[] => [
    `  ${verdict.padEnd(7)}  ${id.padEnd(idWidth)}  ${onOneLine(checks)}`,
    ...(reason === '' ? [] : [`  ${' '.repeat(7)}  ${' '.repeat(idWidth)}    ${onOneLine(reason)}`]),
  ];
  const { passed, failed, notRun } = summaryOf(outcomes);
  return [
    ...[...byEndpoint(outcomes)].flatMap(([endpoint, rules]) => [title(endpoint, rules), ...rules.flatMap(line), '']),
    `${outcomes.length} rules: ${passed} passed, ${failed} failed, ${notRun} not run`,
  ].join('\n');
}

function title(endpoint: string, rules: readonly Outcome[]): string {
  const { passed, failed, notRun } = summaryOf(rules);
  const rest = [failed > 0 ? `${failed} failed` : '', notRun > 0 ? `${notRun} not run` : ''].filter((part) => part !== '');
  return `${endpoint} (${[`${passed} of ${rules.length}`, ...rest].join(', ')})`;
}

/** What a server answered may hold anything, also what moves a terminal's cursor. */
const onOneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');
