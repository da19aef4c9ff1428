import type { Outcome } from '../engine/runner.ts';
import { byEndpoint, summaryOf } from './summary.ts';

/** For build servers: JUnit's XML, an endpoint as a test suite and a rule as a test case. */
export function junit(outcomes: readonly Outcome[]): string {
  const suites = [...byEndpoint(outcomes)].flatMap(([endpoint, rules]) => [
    `  <testsuite name="${escaped(endpoint)}" ${counts(rules)}>`,
    ...rules.flatMap((outcome) => testCase(endpoint, outcome)),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="openmem/v1" ${counts(outcomes)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(endpoint: string, { id, checks, verdict, reason, durationMs }: Outcome): readonly string[] {
  const opening = `    <testcase classname="${escaped(endpoint)}" name="${escaped(`${id}: ${checks}`)}" time="${seconds(durationMs)}"`;
  if (verdict === 'pass') return [`${opening}/>`];
  return [`${opening}>`, `      <${verdict === 'FAIL' ? 'failure' : 'skipped'} message="${escaped(reason)}"/>`, '    </testcase>'];
}

function counts(outcomes: readonly Outcome[]): string {
  const { failed, notRun } = summaryOf(outcomes);
  const timeMs = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return `tests="${outcomes.length}" failures="${failed}" errors="0" skipped="${notRun}" time="${seconds(timeMs)}"`;
}

const seconds = (durationMs: number): string => (durationMs / 1_000).toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** For an attribute. What XML cannot hold at all (control characters, halves of surrogate pairs) becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd')
    .replaceAll(/[\t\n\r]+/gu, ' ')
    .replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}
