import type { Candidate, Language, TimeRange } from '../memory.ts';
import { saidAt, type Message } from '../message.ts';
import { readTimeExpressions, resolveRelativeDates } from '../time/index.ts';
import type { Choice } from './choices.ts';
import type { ShortAnswer } from './short-answers.ts';
import type { Clause } from './clauses.ts';
import { draft, normaliseValue } from './draft.ts';
import { entitiesOf } from './entities.ts';
import { keyPhrasesFor } from './key-phrases.ts';
import type { SpokenStatement } from './understand.ts';

const LONGEST_ENGLISH_TITLE_WORDS = 8;
const LONGEST_CHINESE_TITLE = 20;
const MOST_ENTITIES = 20;
/** How far into a question its time is looked for. */
const LONGEST_DATED = 1_000;

/** The name under which candidates of the rules are kept. */
export const RULES_EXTRACTOR = 'rules';

function titleOf(text: string, language: Language): string {
  if (language === 'zh') return text.length <= LONGEST_CHINESE_TITLE ? text : `${text.slice(0, LONGEST_CHINESE_TITLE)}…`;
  const words = text.split(/\s+/u);
  return words.length <= LONGEST_ENGLISH_TITLE_WORDS ? text : `${words.slice(0, LONGEST_ENGLISH_TITLE_WORDS).join(' ')}…`;
}

const eventTimeOf = (text: string, referenceMs: number, timeZone: string): TimeRange | null =>
  readTimeExpressions(text, referenceMs, timeZone)[0]?.range ?? null;

/** A statement of one message as a candidate, with its dates resolved from the time it was said. */
export function candidateOfStatement(
  statement: SpokenStatement,
  language: Language,
  message: Message,
  statedAt: number,
  timeZone: string,
): Candidate {
  const { text, quote, draft: understood } = statement;
  return {
    kind: understood.kind,
    preferenceType: understood.kind === 'preference' ? 'explicit' : null,
    reasoning: '',
    title: titleOf(text, language),
    text: resolveRelativeDates(text, statedAt, timeZone),
    language,
    topicKey: understood.topicKey,
    topicValue: understood.topicValue,
    negated: understood.negated,
    about: understood.about,
    origin: 'user',
    entities: [...new Set([...understood.entities, ...entitiesOf(text, language === 'zh' ? 'zh' : 'en')])].slice(0, MOST_ENTITIES),
    keyPhrases: keyPhrasesFor(text, understood.spheres, understood.topicKey),
    eventTime: understood.kind === 'fact' ? eventTimeOf(text, statedAt, timeZone) : null,
    confidence: understood.confidence,
    details: {},
    sourceMessageIds: [message.id],
    quotes: [quote],
    statedAt,
    extractor: RULES_EXTRACTOR,
  };
}

/** An answer with the question it answers, both in the words in which they were said. */
export function candidatesOfAnswer(answer: ShortAnswer, clause: Clause, message: Message, timeZone: string): readonly Candidate[] {
  const statedAt = saidAt(message);
  return answer.drafts.map((understood) => ({
    ...candidateOfStatement({ text: answer.text, quote: answer.answer, draft: understood }, clause.language, message, statedAt, timeZone),
    entities: [...new Set([...understood.entities, ...entitiesOf(answer.answer, clause.language)])],
    sourceMessageIds: [answer.asked.id, message.id],
    quotes: [answer.question, answer.answer],
  }));
}

/** A choice as a fact: what was said, and in brackets what it was chosen among and for, in words of the conversation. */
export function candidateOfChoice(choice: Choice, clause: Clause, message: Message, timeZone: string): Candidate {
  const { language } = clause;
  const details = [choice.category, choice.occasion].filter((detail) => detail !== null);
  const joined = details.join(language === 'zh' ? '，' : ', ');
  const text =
    details.length === 0 ? choice.statement : language === 'zh' ? `${choice.statement}（${joined}）` : `${choice.statement} (${joined})`;
  const asked = choice.asked === null ? [] : [choice.asked];
  const category = choice.category === null ? null : `choice.${message.conversationId}.${normaliseValue(choice.category)}`;
  const { confidence } = draft({});
  return {
    kind: 'fact',
    preferenceType: null,
    reasoning: '',
    title: titleOf(choice.statement, language),
    text,
    language,
    topicKey: category,
    topicValue: category === null ? null : normaliseValue(choice.option),
    negated: false,
    about: null,
    origin: 'user',
    entities: [...new Set([choice.option, ...asked.flatMap(({ content }) => entitiesOf(content, language))])],
    keyPhrases: keyPhrasesFor(`${text} ${choice.askedQuote}`, ['choice'], null),
    eventTime: choice.asked === null ? null : eventTimeOf(choice.asked.content.slice(0, LONGEST_DATED), saidAt(choice.asked), timeZone),
    confidence,
    details: {},
    sourceMessageIds: [...asked.map(({ id }) => id), choice.offered.id, message.id],
    quotes: [choice.askedQuote, choice.option, clause.text].filter((quote) => quote !== ''),
    statedAt: saidAt(message),
    extractor: RULES_EXTRACTOR,
  };
}
