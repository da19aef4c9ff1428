import type { Outcome } from '../engine/runner.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { table } from './table.ts';

const outcome = (id: string, verdict: Outcome['verdict'], reason = '', endpoint = 'POST /chat'): Outcome => ({
  endpoint,
  id,
  checks: `checks ${id}`,
  verdict,
  reason,
  durationMs: 1_500,
});

const OUTCOMES = [
  outcome('chat.one', 'pass'),
  outcome('ping', 'FAIL', 'HTTP 500', 'GET /ping'),
  outcome('chat.two', 'not run', 'needs --other-api-key'),
];

describe('the table', () => {
  it('groups rules by endpoint, with verdict, what is checked and the reason', () => {
    expect(table(OUTCOMES)).toBe(
      [
        'POST /chat (1 of 2, 1 not run)',
        '  pass     chat.one  checks chat.one',
        '  not run  chat.two  checks chat.two',
        '                       needs --other-api-key',
        '',
        'GET /ping (0 of 1, 1 failed)',
        '  FAIL     ping      checks ping',
        '                       HTTP 500',
        '',
        '3 rules: 1 passed, 1 failed, 1 not run',
      ].join('\n'),
    );
  });

  it('keeps what a server answered from moving the cursor', () => {
    expect(table([outcome('x', 'FAIL', 'a\u001b[2Jb\r\nc')])).toContain('a [2Jb c');
  });
});

describe('the JSON', () => {
  it('holds the summary and every rule', () => {
    const report = JSON.parse(json('http://server/v1', OUTCOMES));
    expect(report).toMatchObject({
      contract: 'openmem/v1',
      base_url: 'http://server/v1',
      summary: { passed: 1, failed: 1, not_run: 1 },
    });
    expect(report.rules[1]).toEqual({
      endpoint: 'GET /ping',
      id: 'ping',
      checks: 'checks ping',
      verdict: 'fail',
      reason: 'HTTP 500',
      duration_ms: 1_500,
    });
  });
});

describe('the JUnit XML', () => {
  it('is a test suite for each endpoint, with failures and what was skipped', () => {
    expect(junit(OUTCOMES).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="openmem/v1" tests="3" failures="1" errors="0" skipped="1" time="4.500">',
      '  <testsuite name="POST /chat" tests="2" failures="0" errors="0" skipped="1" time="3.000">',
      '    <testcase classname="POST /chat" name="chat.one: checks chat.one" time="1.500"/>',
      '    <testcase classname="POST /chat" name="chat.two: checks chat.two" time="1.500">',
      '      <skipped message="needs --other-api-key"/>',
      '    </testcase>',
      '  </testsuite>',
      '  <testsuite name="GET /ping" tests="1" failures="1" errors="0" skipped="0" time="1.500">',
      '    <testcase classname="GET /ping" name="ping: checks ping" time="1.500">',
      '      <failure message="HTTP 500"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
  });

  it('escapes what means something in XML, and replaces what XML cannot hold', () => {
    const xml = junit([outcome('x', 'FAIL', `<b a="1" c='2'>&amp;</b>\n\u0000\u001b\ud800 广州`)]);
    expect(xml).toContain('message="&lt;b a=&quot;1&quot; c=&apos;2&apos;&gt;&amp;amp;&lt;/b&gt; \ufffd\ufffd\ufffd 广州"');
  });
});
