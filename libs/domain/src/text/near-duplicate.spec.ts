import { nearDuplicate } from './near-duplicate.ts';

describe('nearDuplicate', () => {
  it.each([
    ['I drink green tea every morning', 'I really drink green tea every morning.'],
    ['I live in Paris', 'i am living in paris'.replace('paris', 'Paris')],
    ['Every morning I drink green tea', 'I drink green tea every morning'],
    ['我每天早上喝绿茶', '我每天早上都喝绿茶。'],
    ['我喜歡海鮮', '我喜欢海鲜'],
    ['我特别喜欢海鲜', '我特別喜歡海鮮'],
  ])('takes "%s" and "%s" for the same', (a, b) => {
    expect(nearDuplicate(a, b)).toBe(true);
    expect(nearDuplicate(b, a)).toBe(true);
  });

  it.each([
    ['I eat seafood', 'I do not eat seafood'],
    ['I eat seafood', "I don't eat seafood"],
    ['I have 2 cats', 'I have 3 cats'],
    [
      'I run 5 km every single day of the week before I go to work in the city',
      'I run 5 miles every single day of the week before I go to work in the city',
    ],
    ['I live in Paris', 'I live in Lyon'],
    ['Mia visited Ana in the garden house by the old river last year', 'Ana visited Mia in the garden house by the old river last year'],
    ['I take the pill before lunch', 'I take the pill after lunch'],
    [
      'I met my friend Mia at the station near the big old market in town',
      'I met my friend Lia at the station near the big old market in town',
    ],
    ['我吃海鲜', '我不吃海鲜'],
    ['我有两只猫', '我有三只猫'],
    ['我五月去北京', '我六月去北京'],
    ['I like tea', 'You like tea'],
    ['I am a teacher', 'I was a teacher'],
    ['I have a horse', 'I had a horse'],
    ['I play chess in a club', 'I played chess in a club'],
    ['I live by the sea', 'I will live by the sea'],
    ['My cat chases my dog', 'My dog chases my cat'],
  ])('keeps "%s" and "%s" apart', (a, b) => {
    expect(nearDuplicate(a, b)).toBe(false);
    expect(nearDuplicate(b, a)).toBe(false);
  });
});
