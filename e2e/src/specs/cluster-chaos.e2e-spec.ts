import { onlyIn } from '../deployment/deployment.ts';
import { wreakOnCluster } from '../trials/cluster-chaos.ts';
import type { FailureName } from '../trials/cluster-chaos-failures.ts';
import { optionsOf } from '../trials/cluster-chaos-options.ts';
import type { Attempt } from '../trials/cluster-chaos-request.ts';
import { brokenPromises, CHAT_TIMEOUT_MS, type Observed } from '../trials/cluster-chaos-rules.ts';
import { rowsOf, tableOf } from '../trials/cluster-chaos-table.ts';

const attempt = (fields: Partial<Attempt> = {}): Attempt => ({
  kind: 'chat',
  time: 1,
  sentAt: 11_000,
  endedAt: 11_100,
  isExplained: false,
  outcome: 'ok',
  status: 200,
  code: null,
  answer: 'Noted, locker 1.',
  recall: null,
  ...fields,
});
/** Away from 10 s to 20 s, as before at 25 s. */
const occurrence = (failure: FailureName): Observed => ({
  failure,
  round: 0,
  from: 9_900,
  awayFrom: 10_000,
  awayTo: 20_000,
  spareAwayFrom: failure === 'model' ? 15_000 : null,
  until: 21_000,
  normalAt: 25_000,
  missing: null,
});
const refusal = (status: number, code: number | null): Partial<Attempt> => ({ outcome: 'refused', status, code, answer: '' });

describe('what is promised while a part of the cluster is away', () => {
  const KEPT: readonly (readonly [FailureName, Partial<Attempt>])[] = [
    ['redis', {}],
    ['redis', { kind: 'add' }],
    ['opensearch', { isExplained: true, recall: { state: 'degraded', missingArms: ['words'] } }],
    ['opensearch', { isExplained: true, recall: { state: 'ok', missingArms: [] }, endedAt: 20_500 }],
    ['postgres', { kind: 'add', ...refusal(503, 50_004) }],
    ['model', { answer: 'The spare model noted, locker 1.' }],
    ['model', { sentAt: 16_000, endedAt: 16_100, ...refusal(503, 50_004) }],
    ['model', { kind: 'add' }],
    ['gateway', { outcome: 'connection', status: null }],
  ];
  it.each(KEPT)('%s: %j keeps it', (failure, fields) => {
    expect(brokenPromises([occurrence(failure)], [attempt(fields)])).toEqual([]);
  });

  const BROKEN: readonly (readonly [FailureName, Partial<Attempt>, RegExp])[] = [
    ['redis', refusal(503, 50_004), /redis 1: .* expected 200, got 503 50004/],
    ['opensearch', { kind: 'add', outcome: 'connection' }, /expected 200, got connection/],
    ['opensearch', { isExplained: true, recall: { state: 'ok', missingArms: [] } }, /expected a degraded recall, got ok/],
    ['postgres', { kind: 'add' }, /expected 503 50004, got ok/],
    ['postgres', { kind: 'add', ...refusal(503, null) }, /without an envelope/],
    ['model', {}, /not answered by the model that stands in/],
    ['model', refusal(503, 50_004), /expected 200, got 503/],
    ['model', { sentAt: 16_000, endedAt: 16_100 }, /expected 503 50004, got ok/],
    ['model', { kind: 'add', outcome: 'connection' }, /expected 200/],
    ['worker', { outcome: 'cut' }, /expected 200, got cut/],
    ['gateway', { outcome: 'timeout' }, /never answered/],
    ['gateway', { endedAt: 11_000 + CHAT_TIMEOUT_MS + 2_000 }, /later than its deadline/],
    ['gateway', { sentAt: 30_000, endedAt: 30_100, outcome: 'connection' }, /in calm: .* expected 200, got connection/],
  ];
  it.each(BROKEN)('%s: %j breaks it', (failure, fields, words) => {
    expect(brokenPromises([occurrence(failure)], [attempt(fields)])[0]).toMatch(words);
  });

  it('is to be as before afterwards', () => {
    const lasting = { ...occurrence('recall'), missing: 'an add is not mined, 120 s after its end' };
    expect(brokenPromises([lasting], [])).toEqual(['recall 1: an add is not mined, 120 s after its end']);
  });

  it('is told in a table, a row for each kind of failure', () => {
    const attempts = [
      attempt(),
      attempt({ outcome: 'connection' }),
      attempt(refusal(503, 50_004)),
      attempt({ sentAt: 30_000, endedAt: 30_040 }),
    ];
    const table = tableOf(rowsOf([occurrence('gateway')], attempts)).split('\n');
    expect(table.slice(2).map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'none', '0', '1', '1', '0', '0', '40', '40', '0', '', ''],
      ['', 'gateway', '1', '3', '1', '1 × 503 50004', '1', '100', '100', '0', '4.0', ''],
    ]);
  });
});

onlyIn('cluster', () => {
  describe('a cluster whose parts fail in turn under load', () => {
    it('loses nothing it acknowledged, doubles nothing, ends every task, and keeps what it promises meanwhile', async () => {
      const report = await wreakOnCluster({
        ...optionsOf({ quick: true, seed: '5' }),
        signal: new AbortController().signal,
        say: () => undefined,
      });
      expect(report).toMatchObject({
        lostMessages: [],
        doubledMessages: [],
        halfWritten: [],
        lostMemories: [],
        doubledMemories: [],
        unendedTasks: [],
        failedTasks: [],
        brokenPromises: [],
        indexDifferences: 0,
      });
      expect(report.acknowledgedMessages).toBeGreaterThan(100);
    });
  });
});
