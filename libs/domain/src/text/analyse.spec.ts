import { analyse, documentTerms } from './analyse.ts';
import { conceptsOf } from './concepts.ts';
import { queryTerms } from './query-terms.ts';

const common = (a: string, b: string): readonly string[] => analyse(a).filter((term) => analyse(b).includes(term));

describe('analyse', () => {
  it.each([
    ['travelling', 'travelled'],
    ['e-mail', 'email'],
    ["don't", 'don’t'],
    ['C++', 'c++'],
    ['3.14', '3.14'],
    ['10,000', '10000'],
    ['U.S.A.', 'USA'],
    ['Café', 'cafe'],
    ['ana@example.com', 'ana'],
    ['iPhone15', 'iphone 15'],
    ['vitamin-D', 'vitamin'],
    ['漢堡', '汉堡'],
    ['我去过广州', '广州'],
    ['我有一只猫', '猫'],
    ['我有一只猫', '猫叫什么'],
    ['京都に行きたい', '京都'],
    ['서울에서', '서울에'],
  ])('finds "%s" by "%s"', (document, query) => {
    expect(common(document, query)).not.toEqual([]);
  });

  it.each([
    ['C++', 'C#'],
    ['3.14', '314'],
    ['广州', '上海'],
    ['cat', 'category'],
  ])('does not find "%s" by "%s"', (document, query) => {
    expect(common(document, query)).toEqual([]);
  });

  it('keeps neighbouring characters together and longer words whole', () => {
    expect(analyse('去广州')).toEqual(expect.arrayContaining(['去广', '广州']));
    expect(analyse('我打羽毛球')).toContain('羽毛球');
    expect(queryTerms('हिन्दी').terms).toEqual(analyse('हिन्दी'));
  });

  it('gives terms of letters and digits only, whatever the text', () => {
    const text = `a"b'c (d) AND NOT c++ f# 3.14 ana.b+c@mail.example 我的"狗" 100% x_y ~z^ {q} [r]\u0000 👍 "ː" O'Neil é हिन्दी แลนด์`;
    for (const term of [...analyse(text), ...conceptsOf(text)]) expect(term).toMatch(/^[\p{L}\p{N}]+$/u);
  });

  it('cuts ASCII text as it cuts the same words among others', () => {
    const text = "I'd mail ana-maria@x.org about C++, 1,000.5 e-mails, U.S.A. and x2y.";
    expect(analyse(`${text} 猫`)).toEqual([...analyse(text), '猫']);
  });
});

describe('conceptsOf', () => {
  it.each([
    ['I have booked a trip to Guangzhou', 'city', 'travel'],
    ['我暑假定好去广州旅游', 'city', 'travel'],
    ['I choose 7 Days Inn', 'lodging', 'lodging'],
    ['我选七天', 'lodging', 'lodging'],
    ['Never suggest seafood', 'seafood', 'food'],
    ['不要给我推荐海鲜', 'seafood', 'food'],
    ['we moved to Lyon', 'home', 'city'],
    ['My sister Mia', 'siblings', 'family'],
  ])('sees in "%s" the topics %s and %s', (text, first, second) => {
    expect(conceptsOf(text)).toEqual(expect.arrayContaining([`conceptː${first}`, `conceptː${second}`]));
  });

  it.each(['hello', 'what is 2+2', 'look at this', '你好', 'I ate'])(
    'sees nothing about food or travel in "%s" that is not there',
    (text) => {
      expect(conceptsOf(text)).toEqual(text === 'I ate' ? ['conceptːfood'] : []);
    },
  );

  it('cannot be forged by a word of a text', () => {
    expect(analyse('conceptːfood')).not.toContain('conceptːfood');
  });
});

describe('queryTerms', () => {
  it('drops function words only when three content words remain', () => {
    expect(queryTerms('which tea?').terms).toEqual(['which', 'tea']);
    expect(queryTerms('which green tea does my sister Mia drink?').terms).toEqual(['green', 'tea', 'sister', 'mia', 'drink']);
  });

  it('cuts clauses at marks and joining words', () => {
    expect(queryTerms('find a city I like, and a hotel').clauses).toEqual([['citi'], ['hotel']]);
    expect(queryTerms('推荐个没去过的城市，和没住过的酒店').clauses).toHaveLength(2);
  });

  it('keeps the end of a very long query', () => {
    const words = Array.from({ length: 300 }, (_, index) => `word${index}x`).join(' ');
    const { terms } = queryTerms(words);
    expect(terms).toHaveLength(64);
    expect(terms).not.toContain('word0x');
    expect(terms).toContain('word299x');
  });

  it('has no content in a question of function words', () => {
    expect(queryTerms('what should I do with it?').contentTermCount).toBe(0);
    expect(queryTerms('这是什么？').contentTermCount).toBe(0);
  });
});

describe('documentTerms', () => {
  it('reads each field by itself and the topics of all', () => {
    const terms = documentTerms({ text: 'We moved to Lyon', keys: ['hotel'], source: '' });
    expect(terms.text).toEqual(['we', 'move', 'to', 'lyon']);
    expect(terms.keys).toEqual(['hotel']);
    expect(terms.source).toEqual([]);
    expect(terms.concepts).toEqual(expect.arrayContaining(['conceptːhome', 'conceptːcity', 'conceptːlodging']));
  });
});
