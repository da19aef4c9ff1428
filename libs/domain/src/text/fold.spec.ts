import { normaliseText, statementKey, withoutAccents } from './fold.ts';

describe('normaliseText', () => {
  it('makes width, case, white space and traditional characters equal', () => {
    expect(normaliseText('  Ｉ  LIVE\nin Ｐａｒｉｓ ')).toBe('i live in paris');
    expect(normaliseText('我喜歡喝綠茶')).toBe(normaliseText('我喜欢喝绿茶'));
  });

  it('keeps punctuation and accents', () => {
    expect(normaliseText('Café, please!')).toBe('café, please!');
    expect(normaliseText('Cafe please')).not.toBe(normaliseText('Café please'));
  });
});

describe('statementKey', () => {
  it('drops punctuation and quotation marks', () => {
    expect(statementKey('I live in Paris!')).toBe(statementKey('“I live in Paris.”'));
    expect(statementKey('我选【七天】。')).toBe(statementKey('我选七天'));
    expect(statementKey("don't")).toBe(statementKey('don’t'));
  });

  it.each([
    ['I owe 3.14 euros', 'I owe 314 euros'],
    ['I write C', 'I write C++'],
    ['I write C#', 'I write C'],
    ['it is -5 degrees', 'it is 5 degrees'],
    ['10% off', '10 off'],
    ['I live in Paris', 'I live in Lyon'],
    ['on 2026-11-21', 'on 2026 11 21'],
  ])('tells "%s" from "%s"', (a, b) => {
    expect(statementKey(a)).not.toBe(statementKey(b));
  });

  it('keeps a text of signs alone as it is', () => {
    expect(statementKey('?!')).toBe('?!');
    expect(statementKey('👍')).not.toBe(statementKey('👎'));
  });
});

describe('withoutAccents', () => {
  it('leaves Japanese voicing marks alone', () => {
    expect(withoutAccents('café')).toBe('cafe');
    expect(withoutAccents('が')).toBe('が');
  });
});
