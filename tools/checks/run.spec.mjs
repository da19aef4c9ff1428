import { chosenChecks } from './run.mjs';

const namesOf = (args) => chosenChecks(args).map(({ name }) => name);

describe('the parts of npm test', () => {
  it('are all of them when none is named, the stores before the tests that need them', () => {
    const names = namesOf([]);
    expect(names.slice(-4)).toEqual(['stack', 'unit', 'e2e', 'cluster']);
    expect(names).toContain('lint');
  });

  it('bring the stores up for the tests that need them, and for nothing else', () => {
    expect(namesOf(['--only', 'lint,names'])).toEqual(['names', 'lint']);
    for (const name of ['unit', 'e2e', 'cluster']) expect(namesOf(['--only', name])).toEqual(['stack', name]);
    expect(namesOf(['--only', 'stack'])).toEqual(['stack']);
  });

  it.each([[['unit']], [['--only']], [['--only', 'units']], [['--only', 'unit', 'e2e']]])('refuse %j', (args) => {
    expect(() => chosenChecks(args)).toThrow('Usage: npm test -- --only <part>');
  });
});
