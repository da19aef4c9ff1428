import { quotedIn, recallableWords, statementsIn } from './turn-words.ts';

const left = (content: string, ...withheld: readonly string[]) => recallableWords({ content, withheld });

describe('recallableWords', () => {
  it('is all of a message of which nothing is withheld', () => {
    expect(left('  I live in Lyon. ')).toBe('  I live in Lyon. ');
    expect(left('Hi')).toBe('Hi');
  });

  it('leaves out the sentence that is withheld, with its marks', () => {
    expect(left('I live in Lyon. The folder lies in the drawer.', 'I live in Lyon')).toBe('The folder lies in the drawer.');
    expect(left('The folder lies in the drawer!\nI live in Lyon…\nBye for now', 'I live in Lyon')).toBe(
      'The folder lies in the drawer!\nBye for now',
    );
    expect(left('我住在里昂。蓝色文件夹在抽屉里。', '我住在里昂')).toBe('蓝色文件夹在抽屉里。');
  });

  it('never leaves half of a sentence', () => {
    expect(left('I live in Lyon, and so does Sue. The folder lies in the drawer.', 'I live in Lyon')).toBe(
      'The folder lies in the drawer.',
    );
    expect(left('We met at 3.5 km. The folder lies in the drawer.', 'met at 3')).toBe('The folder lies in the drawer.');
  });

  it('leaves out every sentence of a quote that spans several, and every place where it stands', () => {
    expect(left('I moved. To Lyon. The folder lies in the drawer. I moved. To Lyon.', 'I moved. To Lyon')).toBe(
      'The folder lies in the drawer.',
    );
  });

  it('finds a quote whatever its white space and capitals, and whatever it is made of', () => {
    expect(left('I  live\nin Lyon. The folder lies in the drawer.', 'i live in lyon')).toBe('The folder lies in the drawer.');
    expect(left('It is [a] (b) c-d/e+f*? The folder lies in the drawer.', '[a] (b) c-d/e+f*')).toBe('The folder lies in the drawer.');
  });

  it('is nothing where no statement is left', () => {
    expect(left('I live in Lyon.', 'I live in Lyon')).toBeNull();
    expect(left('Hi there! I live in Lyon. Thanks.', 'I live in Lyon')).toBeNull();
    expect(left('我住在里昂。谢谢。', '我住在里昂')).toBeNull();
  });

  it('keeps a number however short', () => {
    expect(left('I live in Lyon. PIN 4711.', 'I live in Lyon')).toBe('PIN 4711.');
  });
});

describe('quotedIn', () => {
  it('is what stands in the message', () => {
    expect(quotedIn('I live in Lyon.', ['I live in Lyon', 'i LIVE', 'in Paris', '', ' '])).toEqual(['I live in Lyon', 'i LIVE']);
  });
});

describe('statementsIn', () => {
  it('is the text and each sentence of it, once', () => {
    expect(statementsIn(' I live in Lyon. It is 3.5 km! … ')).toEqual([
      'I live in Lyon. It is 3.5 km! …',
      'I live in Lyon.',
      'It is 3.5 km!',
    ]);
    expect(statementsIn('I live in Lyon')).toEqual(['I live in Lyon']);
    expect(statementsIn('?!')).toEqual([]);
  });
});
