import { withoutEnd } from './without-end.ts';

describe('a text without its end', () => {
  it.each([
    ['I live in Oslo.', 'I live in Oslo'],
    ['Oslo! . \n!', 'Oslo'],
    ['我住在里昂。 ', '我住在里昂'],
    ['3.5 km', '3.5 km'],
    ['. !', ''],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(withoutEnd(text, '.!。')).toBe(expected);
  });

  it('looks at nothing twice, however long a run inside it is', () => {
    const text = `a${' .'.repeat(1_000_000)}b`;
    expect(withoutEnd(text, '.')).toBe(text);
  });
});
