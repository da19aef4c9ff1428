import { detectLanguage } from './language.ts';

describe('detectLanguage', () => {
  it.each([
    ['I drink green tea every morning', 'en'],
    ['ok', 'en'],
    ['', 'en'],
    ['42', 'en'],
    ['I like 火锅 a lot', 'en'],
    ['我每天早上喝绿茶', 'zh'],
    ['我喜歡喝綠茶', 'zh'],
    ['我在 Google 上班', 'zh'],
    ['我住广州', 'zh'],
    ['京都に行きたいです', 'ja'],
    ['猫が好き', 'ja'],
    ['Ich wohne in Berlin und arbeite bei der Post', 'other'],
    ['Я живу в Москве', 'other'],
    ['나는 서울에 살아요', 'other'],
  ])('reads "%s" as %s', (text, language) => {
    expect(detectLanguage(text)).toBe(language);
  });
});
