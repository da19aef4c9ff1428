import { momentOf } from '../recall-set.ts';
import { dayOf } from './data-files.ts';
import { cleanEvidence } from './locomo.ts';
import { dayNamedIn } from './memorybank.ts';
import { ablations } from '../row-plans.ts';

describe('what annotators wrote', () => {
  const known = new Set(['D1:2', 'D8:6', 'D9:17', 'D11:26']);

  it('is read as ids of turns however it is written, each once', () => {
    expect(cleanEvidence(['D8:6; D9:17'], known)).toEqual(['D8:6', 'D9:17']);
    expect(cleanEvidence(['D:11:26', 'D01:02', 'D1:2'], known)).toEqual(['D11:26', 'D1:2']);
  });

  it('does not count where there is no such turn', () => {
    expect(cleanEvidence(['D', 'D10:19'], known)).toEqual([]);
  });
});

describe('days', () => {
  it('are read with the name of their month', () => {
    expect(dayOf('8 May, 2023')).toBe('2023-05-08');
    expect(dayOf('March-15-2024')).toBe('2024-03-15');
    expect(() => dayOf('soon')).toThrow('not a day');
  });

  it('that a question names are found in both languages', () => {
    expect(dayNamedIn('On May 6th, I read a book.')).toBe('-05-06');
    expect(dayNamedIn('在4月28号你说了什么？')).toBe('-04-28');
    expect(dayNamedIn('What may I have said 3 times?')).toBeNull();
  });

  it('become moments', () => {
    expect(momentOf('2025-03-08', 23, 3_605)).toBe('2025-03-09 00:00:05');
    expect(() => momentOf('yesterday', 1, 0)).toThrow('not a day');
  });
});

describe('ablations', () => {
  const signals = ['words', 'vectors', 'date', 'collapse'];

  it('leave every signal out once, and all rules together', () => {
    expect(ablations('all', signals).map(({ name, without }) => [name, without.join('+')])).toEqual([
      ['vectors only', 'words'],
      ['words only', 'vectors'],
      ['without date', 'date'],
      ['without collapse', 'collapse'],
      ['no rules', 'date'],
    ]);
  });

  it('leave out what is named, one row each, or joined', () => {
    expect(ablations('date,words+date', signals).map(({ without }) => without)).toEqual([['date'], ['words', 'date']]);
    expect(ablations('', signals)).toEqual([]);
    expect(() => ablations('mood', signals)).toThrow('--ablate names mood');
  });
});
