import { pick } from '../../trials/random.ts';

/** Traditional characters of what the phrasebook says, each behind the simplified one. */
const TRADITIONAL =
  '们們欢歡养養厌厭颜顏机機脑腦电電车車华華为為爱愛现現过過过過敏敏药藥语語说說讲講会會学學业業职職师師护護医醫买買卖賣张張陈陳长長门門东東' +
  '国國书書画畫钢鋼琴琴鱼魚鸡雞猫貓岁歲时時间間钟鐘边邊远遠还還这這个個儿兒妈媽爷爺奶奶邮郵票票银銀行行课課级級号號码碼鞋鞋贵貴红紅绿綠蓝藍' +
  '黄黃橙橙钱錢给給让讓请請谁誰讨討厨廚务務员員总總飞飛订訂单單离離婚婚铁鐵轮輪开開关關见見觉覺听聽读讀写寫饭飯习習惯慣实實际際历歷乐樂';

const traditionalBySimplified = new Map(
  Array.from({ length: [...TRADITIONAL].length / 2 }, (_, index): [string, string] => {
    const characters = [...TRADITIONAL];
    return [characters[index * 2] ?? '', characters[index * 2 + 1] ?? ''];
  }),
);

const FULL_WIDTH_OFFSET = 0xfee0;
const fullWidth = (text: string): string =>
  text.replace(/[A-Za-z0-9]/gu, (character) => String.fromCharCode(character.charCodeAt(0) + FULL_WIDTH_OFFSET));
const withoutEnd = (text: string): string => text.replace(/[.。]$/u, '');

/** The same words in another dress: nothing of what they say differs. */
interface Variant {
  readonly name: string;
  readonly of: (text: string) => string;
}

const ENGLISH: readonly Variant[] = [
  { name: 'lower case', of: (text) => text.toLowerCase() },
  { name: 'upper case', of: (text) => text.toUpperCase() },
  { name: 'spaces', of: (text) => `  ${text.replaceAll(' ', '  ')} ` },
  { name: 'line feed', of: (text) => `${text}\n` },
  { name: 'no full stop', of: withoutEnd },
  { name: 'exclamation', of: (text) => `${withoutEnd(text)}!` },
  { name: 'ellipsis', of: (text) => `${withoutEnd(text)}...` },
  { name: 'full width', of: fullWidth },
  { name: 'curly apostrophe', of: (text) => (text.includes("'") ? text.replaceAll("'", '’') : `${withoutEnd(text)} .`) },
];

const CHINESE: readonly Variant[] = [
  { name: 'traditional', of: (text) => [...text].map((character) => traditionalBySimplified.get(character) ?? character).join('') },
  { name: 'spaces', of: (text) => ` ${text}  ` },
  { name: 'line feed', of: (text) => `${text}\n` },
  { name: 'no full stop', of: withoutEnd },
  { name: 'exclamation', of: (text) => `${withoutEnd(text)}！` },
  { name: 'half-width marks', of: (text) => text.replaceAll('。', '.').replaceAll('，', ',') },
  { name: 'full width', of: (text) => (/[A-Za-z0-9]/u.test(text) && !text.includes('@') ? fullWidth(text) : `${withoutEnd(text)}～`) },
  { name: 'double stop', of: (text) => `${withoutEnd(text)}。。` },
];

/** A random variant of a text that differs from it. */
export function variantOf(text: string, language: 'en' | 'zh', random: () => number): { readonly name: string; readonly text: string } {
  const dressed = (language === 'zh' ? CHINESE : ENGLISH).map(({ name, of }) => ({ name, text: of(text) }));
  return pick(
    random,
    dressed.filter((variant) => variant.text !== text),
  );
}
