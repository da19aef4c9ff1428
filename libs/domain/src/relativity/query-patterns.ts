import { foldText } from '../text/fold.ts';
import { SMALL_TALK } from '../text/stop-words.ts';
import { tokenise } from '../text/tokens.ts';

const ASSISTANT_SAID = [
  /\b(?:you|the assistant|the bot)(?: (?:have|had|just|already|once|previously|also|all))* (?:said|told|recommended|suggested|mentioned|advised|gave|wrote|proposed|listed|explained|described|named|answered|promised)\b/u,
  /\bdid you (?:\w+ )?(?:say|recommend|suggest|tell|mention|give|advise|list|propose|answer|write|name|promise)\b/u,
  /\b(?:your|the assistant's) (?:\w+ )?(?:suggestions?|recommendations?|advice|answers?|tips?|repl(?:y|ies))\b/u,
  /你(?:之前|上次|刚才|刚刚|以前|曾经|昨天|上周|那天|都|还|也)*(?:给我|跟我|向我|对我|帮我)?(?:说|推荐|建议|提到|告诉|介绍|列|写|回答|讲|提)(?:过|了|的|我)/u,
  /你的(?:建议|推荐|回答|答案|说法)/u,
];

const PROFILE = [
  /\bwhat (?:do|did|can|else do) you (?:already |still )?(?:know|remember|recall|have|store|say) (?:all )?(?:about|of|on) (?:me|myself)\b(?! and)/u,
  /\b(?:tell me|say|list|show me|summari[sz]e|describe) (?:\w+ ){0,5}(?:about|of) (?:me|myself)\b(?! and)/u,
  /\bwhat have i (?:ever |already )?(?:told|shared with) you\b/u,
  /\b(?:do|can) you (?:still )?(?:remember|recognise|recognize|know) me\b/u,
  /\b(?:describe me|who am i|what are my memories|list (?:all )?my memories|show (?:me )?(?:all )?my memories)\b/u,
  /(?:关于|对于|对)我(?:的事|的一切|的情况)?，?(?:你)?(?:都|还|已经)?(?:知道|记得|了解|记住)/u,
  /你(?:都|还|已经)?(?:知道|记得|了解|记住|记住了)(?:哪些|什么|些什么)?(?:关于)?我(?:的)?(?:什么|哪些|吗|多少|一切|情况|信息|些什么)/u,
  /(?:还记得我吗|介绍一下我自己|我是个?什么样的人|我是谁|我的记忆有哪些|我告诉过你(?:什么|哪些))/u,
];

/** Wishes for advice, plans and texts: what is known of anybody may bear on them. */
const WISHES =
  /\b(?:should|shall|recommend|suggest|plan|prepare|organi[sz]e|idea|ideas|help|advice|advise|write|draft|book|order|buy|cook|pick|choose|find|give|make|can (?:i|we|you)|could (?:i|we|you)|would you|let's)\b|推荐|建议|帮|该|应该|能不能|可不可以|可以|适合|计划一|安排|写|送|给[^我你]|买什么|吃什么|喝什么|做什么(?:菜|饭|好)/u;
const OF_MYSELF = /\b(?:i|i'm|i've|my|me|mine|we|our|us)\b|我|咱/u;

const OF_THE_WORLD =
  /^\W*(?:(?:please |can you |could you )*(?:explain|define)\b|how (?:do|does|did) (?!you\b)|why (?:do|does|did|is|are)\b|what (?:is|are|was|were) (?:an? |the (?:history|meaning|definition|origin|purpose|difference|capital|population|symptoms|causes?)\b)|what (?:does an?|causes?)\b|who (?:wrote|invented|discovered|painted|composed|won)\b|为什么|什么是|解释|是谁(?:发明|写|发现|画)|谁(?:发明|写了?|发现|画了?)|.{1,12}(?:的原理|的历史|的定义|是怎么(?:工作|形成|来)的))/u;
const TO_THE_ASSISTANT = /\b(?:you|your)\b|你|您/u;

/** "What book", "my order": things, and nothing that is wished for. */
const THINGS = /\b(?:what|which|the|an?|my|your|this|that|any|good|new|last|first) (?:book|order|plan|cook|pick|find)\b/gu;
/** What somebody did or was given is asked for, not advised. */
const ASKS_WHAT_WAS = /\b(?:did|was|were|had|has)\b|[了过]/u;

/** True when a query ends in a wish for advice, plans or a text. */
export function isWish(query: string): boolean {
  const wish = (foldText(query).match(SENTENCES) ?? []).findLast((sentence) => /[\p{L}\p{N}]/u.test(sentence)) ?? '';
  return WISHES.test(wish.replace(THINGS, ' ')) && !ASKS_WHAT_WAS.test(wish);
}

/** What a query asks about; a wish asks about nobody in particular. */
export function asksAbout(query: string, namesSomebody: boolean): 'self' | 'somebody' | 'world' | 'anything' {
  const folded = foldText(query);
  if (asksForProfile(query) || WISHES.test(folded)) return 'anything';
  if (namesSomebody) return 'somebody';
  if (OF_MYSELF.test(folded)) return 'self';
  return OF_THE_WORLD.test(folded) && !TO_THE_ASSISTANT.test(folded) ? 'world' : 'anything';
}

/** Work on a text that comes with it; what the text says is not asked for. */
const ON_A_TEXT =
  /^\W*(?:please |can you |could you |请|帮我|麻烦)*(?:translate|proofread|correct|fix|rewrite|rephrase|paraphrase|summari[sz]e|shorten|polish|翻译|润色|改写|总结|校对|纠正|把(?:这|下面))/u;
const MATERIAL = /[:：\n][\s\S]*$|["“「『][^"”」』]*["”」』]|(?<=\s)'[^']*'/gu;

/** A query without the text that it brings along to be worked on. */
export const withoutMaterial = (query: string): string => (ON_A_TEXT.test(foldText(query)) ? query.replace(MATERIAL, ' ') : query);

/** A sum to be worked out, with or without "what is" before it. */
const ARITHMETIC =
  /^(?:what(?:'s| is)|how much is|calculate|compute|solve|计算|算一下|请问)?[\s\d+\-*/×÷x=?？().^%,]*(?:\d[\s]*[+\-*/×÷x^%][\s]*)+[\s\d+\-*/×÷x=?？().^%,]*(?:等于|是|等于几|等于多少|是多少|多少|几)?[\s?？]*$/u;

/** The pattern is tried on short texts only: it backtracks. */
const LONGEST_SUM = 80;

const matches = (patterns: readonly RegExp[], folded: string): boolean => patterns.some((pattern) => pattern.test(folded));

export const asksWhatAssistantSaid = (query: string): boolean => matches(ASSISTANT_SAID, foldText(query));

export const asksForProfile = (query: string): boolean => matches(PROFILE, foldText(query));

/** True for greetings, thanks, assent, farewells, sums, and text without any word. */
export function isSmallTalk(query: string): boolean {
  if (query.length <= LONGEST_SUM && ARITHMETIC.test(foldText(query))) return true;
  return tokenise(query).every((token) =>
    token.kind === 'run' ? isSmallTalkRun(token.form) : token.kind === 'word' && SMALL_TALK.has(token.form),
  );
}

const LONGEST_SMALL_TALK = Math.max(...[...SMALL_TALK].map((word) => word.length));

function isSmallTalkRun(run: string): boolean {
  for (let at = 0; at < run.length;) {
    let length = Math.min(LONGEST_SMALL_TALK, run.length - at);
    while (length > 0 && !SMALL_TALK.has(run.slice(at, at + length))) length -= 1;
    if (length === 0) return false;
    at += length;
  }
  return true;
}

const SENTENCES = /[^。．.!?！？;；\n]+[。．.!?！？;；\n]*/gu;
const ASKS =
  /[?？]|[吗呢么]\s*[。.!！]*$|^\s*(?:who|whom|whose|which|what|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|shall|should|may|have you|has)\b|什么|哪[里儿些个种家]|怎么|多少|为什么|是否|有没有|能不能|可不可以/u;
const STATES =
  /(?:^|[,，、]\s*|\band |\bbut |\bso )(?:i|i'm|i've|i'd|i'll|my|we|we're|we've|our)\b(?! (?:wonder|want to know|would like to know|need to know|should|can|could|do|did))|(?:^|[,，、])\s*(?:我们?(?!该|应该|能|可以|要不要|想问|想知道|怎么|什么)|我的|我家)/u;

/** True when a text only asks: what it supposes is not evidence about anybody. "I booked a trip, which hotel?" also states. */
export function onlyAsks(text: string): boolean {
  const sentences = (foldText(text).match(SENTENCES) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  return sentences.length > 0 && sentences.every(asksOnly);
}

function asksOnly(sentence: string): boolean {
  if (!ASKS.test(sentence)) return false;
  const clauses = sentence.split(/[,，]/u);
  // Within one sentence a clause before or after the question may state something.
  return clauses.length === 1 || !clauses.some((clause) => !ASKS.test(clause.trim()) && STATES.test(clause.trim()));
}
