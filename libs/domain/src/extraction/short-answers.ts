import { isKnownPlace } from './places.ts';
import type { Message } from '../message.ts';
import { clausesOf, type Clause, type SpokenLanguage } from './clauses.ts';
import { draft, GENERAL_CONFIDENCE, slot, type Draft } from './draft.ts';
import { cityOf, placeAt } from './english-places.ts';
import { CHINESE_OCCUPATION, ENGLISH_OCCUPATION } from './occupations.data.ts';
import { preferenceThing } from './things.ts';
import { readChineseNumber } from '../time/chinese-numerals.ts';
import { carriedDraft } from './chinese-pieces.ts';
import { plainAnswer } from './general-answers.ts';
import { patternDraft } from './understand.ts';
import { mentionedPeople } from './relations.ts';
import { isSmallTalk } from './talk.ts';

/** An answer that says something only together with the question that the assistant asked just before. */
export interface ShortAnswer {
  /** The question and the answer, as they were said. */
  readonly text: string;
  readonly question: string;
  readonly asked: Message;
  readonly drafts: readonly Draft[];
  /** The words of the message that answer, where they are more than the clause. */
  readonly answer: string;
}

const LONGEST_ANSWER = 60;
/** A question inside a game, a story or a supposition is not asked of the person. */
const SUPPOSED = /\b(?:if|imagine|suppose|pretend|would|could|game|story|novel|character|role)\b|如果|假如|要是|游戏|故事|小说|角色|扮演/iu;
const QUESTION_REACH = 240;
const NO_ANSWER =
  /^(?:no(?:pe|ne|thing|t)?|nah|never|why|what|guess|secret|somewhere|anywhere|everywhere|i|you|it|that|depends|sorry|skip|stop|help|wait|cancel|continue|next|later|quit|exit|hello|hi|none|don['’]t|maybe|both|either|neither|不|没|无|秘密|猜|你|为什么|随便|都|保密|算了)(?![\p{L}])|^(?:不|没|无|保密|秘密|随便|你|为什么)|\b(?:business|tell you|matter|guess|not|don['’]t)\b/iu;

type Reader = (answer: string, language: SpokenLanguage) => readonly Draft[];

const one = (draft: Draft | null): readonly Draft[] => (draft === null ? [] : [draft]);

