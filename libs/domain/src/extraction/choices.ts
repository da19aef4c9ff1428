import type { Message } from '../message.ts';
import { clausesOf, type Clause } from './clauses.ts';
import { optionsOf } from './options.ts';

/** A choice that the speaker made, understood with the turn before it. */
export interface Choice {
  readonly option: string;
  /** What the clause says, made a sentence of the speaker's. */
  readonly statement: string;
  /** What was chosen among ("chain hotels") and for what ("trip to Guangzhou"), in words of the question. */
  readonly category: string | null;
  readonly occasion: string | null;
  readonly asked: Message | null;
  readonly askedQuote: string;
  readonly offered: Message;
}

const ENGLISH_CHOICE =
  /^(?:(?:I|we)(?:['’]ll| will| would|['’]d| want to| am going to|['’]m going to)?(?: like to| just| rather| actually| probably)? (?:take|choose|chose|pick|picked|go with|went with|go for|going with|select|opt for|book|want|prefer|have|decided on|stay (?:at|in))|(?:I['’]m|I am|we['’]re) (?:going|choosing|taking|picking)(?: with| for)?|let['’]s (?:go with|take|do|book|pick)|(?:please )?(?:book|choose|select|take|pick)|my choice is|give me|make it) (?<what>.+?)(?:,? (?:please|then|thanks|thank you|instead))*$/iu;
const ENGLISH_BARE =
  /^(?<what>.+?)(?:,? (?:please|then|it is|sounds (?:good|great|perfect|nice)|thanks|thank you|for me|works for me|would be (?:great|good|nice)))+$/iu;
const CHINESE_CHOICE =
  /^(?:我|我们)?(?:那|就|想|要|还是|决定|最后|打算|准备)*(?:选择?|选了|要|订|定|住|去|挑|用|买)(?:了)?(?<what>.+?)(?:吧|好了|了|呀|啊|就行|谢谢)*$/u;
const CHINESE_BARE = /^(?:那|就|还是|那就|那还是)*(?<what>.+?)(?:吧|就好|就行|好了)*$/u;

const ORDINALS: Readonly<Record<string, number>> = {
  first: 0,
  '1st': 0,
  former: 0,
  second: 1,
  '2nd': 1,
  latter: -1,
  third: 2,
  '3rd': 2,
  fourth: 3,
  '4th': 3,
  fifth: 4,
  '5th': 4,
  last: -1,
  final: -1,
};
const NUMBERS: Readonly<Record<string, number>> = { one: 0, two: 1, three: 2, four: 3, five: 4 };
const CHINESE_NUMBERS = '一二三四五六七八九';

/** The place in the list that words name; -1 is the last, null none. */
function placeNamed(words: string): number | null {
  const english =
    /^(?:the )?(?<word>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last|final|former|latter)(?: (?:one|option|choice|hotel|suggestion|\p{L}+))?$/iu.exec(
      words,
    )?.groups?.['word'];
  if (english !== undefined) return ORDINALS[english.toLowerCase()] ?? null;
  const numbered = /^(?:(?:option|number|no\.?|choice) ?|#)(?<number>\d|one|two|three|four|five)$/iu.exec(words)?.groups?.['number'];
  if (numbered !== undefined) return NUMBERS[numbered.toLowerCase()] ?? Number(numbered) - 1;
  const chinese =
    /^(?:第(?<number>[一二三四五六七八九\d])[个家种款项间套条]?|(?<last>最后[一那这]?[个家种款项]|后者)|(?<former>前者))(?:酒店|选项|方案)?$/u.exec(
      words,
    )?.groups;
  if (chinese === undefined) return null;
  if (chinese['last'] !== undefined) return -1;
  if (chinese['former'] !== undefined) return 0;
  const number = chinese['number'] ?? '';
  return /\d/u.test(number) ? Number(number) - 1 : CHINESE_NUMBERS.indexOf(number);
}

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^(?:the|a|an) /u, '')
    .replace(/[\s'’"“”.-]/gu, '');

/** The one option that the words name in full, or by a part that names no other. */
function optionNamed(words: string, options: readonly string[]): string | null {
  const said = fold(words);
  if (said === '') return null;
  const exact = options.filter((option) => fold(option) === said);
  if (exact.length === 1) return exact[0] ?? null;
  const chinese = /\p{Script=Han}/u.test(words);
  const fits = options.filter((option) => {
    const folded = fold(option);
    if (chinese)
      return (
        folded.length >= 2 && said.length >= 2 && ((said.includes(folded) && said.length <= folded.length + 4) || folded.startsWith(said))
      );
    return (
      (said.length >= 3 && folded.startsWith(said)) ||
      (folded.length >= 3 && said.startsWith(folded) && words.split(/\s+/u).length <= option.split(/\s+/u).length + 1)
    );
  });
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

interface Words {
  readonly what: string;
  /** Said with a verb of choosing, so that a list further back may be meant. */
  readonly outright: boolean;
}

function wordsOfChoice(clause: Clause, alone: boolean): readonly Words[] {
  const { text } = clause;
  const outright = (clause.language === 'zh' ? CHINESE_CHOICE : ENGLISH_CHOICE).exec(text)?.groups?.['what'];
  const polite = (clause.language === 'zh' ? CHINESE_BARE : ENGLISH_BARE).exec(text)?.groups?.['what'];
  const words = outright === undefined ? [] : [{ what: outright, outright: true }];
  // A bare name may only be talked about; it chooses when it is all that was said, or said as a wish.
  if (polite !== undefined && (alone || polite !== text)) words.push({ what: polite, outright: false });
  else if (alone || placeNamed(text) !== null) words.push({ what: text, outright: false });
  return words;
}

const ENGLISH_CATEGORY =
  /\b(?:which|what|any|some|recommend(?: me)?|suggest(?: me)?|good|best|find(?: me)?|need|looking for)\s+(?:are (?:the |some )?|kinds? of |sort of |other )?(?:a |an |the |some |any |good |nice |best )*(?<category>[\p{L} -]{3,30}?)(?=\s+(?:are|is|do|does|can|could|should|would|to|in|for|near|at|around|there|available|with|that|i)\b|\s*$)/iu;
const CHINESE_CATEGORY =
  /(?:哪些|什么|哪个|哪家|哪几家|有没有|推荐(?:一下|几个|个|几家|一些|一家)?|一些|几家)(?:好的?|好吃的?|好玩的?|便宜的?|合适的?)?(?<category>[\p{Script=Han}]{2,8}?)(?=可以?选|可选|可以|比较|值得|推荐|好|吗|呢|啊|$)/u;
const ENGLISH_OCCASION =
  /\b(?<occasion>(?:trip|visit|flight|vacation|holiday|journey|tour|move|wedding|party|dinner|weekend|stay|conference) (?:to|in|for|at|with) \p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*)*)/u;

/** What is to be done next is no choice, even where the answer before spoke of it. */
const ASKS_FOR_WORK =
  /^(?:please )?(?:help|tell|explain|translate|summari[sz]e|ignore|write|show|what)\b|^(?:请|麻烦)?(?:你)?(?:帮|给我(?:写|讲|看|翻)|告诉|翻译|总结|解释|忽略|写)/iu;

/** Words of asking that name no kind of thing. */
const NO_CATEGORY = /^(?:推荐|建议|选择|好的|意见|想法|suggestions?|recommendations?|ideas?|advice|options?|ones?)$/iu;

const questionOf = (message: Message): Clause | undefined =>
  clausesOf(message.content).findLast((clause) => clause.asks || /推荐|帮我|recommend|suggest/iu.test(clause.text));

/** Finds the option that a clause chooses out of what the assistant offered just before, or, when chosen outright, a little earlier. */
export function choiceIn(
  clause: Clause,
  alone: boolean,
  before: readonly Message[],
  occasionOf: (message: Message) => string | null,
): Choice | null {
  if (clause.asks || clause.text.length > 80 || ASKS_FOR_WORK.test(clause.text)) return null;
  const spoken = before.filter((message) => message.role === 'user' || message.role === 'assistant');
  for (const { what, outright } of wordsOfChoice(clause, alone)) {
    const place = placeNamed(what);
    const offers = spoken.slice(outright ? -8 : -1).filter((message) => message.role === 'assistant');
    for (const offered of offers.toReversed()) {
      const options = optionsOf(offered.content);
      if (options.length === 0) continue;
      const option = place === null ? optionNamed(what, options) : (options.at(place) ?? null);
      if (option === null || !offered.content.includes(option)) {
        if (place !== null) break;
        continue;
      }
      return describe({ option, statement: statementOf(clause, option, outright), offered }, spoken, occasionOf);
    }
  }
  return null;
}

function statementOf(clause: Clause, option: string, outright: boolean): string {
  const named = fold(clause.text).includes(fold(option));
  if (clause.language === 'zh') {
    const said =
      outright && /^(?:我|就|那)?/u.test(clause.text) ? (clause.text.startsWith('我') ? clause.text : `我${clause.text}`) : `我选${option}`;
    return named || !outright ? said : `${said}：${option}`;
  }
  const said =
    outright && /^(?:I|we|my)\b/iu.test(clause.text)
      ? clause.text.replace(/(?:,? (?:please|thanks|thank you))+$/iu, '')
      : `I choose ${option}`;
  return named || said.endsWith(option) ? said : `${said}: ${option}`;
}

function describe(
  made: Pick<Choice, 'option' | 'statement' | 'offered'>,
  spoken: readonly Message[],
  occasionOf: (message: Message) => string | null,
): Choice {
  const asked = spoken.slice(0, spoken.indexOf(made.offered)).findLast((message) => message.role === 'user') ?? null;
  const question = asked === null ? undefined : questionOf(asked);
  const pattern = question?.language === 'zh' ? CHINESE_CATEGORY : ENGLISH_CATEGORY;
  const named = question === undefined ? null : (pattern.exec(question.text)?.groups?.['category']?.trim() ?? null);
  const category = named === null || NO_CATEGORY.test(named) ? null : named;
  const said = asked === null ? null : (ENGLISH_OCCASION.exec(asked.content)?.groups?.['occasion'] ?? occasionOf(asked));
  const occasion = said !== null && category?.includes(said) === true ? null : said;
  return { ...made, category, occasion, asked, askedQuote: question?.text ?? '' };
}
