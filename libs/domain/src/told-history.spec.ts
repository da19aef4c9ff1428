import { SINGLE_OVERLAP_MS } from './message-identity.ts';
import { recogniseTold } from './told-history.ts';

const NOW = Date.UTC(2026, 4, 1, 12);

const said = (line: string) => ({
  role: line.startsWith('A') || line === 'ok' ? ('assistant' as const) : ('user' as const),
  content: line,
  parts: null,
});

/** What is recognised of the told lines and of the question, the last of them. */
const recognise = (stored: readonly string[], lines: readonly string[], ageMs = 60 * 60_000): readonly (number | null)[] =>
  recogniseTold(
    stored.map((line) => ({ ...said(line), createdAt: NOW - ageMs })),
    { told: lines.slice(0, -1).map(said), question: said(lines.at(-1) ?? '') },
    NOW,
  );

describe('A told history', () => {
  it('that grew is held but for its question', () => {
    expect(recognise(['Q1', 'A1'], ['Q1', 'A1', 'Q2'])).toEqual([0, 1, null]);
    expect(recognise([], ['Q1', 'A1', 'Q2'])).toEqual([null, null, null]);
  });

  it('is held with the question that is asked again for another answer', () => {
    expect(recognise(['Q1', 'A1', 'Q2', 'A2'], ['Q1', 'A1', 'Q2'])).toEqual([0, 1, 2]);
    expect(recognise(['Q1', 'A1', 'Q2', 'A2', 'Q2b', 'A2b'], ['Q1', 'A1', 'Q2b'])).toEqual([0, 1, 4]);
  });

  it('is held without the question that was edited, and afterwards without what the edit left out', () => {
    expect(recognise(['Q1', 'A1', 'Q2', 'A2'], ['Q1', 'A1', 'Q2b'])).toEqual([0, 1, null]);
    expect(recognise(['Q1', 'A1', 'Q2', 'A2', 'Q2b', 'A2b'], ['Q1', 'A1', 'Q2b', 'A2b', 'Q3'])).toEqual([0, 1, 4, 5, null]);
    expect(recognise(['Q1', 'A1', 'Q2', 'A2', 'A2b'], ['Q1', 'A1', 'Q2', 'A2b', 'Q3'])).toEqual([0, 1, 2, 4, null]);
  });

  it('is held without its head', () => {
    expect(recognise(['Q1', 'A1', 'Q2', 'A2', 'Q3', 'A3'], ['A2', 'Q3', 'A3', 'Q4'])).toEqual([3, 4, 5, null]);
  });

  it('is new where nothing equal stands after what is held', () => {
    expect(recognise(['Q1', 'A1', 'Q2', 'A2'], ['Q2', 'A1', 'Q9', 'A2', 'Q3'])).toEqual([2, null, null, 3, null]);
    expect(recognise(['A1', 'Q1'], ['A1', 'A9', 'Q1'])).toEqual([0, null, null]);
  });

  it('keeps a question that is said again in a later turn', () => {
    expect(recognise(['Q', 'ok', 'Q', 'ok'], ['Q', 'ok', 'Q', 'ok', 'Q'])).toEqual([0, 1, 2, 3, null]);
    expect(recognise(['Q', 'ok', 'Q', 'ok'], ['Q', 'ok', 'Q'])).toEqual([0, 1, null]);
  });

  it('that is empty holds its question for ten minutes', () => {
    expect(recognise(['Q1', 'A1'], ['Q1'], SINGLE_OVERLAP_MS - 1)).toEqual([0]);
    expect(recognise(['Q1', 'A1'], ['Q1'], SINGLE_OVERLAP_MS)).toEqual([null]);
    expect(recognise(['Q1', 'A1', 'Q2', 'A2'], ['Q2'], 1)).toEqual([null]);
  });
});