const placeOf = (answer: string): string | null => {
  const bare = answer.replace(/^(?:in|at|from|near|it['’]s|就?在|我?住在?|来自)\s*/iu, '').replace(/(?:吧|呢|哦|啊)$/u, '');
  if (isKnownPlace(bare) || /^[\p{Script=Han}]{2,6}[市省县区镇州岛村]$/u.test(bare)) return bare;
  const place = placeAt(bare);
  return place === bare && /^\p{Lu}/u.test(bare) && bare.split(/\s+/u).length <= 4 ? place : null;
};

const placed =
  (key: string): Reader =>
  (answer) => {
    const place = placeOf(answer);
    return one(place === null ? null : slot(key, cityOf(place), { spheres: ['home'], entities: [place] }));
  };

const named: Reader = (answer) => {
  const name = answer.replace(/^(?:it['’]s|就?叫|叫我)\s*/iu, '');
  const fits = /^\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2}$|^\p{Script=Han}{2,4}$/u.test(name);
  return one(fits ? slot('name', name, { entities: [name] }) : null);
};

const aged: Reader = (answer) => {
  const age = /^(?<age>\d{1,3}|[一二三四五六七八九十]{1,3})(?: years? old|岁)?$/iu.exec(answer)?.groups?.['age'];
  const years = age === undefined ? null : readChineseNumber(age);
  return one(years === null || years < 1 || years > 120 ? null : slot('age', String(years)));
};

const working: Reader = (answer) => {
  const bare = answer.replace(/^(?:an?|the|as an?|(?:一?[名个位]))\s*/iu, '');
  const fits = new RegExp(`^(?:${ENGLISH_OCCUPATION}|${CHINESE_OCCUPATION})$`, 'iu').test(bare);
  return one(fits ? slot('work.role', bare, { spheres: ['work'] }) : null);
};

const employed: Reader = (answer) => {
  const name = answer.replace(/^(?:at|for|in|在)\s*/iu, '');
  const fits = /^\p{Lu}[\p{L}\d&'’.-]*(?: \p{Lu}[\p{L}\d&'’.-]*){0,3}$/u.test(name) && !isKnownPlace(name);
  return one(fits ? slot('work.employer', name, { spheres: ['work'], entities: [name] }) : null);
};

const allergic: Reader = (answer) => {
  const things = answer
    .replace(/^(?:(?:yes|yeah|yep|是的|有的?|对)[,，.!\s]*)?(?:(?:only|just|to)\s+|对)?/iu, '')
    .split(/,\s*(?:and )?|\sand\s|[、和，]/iu)
    .map((thing) => thing.trim().replace(/过敏$/u, ''));
  const fits = things.every((thing) => /^[\p{L} -]{1,24}$/u.test(thing) && thing.split(' ').length <= 2 && !isSmallTalk(thing));
  if (!fits) return [];
  return things.map((thing) =>
    slot(`health.allergy.${preferenceThing(thing)}`, preferenceThing(thing), { spheres: ['health', 'food'], entities: [] }),
  );
};

/** Questions that a name, a number or a noun answers in full, with what such an answer may look like. */
const QUESTIONS: readonly (readonly [RegExp, Reader])[] = [
  [
    /\bwhere (?:do you|are you) (?:currently |now )?(?:live|living|based|located)\b|\b(?:which|what) (?:city|town) (?:do|are) you (?:live|living|based)\b/iu,
    placed('home.city'),
  ],
  [/你们?(?:现在|目前|平时)?(?:是)?(?:住|生活|居住|定居)在?(?:哪|什么地方)|你在哪(?:个|座)城市/u, placed('home.city')],
  [/\bwhere (?:are you|do you come) (?:originally )?from\b|你(?:是|来自)哪(?:里|儿)(?:人|的)?|你老家(?:在|是)哪/iu, placed('origin')],
  [/\bwhat(?:['’]s| is) your (?:first |full )?name\b|你叫什么|你的(?:名字|姓名)(?:是|叫)什么/iu, named],
  [/\bhow old are you\b|\bwhat(?:['’]s| is) your age\b|你(?:今年)?(?:多大|几岁|多少岁)/iu, aged],
  [
    /\bwhat do you do (?:for (?:a living|work))\b|\bwhat(?:['’]s| is) your (?:job|occupation|profession)\b|你(?:是)?(?:做|从事)什么(?:工作|职业|的)|你的(?:职业|工作)是什么/iu,
    working,
  ],
  [/\b(?:where|which company|who) do you work(?: for| at)?\b|你在哪(?:里|儿|家公司)?(?:工作|上班)/iu, employed],
  [
    /\b(?:do you have|have you got|are there|any) (?:\p{L}+ )?allerg|\bare you allergic to (?:anything|any)|\bwhat are you allergic to|你.{0,6}对什么.{0,6}过敏|有(?:没有)?(?:什么|任何)?.{0,4}过敏/iu,
    allergic,
  ],
];

const YES =
  /^(?:yes|yeah|yep|yup|correct|exactly|that['’]?s right|right|yes,? I (?:am|do|have)|I (?:am|do)|是的?|对的?|没错|嗯)[\s.!。！]*$/iu;

/** "Are you vegetarian?" as the statement that a plain yes makes of it; null for a question that leaves more open. */
function confirmed(question: string, language: SpokenLanguage): Draft | null {
  if (/\bor\b|还是|或/iu.test(question)) return null;
  const statement =
    language === 'zh'
      ? question.replace(/^(?:请问)?你/u, '我').replace(/[吗嘛么吧]$/u, '')
      : question.replace(/^are you /iu, 'I am ').replace(/^do you (?:still |currently |also )?/iu, 'I ');
  if (statement === question || !/^(?:我|I )/u.test(statement)) return null;
  const draft = patternDraft(statement, language);
  return draft === null || draft.topicKey === null || draft.negated || draft.about !== null ? null : draft;
}

/** The one question that the assistant's message asks; null when it asks nothing or several things. */
function questionOf(asked: Message): Clause | null {
  const tail = asked.content.slice(-QUESTION_REACH);
  if (SUPPOSED.test(tail)) return null;
  const questions = clausesOf(tail).filter(({ asks, text }) => asks && !/^(?:你呢|and you|what about you|how about you)$/iu.test(text));
  const question = questions.length === 1 ? questions[0] : undefined;
  return question === undefined ||
    !tail
      .slice(question.end)
      .trim()
      .match(/^[?？]?[\s\p{Extended_Pictographic}]*$/u)
    ? null
    : question;
}

/** What the first words of a message say as the answer to a question just asked. */
export function shortAnswerIn(clause: Clause, first: boolean, before: readonly Message[]): ShortAnswer | null {
  const asked = before.findLast(({ role }) => role === 'user' || role === 'assistant');
  if (!first || asked?.role !== 'assistant' || clause.asks || clause.text.length > LONGEST_ANSWER) return null;
  const question = questionOf(asked);
  if (question === null) return null;
  const answer = clause.text.trim();
  const drafts = YES.test(answer) ? one(confirmed(question.text, question.language)) : answersTo(question.text, answer, clause.language);
  if (drafts.length === 0) return null;
  const mark = /[?？]$/u.test(asked.content.trim()) ? asked.content.trim().slice(-1) : '';
  return { text: `${question.text}${mark} ${answer}`, question: question.text, asked, drafts, answer: clause.text };
}

/** As `shortAnswerIn`, for questions that no pattern knows: kept as they were asked and answered, in no slot. */
export function plainAnswerIn(clause: Clause, message: Message, before: readonly Message[]): ShortAnswer | null {
  const asked = before.findLast(({ role }) => role === 'user' || role === 'assistant');
  if (asked?.role !== 'assistant' || SUPPOSED.test(asked.content.slice(-QUESTION_REACH))) return null;
  const found = plainAnswer(asked.content, message.content, clause);
  if (found === null) return null;
  const { question, answer } = found;
  // What a pattern reads and found no answer in is none; and what is asked of others is not the speaker's.
  if (QUESTIONS.some(([pattern]) => pattern.test(question)) || mentionedPeople(question, clause.language) > 0) return null;
  const mark = /[?？]/u.exec(asked.content.slice(asked.content.indexOf(question)))?.[0] ?? '';
  return { text: `${question}${mark} ${answer}`, question, asked, drafts: [draft({ confidence: GENERAL_CONFIDENCE })], answer };
}

/** 你养宠物吗？ 养了一只猫: the question says who is meant. */
const withoutSubject = (question: string, answer: string, language: SpokenLanguage): Draft | null =>
  language === 'zh' && /你/u.test(question) && !/^(?:我|他|她|它|这|那)|[你您]/u.test(answer)
    ? (carriedDraft('我', answer)?.draft ?? null)
    : null;

function answersTo(question: string, answer: string, language: SpokenLanguage): readonly Draft[] {
  const readers = QUESTIONS.filter(([pattern]) => pattern.test(question));
  const reader = readers.length === 1 ? readers[0]?.[1] : undefined;
  if (NO_ANSWER.test(answer) || isSmallTalk(answer)) return [];
  if (reader === undefined) return readers.length === 0 ? one(withoutSubject(question, answer, language)) : [];
  const whole = reader(answer, language);
  return whole.length > 0 ? whole : reader(answer.split(/[,，]/u)[0] ?? '', language);
}
