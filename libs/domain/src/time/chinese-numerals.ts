const DIGITS: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** Pattern of a number as it is written in Chinese text, in figures or characters. */
export const CHINESE_NUMBER = '(?:\\d{1,4}|[〇零一二两三四五六七八九十]{1,4})';

/** Reads 12, 十二, 二十, 两, 二〇二六; null for what is no number below 100 and no row of digits. */
export function readChineseNumber(text: string): number | null {
  if (/^\d+$/u.test(text)) return Number(text);
  const ten = /^(?<tens>[一二三四五六七八九])?十(?<units>[一二三四五六七八九])?$/u.exec(text);
  if (ten !== null) return (DIGITS[ten.groups?.['tens'] ?? '一'] ?? 1) * 10 + (DIGITS[ten.groups?.['units'] ?? '零'] ?? 0);
  let value = 0;
  for (const character of text) {
    const digit = DIGITS[character];
    if (digit === undefined) return null;
    value = value * 10 + digit;
  }
  return text.length === 0 ? null : value;
}
