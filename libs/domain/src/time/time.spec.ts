import { readTimeExpressions, readTimeWindow, resolveRelativeDates } from './index.ts';

// A Saturday.
const NOW = Date.parse('2026-11-21T12:00:00Z');
const ZONE = 'Europe/Paris';
const iso = (ms: number): string => new Date(ms).toISOString();
const read = (text: string, reference = NOW, zone = 'UTC') =>
  readTimeExpressions(text, reference, zone).map(
    ({ start, end, range, grain }) =>
      `${text.slice(start, end)} | ${iso(range.from).slice(0, 10)} | ${iso(range.to).slice(0, 10)} | ${grain}`,
  );

describe('readTimeExpressions', () => {
  it.each([
    ['I was there last week', 'last week | 2026-11-09 | 2026-11-16 | week'],
    ["I'm off next week", 'next week | 2026-11-23 | 2026-11-30 | week'],
    ['I went last weekend', 'last weekend | 2026-11-14 | 2026-11-16 | day'],
    ['I started last month', 'last month | 2026-10-01 | 2026-11-01 | month'],
    ["I'll go next year", 'next year | 2027-01-01 | 2028-01-01 | year'],
    ['I met her yesterday', 'yesterday | 2026-11-20 | 2026-11-21 | day'],
    ["I'll fly the day after tomorrow", 'the day after tomorrow | 2026-11-23 | 2026-11-24 | day'],
    ['I moved three days ago', 'three days ago | 2026-11-18 | 2026-11-19 | day'],
    ['I moved two years ago', 'two years ago | 2024-01-01 | 2025-01-01 | year'],
    ['Our train will leave in two hours', 'in two hours | 2026-11-21 | 2026-11-22 | day'],
    ['上週我去了台北', '上週 | 2026-11-09 | 2026-11-16 | week'],
    ['We leave in two weeks', 'in two weeks | 2026-11-30 | 2026-12-07 | week'],
    ["I'm seeing her next Friday", 'next Friday | 2026-11-27 | 2026-11-28 | day'],
    ['I saw her last Friday', 'last Friday | 2026-11-20 | 2026-11-21 | day'],
    ['I got it on Monday', 'Monday | 2026-11-16 | 2026-11-17 | day'],
    ["I'll get it on Monday", 'Monday | 2026-11-23 | 2026-11-24 | day'],
    ['I was in Rome in March 2023', 'March 2023 | 2023-03-01 | 2023-04-01 | month'],
    ['I was in Rome in March', 'in March | 2026-03-01 | 2026-04-01 | month'],
    ["I'm going in May", 'in May | 2027-05-01 | 2027-06-01 | month'],
    ['I was born on 3 May 1990', 'on 3 May 1990 | 1990-05-03 | 1990-05-04 | day'],
    ['I have lived here since 2019', 'since 2019 | 2019-01-01 | 2020-01-01 | year'],
    ['We married last summer', 'last summer | 2026-06-01 | 2026-09-01 | season'],
    ['I go in summer 2028', 'summer 2028 | 2028-06-01 | 2028-09-01 | season'],
    ["I've booked a trip for the summer vacation", 'summer vacation | 2027-07-01 | 2027-09-01 | month'],
    ['We plan it for the National Day holiday', 'National Day holiday | 2027-10-01 | 2027-10-08 | day'],
    ['I was home for Christmas', 'Christmas | 2025-12-25 | 2025-12-26 | day'],
    ['My flight is on June 5th', 'June 5th | 2027-06-05 | 2027-06-06 | day'],
    ['上周我去了北京', '上周 | 2026-11-09 | 2026-11-16 | week'],
    ['下周五出差', '下周五 | 2026-11-27 | 2026-11-28 | day'],
    ['我周五要出差', '周五 | 2026-11-27 | 2026-11-28 | day'],
    ['上周末去爬山了', '上周末 | 2026-11-14 | 2026-11-16 | day'],
    ['明天开会', '明天 | 2026-11-22 | 2026-11-23 | day'],
    ['大后天走', '大后天 | 2026-11-24 | 2026-11-25 | day'],
    ['下个月搬家', '下个月 | 2026-12-01 | 2027-01-01 | month'],
    ['下个月15号搬家', '下个月15号 | 2026-12-15 | 2026-12-16 | day'],
    ['去年夏天结婚了', '去年夏天 | 2025-06-01 | 2025-09-01 | season'],
    ['三天前到的', '三天前 | 2026-11-18 | 2026-11-19 | day'],
    ['两年前搬到上海', '两年前 | 2024-01-01 | 2025-01-01 | year'],
    ['2026年5月去的', '2026年5月 | 2026-05-01 | 2026-06-01 | month'],
    ['二〇二五年十二月三日', '二〇二五年十二月三日 | 2025-12-03 | 2025-12-04 | day'],
    ['明年三月要去法国', '明年三月 | 2027-03-01 | 2027-04-01 | month'],
    ['春节要回家', '春节 | 2027-02-06 | 2027-02-13 | day'],
    ['我暑假定好去广州', '暑假 | 2027-07-01 | 2027-09-01 | month'],
    ['国庆去了西安', '国庆 | 2026-10-01 | 2026-10-08 | day'],
    ['2024年国庆去了西安', '2024年国庆 | 2024-10-01 | 2024-10-08 | day'],
    ['见面 next Friday 可以', 'next Friday | 2026-11-27 | 2026-11-28 | day'],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  it.each([
    'I have three days left',
    'I lived there for three years',
    'every summer I swim',
    'I went there every Christmas',
    'My birthday is June 5th',
    'May I ask',
    'I sat in the sun',
    'It cost 2023 dollars',
    'I love swimming in summer',
    '我每年夏天都去',
    '我有三个月的假',
    '一周两次',
    '5/6/2026 or so',
    'I ran the marathon in 4 hours 12 minutes',
    'In two hours I cooked dinner for six',
    'I finished it in 30 minutes',
    'In 4 weeks I lost 5 kg',
    'I lived there for three weeks',
  ])('finds no date in: %s', (text) => {
    expect(read(text)).toEqual([]);
  });

  it('reads a clock time with its day in the zone, on both sides of a change of the clock', () => {
    const ranges = (text: string, at: string) => readTimeExpressions(text, Date.parse(at), ZONE).map(({ range }) => iso(range.from));
    expect(ranges('tomorrow at 5pm', '2026-10-24T10:00:00Z')).toEqual(['2026-10-25T16:00:00.000Z']);
    expect(ranges('明天下午三点半', '2026-03-28T10:00:00Z')).toEqual(['2026-03-29T13:30:00.000Z']);
  });

  it('reads no more of a text than anyone needs to name a date', () => {
    expect(read(`yesterday ${'x '.repeat(2_000)}tomorrow`)).toEqual(['yesterday | 2026-11-20 | 2026-11-21 | day']);
  });

  it('counts a day of 25 hours as one day', () => {
    const [expression] = readTimeExpressions('yesterday', Date.parse('2026-10-26T10:00:00Z'), ZONE);
    expect(expression && (expression.range.to - expression.range.from) / 3_600_000).toBe(25);
  });

  it('takes "today" from the zone, not from the server', () => {
    const late = Date.parse('2026-11-21T20:00:00Z');
    expect(iso(readTimeExpressions('今天', late, 'Asia/Shanghai')[0]?.range.from ?? 0)).toBe('2026-11-21T16:00:00.000Z');
  });
});

describe('resolveRelativeDates', () => {
  it.each([
    ['we moved to Lyon last week', 'we moved to Lyon last week (week of 2026-11-09)'],
    ['明天开会', '明天（2026-11-22）开会'],
    ['I started last month', 'I started last month (October 2026)'],
    ['see you next Friday at 5pm', 'see you next Friday at 5pm (2026-11-27 17:00)'],
    ['I flew home for Christmas', 'I flew home for Christmas (2025-12-25)'],
    ['last weekend was fun', 'last weekend (2026-11-14 to 2026-11-15) was fun'],
    ['去年夏天结婚了', '去年夏天（2025年夏天）结婚了'],
    ['我暑假定好去广州旅游', '我暑假（2027年7月至8月）定好去广州旅游'],
    ['I was in Rome in March 2023', 'I was in Rome in March 2023'],
    ['2026年5月去的', '2026年5月去的'],
    ['nothing here', 'nothing here'],
  ])('%s', (text, expected) => {
    expect(resolveRelativeDates(text, NOW, ZONE)).toBe(expected);
    expect(resolveRelativeDates(expected, NOW, ZONE)).toBe(expected);
  });

  it('keeps every word of the text in its order', () => {
    const text = 'Last week I met Ann, tomorrow I fly, 后天 I rest';
    expect(resolveRelativeDates(text, NOW, ZONE).replace(/ \([^)]*\)|（[^）]*）/gu, '')).toBe(text);
  });
});

describe('readTimeWindow', () => {
  it.each([
    ['what did I do last month', '2026-10-01', '2026-11-01', 'event'],
    ['what did I tell you last week', '2026-11-09', '2026-11-16', 'said'],
    ['上个月我说了什么', '2026-10-01', '2026-11-01', 'said'],
    ['国庆去哪玩了', '2026-10-01', '2026-10-08', 'event'],
    ['news in March', '2026-03-01', '2026-04-01', 'either'],
    ['where did I live before 2020', '1970-01-01', '2020-01-01', 'event'],
    ['what happened since March', '2026-03-01', '2026-11-21', 'event'],
  ])('%s', (query, from, to, about) => {
    const window = readTimeWindow(query, NOW, 'UTC');
    expect(window && [iso(window.range.from).slice(0, 10), iso(window.range.to).slice(0, 10), window.about]).toEqual([from, to, about]);
  });

  it('reads "recently" as the weeks before now', () => {
    expect(readTimeWindow('最近我在忙什么', NOW, 'UTC')?.range.to).toBe(NOW + 1);
  });

  it('is null for a query without a time', () => {
    expect(readTimeWindow('where do I live?', NOW, 'UTC')).toBeNull();
  });
});
