import { textProblems } from './forbidden-text.mjs';

const problemsIn = (line, path = 'libs/domain/src/memory.ts') => textProblems(path, line).length;

describe('textProblems', () => {
  it.each([
    `const file = '${'/'}home/ada/notes.txt';`,
    `open('${'/'}tmp/continuo.sqlite')`,
    `see https://${['registry', 'npmjs', 'org'].join('.')}/zod`,
    '// TODO: later',
    `it.skip('does nothing', () => {});`,
    `describe.only('alone', () => {});`,
    'jest.retryTimes(3);',
    '// @ts-ignore',
    '/* oxlint-disable */',
  ])('rejects %s', (line) => {
    expect(problemsIn(line)).toBe(1);
  });

  it.each([
    `join(tmpdir(), 'continuo-')`,
    `'/get/memory/{id}'`,
    'https://example.org/home/page',
    'libs/work/tmp/root',
    '// oxlint-disable-next-line no-console',
    'the limit (25)',
    'the exit(1) of a process',
  ])('accepts %s', (line) => {
    expect(problemsIn(line)).toBe(0);
  });

  it('says where', () => {
    expect(textProblems('README.md', 'fine\nFIXME\n')).toEqual(['README.md:2: a postponed task: FIXME']);
  });
});
