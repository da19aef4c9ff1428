import { clausesOf, type Clause } from './clauses.ts';
import { ENGLISH_HEDGE } from './english-words.ts';
import { CHINESE_HEDGE } from './chinese-words.ts';
import { isSmallTalk } from './talk.ts';

/** Asked of the person, and about more than this moment. */
const ASKS_OF_USER =
  /\b(?:how (?:tall|old|many|much|often|long|far|big|heavy)|what|which|where|when|who|do you|are you|have you|did you)\b.*\byou(?:r)?\b|^(?:and )?your \p{L}+(?: \p{L}+)?$|[你您].{0,24}(?:什么|多少|几|哪|吗|多大|多高|多重|多久|是否|有没有)/iu;
/** Offers, small talk, wishes of the moment, and talk about the talk. */
const ASKS_NOTHING_LASTING =
  /\b(?:(?:can|may|shall|should|could|must) I|want me|would you|like me|help you|anything else|something else|you (?:think|feel|mean|know|sure|ready|understand|want|need)|how are you|going|matters?|next|so far|today|tonight|tomorrow|now|currently looking|this (?:morning|evening|afternoon|time|week)|mind|in mind|trying|happen(?:ed|s)?|problem|error|message|questions?|guess|answer|choice|pick|move|turn|word|bet|see|notice|looking at|working on)\b|\bwho are you\b|\bwhere are you(?! from| based| living)|\bwhat are you \p{L}+ing\b|\b(?:did you|have you) (?:tr(?:y|ied)|check(?:ed)?|restart(?:ed)?)\b|\b(?:it|that|this|them|these|those)$|你猜|需要我|要我|可以帮|帮[您你]|想(?:要|了解|问|吃|看|听|去|做|聊)|怎么样|如何|觉得|感觉|还有|确定|明白|今天|今晚|现在|刚|明天|打算|好吗|可以吗|行吗|对吗|是吗|需要|为什么|怎么了/iu;
const NO_ANSWER =
  /^(?:no|nope|none|nah|not|never|why|what|how|skip|stop|sorry|wait|actually|ignore|forget|please|tell|give|show|help|make|write|it|that|this|there|they|he|she|you|i|we|my|our|if|because|so|but|and|or|whatever|anything|nothing|something|depends|dunno|idk|any|both|either|neither|all|good|guess|why|who)(?![\p{L}])|^(?:不|没|无|随便|你|您|我|他|她|它|这|那|都|为什么|怎么|什么|哪|保密|算了|别|请|帮|给|还是|看|忽略)/iu;
const LONGEST_QUESTION = 140;
const LONGEST_ANSWER = 60;

/** The question, and what the message begins with, when that answers it in words that stand for no statement of their own. */
export interface PlainAnswer {
  readonly question: string;
  readonly answer: string;
}

/** The last sentence of a text, when it asks. */
function lastQuestion(text: string): string | null {
  const tail = text.trimEnd().slice(-400);
  const question = /(?<=^|[.!?。！？\n:：]\s{0,3})(?<question>[^.!?。！？\n]+)[?？][\s\p{Extended_Pictographic}]{0,4}$/u.exec(tail)
    ?.groups?.['question'];
  const asked = question?.trim() ?? '';
  return asked === '' || asked.length > LONGEST_QUESTION ? null : asked;
}

/** The first sentence of the message, without the words that lead into it. */
function firstSentence(message: string): string {
  const [line = ''] = message.trim().split(/\n|(?<=[\p{L}\p{N})）%])[.!。！](?:\s|$)|[；;]/u, 1);
  return line
    .replace(/^(?:(?:oh|well|hmm|uh|um|ok|yes|yeah|sure|嗯|哦|好的?|是的?|有的?|对)[,，.\s]+)+/iu, '')
    .replace(/[.!。！\s]+$/u, '');
}

/** What a short reply says together with the question about the person that was asked right before it; null where it is none. */
export function plainAnswer(asked: string, message: string, clause: Clause): PlainAnswer | null {
  const question = lastQuestion(asked);
  if (question === null || !ASKS_OF_USER.test(question) || ASKS_NOTHING_LASTING.test(question)) return null;
  const answer = firstSentence(message);
  if (answer.length > LONGEST_ANSWER || answer.length < 2 || !message.includes(answer) || !answer.includes(clause.text.slice(0, 4)))
    return null;
  if (/[?？"“”:：]/u.test(answer) || NO_ANSWER.test(answer) || isSmallTalk(answer) || /[你您]|\byour?\b/iu.test(answer)) return null;
  if (ENGLISH_HEDGE.test(answer) || CHINESE_HEDGE.test(answer) || clausesOf(answer).some(({ asks }) => asks)) return null;
  return { question, answer };
}
