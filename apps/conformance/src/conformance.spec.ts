import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contract, ScriptedServer } from '../test/scripted-server.ts';
import { BREACHED, conformance, KEPT, UNUSABLE } from './conformance.ts';
import { must } from './engine/expectations.ts';
import { rule, type RuleGroup } from './engine/rule.ts';

const groups = (holds: boolean): readonly RuleGroup[] => [
  { endpoint: 'GET /ping', rules: [rule('ping', 'answers', async () => must(holds, 'it does not'))] },
];

describe('the conformance command', () => {
  let server: ScriptedServer;
  let folder: string;
  let printed: string;
  let complained: string;
  beforeAll(async () => {
    server = await ScriptedServer.start(contract);
    folder = await mkdtemp(join(tmpdir(), 'continuo-conformance-'));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    printed = '';
    complained = '';
  });

  const call = (args: readonly string[], holds = true): Promise<number> =>
    conformance(args, groups(holds), { print: (text) => (printed += text), complain: (text) => (complained += text), folder });
  const here = (...more: string[]): string[] => ['--base-url', server.baseUrl, '--api-key', 'k', ...more];

  it('ends with 0 when every rule holds', async () => {
    expect(await call(here())).toBe(KEPT);
    expect(printed).toContain('1 rules: 1 passed, 0 failed, 0 not run');
  });

  it('ends with 1 on a breach', async () => {
    expect(await call(here(), false)).toBe(BREACHED);
    expect(printed).toContain('it does not');
  });

  it('writes JSON and JUnit into the folder it was called in', async () => {
    expect(await call(here('--json', 'out.json', '--junit', 'out.xml'), false)).toBe(BREACHED);
    expect(JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))).toMatchObject({ summary: { failed: 1 } });
    expect(await readFile(join(folder, 'out.xml'), 'utf8')).toContain('<failure message="it does not"/>');
  });

  it.each([
    ['a wrong option', ['--colour'], /--colour/],
    ['a name that chooses nothing', ['--only', 'nothing'], /nothing/],
  ])('ends with 2 for %s', async (_what, more, says) => {
    expect(await call(here(...more))).toBe(UNUSABLE);
    expect(complained).toMatch(says);
  });

  it('ends with 2 when nobody answers at the address', async () => {
    expect(await call(['--base-url', 'http://127.0.0.1:1/v1', '--api-key', 'k'])).toBe(UNUSABLE);
    expect(complained).toContain('http://127.0.0.1:1/v1');
  });

  it('explains itself', async () => {
    expect(await call(['--help'])).toBe(KEPT);
    expect(printed).toContain('--other-api-key');
  });
});
