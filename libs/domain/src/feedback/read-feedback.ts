import { isSmallTalk } from '../extraction/talk.ts';
import { LONGEST_READ } from '../text/longest-read.ts';
import { withoutEnd } from '../text/without-end.ts';
import { replacementIn, type KeywordReplacement } from './replacements.ts';
import { deniedIn } from './denials.ts';

/** One sentence of a feedback, and what it asks for. At most one of `replacement` and `denied` is there. */
export interface FeedbackPart {
  readonly replacement: KeywordReplacement | null;
  /** What is said not to hold, said as if it did: "I lived in Paris"; null: nothing. */
  readonly denied: string | null;
  /** What it states, without the words that only correct ("No, …", "should be"); empty: nothing. */
  readonly statement: string;
}

export interface FeedbackReading {
  readonly parts: readonly FeedbackPart[];
  /** True when its words say that something known is wrong. */
  readonly corrects: boolean;
}

const MOST_SENTENCES = 40;
/** A longer sentence is only what it states: nobody orders or denies at such length, and patterns would take their time over it. */
const LONGEST_SENTENCE = 400;

const ENGLISH_LEAD =
  /^(?:(?:no|nope|nah|wrong|incorrect|not (?:quite|right|true|correct)|that(?:['’]s| is| was)(?: just| simply)? (?:wrong|incorrect|not (?:quite )?(?:right|true|correct)|false|untrue|a mistake)|you(?:['’]re| are| were) (?:wrong|mistaken)|(?:this|it)(?:['’]s| is) (?:wrong|incorrect|not (?:right|true|correct))|you (?:got|have) (?:it|that) wrong|actually|in fact|correction|i meant(?: to say)?)(?![\p{L}\p{N}'’])[\s,.:;!—–-]*)/iu;
const CHINESE_LEAD =
  /^(?:不对|不是的|不是这样的?|错了|你?(?:说|记|搞|弄)错了|你错了|这?不正确|这不对|那不对|不[，,]|不准确|更正一下|更正|纠正一下|纠正|其实|实际上|事实上)[，,。：:；;！!\s]*/u;
const POLITE =
  /^(?:please|kindly|sorry|hey|hi|well(?=,)|oops|thanks|thank you|ok|okay|by the way|fyi|note|请你?|麻烦你?|抱歉|不好意思|帮我|你好|谢谢)(?!\p{Script=Latin})[\s,.:!，。：！]*/iu;
const SHOULD_BE = /\bshould (?:be|have been|read|say)\b/iu;
const CHINESE_SHOULD_BE = /应该?(?:当)?是|应为/u;

/** What a feedback asks for, in English and Chinese, as far as rules can tell. */
export function readFeedback(content: string): FeedbackReading {
  const parts: FeedbackPart[] = [];
  let corrects = false;
  for (const sentence of sentencesOf(content.slice(0, LONGEST_READ))) {
    const { rest, leads } = withoutLeads(sentence);
    corrects ||= leads;
    if (rest === '' || isSmallTalk(rest) || PRAISE.test(rest)) continue;
    if (rest.length > LONGEST_SENTENCE) {
      parts.push({ replacement: null, denied: null, statement: rest });
      continue;
    }
    const replacement = replacementIn(rest);
    if (replacement !== null) {
      corrects = true;
      parts.push({ replacement: replacement.keywords, denied: null, statement: replacement.statement });
      continue;
    }
    corrects ||= SHOULD_BE.test(rest) || CHINESE_SHOULD_BE.test(rest);
    for (const clause of clausesOf(rest)) {
      const denied = deniedIn(clause);
      corrects ||= denied !== null;
      parts.push({ replacement: null, denied, statement: asStatement(clause) });
    }
  }
  return { parts, corrects };
}

/** "Great answer", 回答得很好: a judgement of the assistant, not of what it knows. */
const PRAISE =
  /^(?:(?:that|this|it)(?:['’]s| is| was)? )?(?:(?:a |an )?(?:very |really |so |absolutely )?(?:great|good|nice|perfect|excellent|helpful|awesome|amazing|wonderful|correct|right|bad|poor|useless|terrible)(?: (?:answer|reply|response|job|work|one|suggestion))?|well done|love it|i (?:like|love) (?:it|this|that|your (?:answer|reply|response)))[\s!.]*$|^(?:你?(?:回答|答)得?(?:很|真|非常|太)?(?:好|棒|不错|对|差)|(?:很|真|非常|太)(?:好|棒|有用|有帮助|不错)|不错|没问题|赞)[了啊呀的！!。\s]*$/iu;

const sentencesOf = (content: string): readonly string[] =>
  content
    .split(/(?<=[.!?])\s+|[。！？；\n]+/u)
    .map((sentence) => withoutEnd(sentence, '.!?').trim())
    .filter((sentence) => sentence !== '')
    .slice(0, MOST_SENTENCES);

function withoutLeads(sentence: string): { readonly rest: string; readonly leads: boolean } {
  let rest = sentence;
  let leads = false;
  for (;;) {
    const polite = rest.replace(POLITE, '');
    const bare = polite.replace(ENGLISH_LEAD, '').replace(CHINESE_LEAD, '');
    leads ||= bare !== polite;
    if (bare === rest) return { rest, leads };
    rest = bare;
  }
}

/** Two things said in one sentence: "I don't live in Paris, I live in Lyon", 我不住巴黎，我住里昂. */
const clausesOf = (sentence: string): readonly string[] =>
  sentence
    .split(
      /(?:,|;)\s+(?:but |and )?(?=(?:I|we|my|our|he|she|it|they)\b)|\s+but (?=(?:I|we|my|our|he|she|it|they)\b)|[，,](?=(?:我|他|她|它|而是|但))/iu,
    )
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');

const asStatement = (clause: string): string =>
  clause
    .replace(SHOULD_BE, 'is')
    .replace(/应该是|应当是|应是|应为/u, '是')
    .replace(/^(?:而是|但是?)/u, '');
