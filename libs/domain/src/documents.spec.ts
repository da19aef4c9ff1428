import { passageOf } from './documents.ts';

describe('passageOf', () => {
  const turn = { kind: 'turn', keys: ['Ana'], text: 'We went rowing', statedAt: Date.UTC(2025, 4, 8, 23, 59) } as const;

  it('says when a turn was said, and by whom', () => {
    expect(passageOf(turn)).toBe('[8 May 2025] Ana: We went rowing');
    expect(passageOf({ ...turn, keys: [] })).toBe('[8 May 2025] We went rowing');
  });

  it('writes the day in the manner of the text', () => {
    expect(passageOf({ ...turn, keys: [], text: '我们去划船了' })).toBe('[2025年5月8日] 我们去划船了');
  });

  it('leaves a memory as it is: its text says when', () => {
    expect(passageOf({ ...turn, kind: 'fact' })).toBe('We went rowing');
  });
});
