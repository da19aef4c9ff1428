import type { Candidate } from '../memory.ts';
import { saidAt, type Message } from '../message.ts';
import { candidateOfChoice, candidateOfStatement, candidatesOfAnswer } from './candidates.ts';
import { CHINESE_ROLE_PLAY, CHINESE_SAYS_NEXT } from './chinese-words.ts';
import { choiceIn } from './choices.ts';
import { clausesOf, type Clause } from './clauses.ts';
import { ENGLISH_ROLE_PLAY, ENGLISH_SAYS_NEXT } from './english-words.ts';
import { entitiesOf } from './entities.ts';
import { shadowOf } from './masking.ts';
import { beginsWithPronoun, referentOf, statementOfReferent, type Referent } from './referents.ts';
import { mentionedPeople } from './relations.ts';
import { profileLines } from './self-description.ts';
import { plainAnswerIn, shortAnswerIn } from './short-answers.ts';
import { correctionIn } from './corrections.ts';
import { headedItems, isHeading } from './headed-lists.ts';
import { isPlainStatement, statementsIn } from './statements.ts';
import { isInjection, isSmallTalk } from './talk.ts';
import { chineseSubject, type SpokenStatement } from './understand.ts';
import { endsInMarks, isUnfinished } from './unfinished.ts';

/** Clauses of one message that are read; nobody says more of themself at a time, and each costs a fraction of a millisecond. */
const MOST_CLAUSES = 400;

/** What is known while the clauses of one message are read, one after the other. */
interface Reading {
  readonly message: Message;
  readonly before: readonly Message[];
  readonly timeZone: string;
  readonly alone: boolean;
  /** The speaker's "我" said before in the same sentence. */
  subject: { readonly sentence: number; readonly word: string } | null;
  /** Whom "she" would mean. */
  referent: Referent | null;
}

/** Candidates from one message of the user, each text once; `before` are the messages before it. */
export function fromMessage(message: Message, before: readonly Message[], timeZone: string): readonly Candidate[] {
  const shadow = shadowOf(message.content);
  if (isInjection(shadow)) return [];
  const profile = profileLines(shadow);
  if (profile.length > 0)
    return profile.map(({ text, value, language, draft }) => ({
      ...candidateOf({ text, quote: text, draft }, language, message, timeZone),
      entities: [...new Set([...draft.entities, ...entitiesOf(value, language)])],
    }));

  return readClauses(message, before, timeZone, referentBefore(message, before, timeZone)).candidates;
}

/** The statements of a message clause by clause, and whom its last ones leave behind to be meant by a pronoun. */
function readClauses(
  message: Message,
  before: readonly Message[],
  timeZone: string,
  referent: Referent | null,
): { readonly candidates: readonly Candidate[]; readonly referent: Referent | null } {
  const clauses = clausesIn(message);
  const headed = headedItems(shadowOf(message.content));
  const candidates = new Map(headed.map((item) => [`${item.text}\n`, candidateOf(item, item.language, message, timeZone)]));
  const reading: Reading = { message, before, timeZone, alone: clauses.length === 1, subject: null, referent };
  const seen = new Set<string>();
  let spoiltSentence = -1;
  for (const [index, clause] of clauses.entries()) {
    if (playsRole(clause)) break;
    if (isHeading(message.content, clause.end) || headed.some(({ start, end }) => clause.start >= start && clause.start < end)) continue;
    if (isConditional(clause) || saysNext(clause)) spoiltSentence = clause.sentence;
    if (clause.sentence === spoiltSentence || (seen.has(clause.text) && reading.referent === null)) continue;
    seen.add(clause.text);
    for (const candidate of fromClause(clause, index === 0, reading)) {
      const key = `${candidate.text}\n${candidate.topicKey ?? ''}`;
      if (!candidates.has(key)) candidates.set(key, candidate);
    }
    followSubject(clause, reading);
  }
  return { candidates: [...candidates.values()], referent: reading.referent };
}

const clausesIn = (message: Message): readonly Clause[] => bareNumber(message.content) ?? clausesOf(message.content).slice(0, MOST_CLAUSES);

function followSubject(clause: Clause, reading: Reading): void {
  const word =
    clause.language === 'zh' ? chineseSubject(clause.text.split(/[，,]/u)[0] ?? '') : (/^(?:I|we)\b/iu.exec(clause.text)?.[0] ?? null);
  if (word !== null) reading.subject = { sentence: clause.sentence, word };
  else if (/^(?:我|你|您|他|她|它|大家)/u.test(clause.text)) reading.subject = null;
}

/** Whom "she" at the head of a message means: the one the speaker's last message was about, where the answer to it names nobody else. */
function referentBefore(message: Message, before: readonly Message[], timeZone: string): Referent | null {
  const first = clausesIn(message).find(({ text }) => !isSmallTalk(text));
  if (first === undefined || !beginsWithPronoun(first)) return null;
  const last = before.findLastIndex(({ role }) => role === 'user');
  const said = before[last];
  if (said === undefined) return null;
  const meant = readClauses(said, [], timeZone, null).referent;
  const others = before.slice(last + 1).some(({ content }) => mentionedPeople(content, 'en') + mentionedPeople(content, 'zh') > 0);
  return others ? null : meant;
}

/** "34" is no clause in any language, but it may answer a question. */
function bareNumber(content: string): readonly Clause[] | null {
  const text = content.trim();
  const start = content.indexOf(text);
  if (!/^\d{1,3}$/u.test(text)) return null;
  return [{ start, end: start + text.length, text, shadow: text, language: 'en', asks: false, lead: '', sentence: 0 }];
}

const candidateOf = (statement: SpokenStatement, language: 'en' | 'zh', message: Message, timeZone: string): Candidate =>
  candidateOfStatement(statement, language, message, saidAt(message), timeZone);

const playsRole = ({ shadow, language }: Clause): boolean => (language === 'zh' ? CHINESE_ROLE_PLAY : ENGLISH_ROLE_PLAY).test(shadow);

/** A condition at the head of a sentence governs all that follows in it. */
const isConditional = ({ shadow }: Clause): boolean =>
  /^(?:even )?(?:if|suppose|supposing|assuming|imagine|what if|let['’]s say|say|in case|according to|in (?:my|a|the) (?:dreams?|game|movie|film|book|novel|story|song)|for example|for instance|when I (?:win|become|get rich)|hypothetically|theoretically|in theory|pretend|let['’]s (?:pretend|assume|imagine|suppose))\b|^(?:如果|要是|假如|假设|假定|设想|假使|倘若|若是|万一|比如|例如|(?:打个)?比方|举个例子|据|理论上|按理|假想|在(?:我的)?梦里)/iu.test(
    shadow,
  );

const saysNext = ({ shadow, language }: Clause): boolean => (language === 'zh' ? CHINESE_SAYS_NEXT : ENGLISH_SAYS_NEXT).test(shadow);

function fromClause(clause: Clause, first: boolean, reading: Reading): readonly Candidate[] {
  const { message, before, timeZone, alone } = reading;
  const corrected = first ? correctionIn(clause, message, before) : null;
  if (corrected !== null) return candidatesOfAnswer(corrected, clause, message, timeZone);
  const choice = choiceIn(clause, alone, before, (asked) => entitiesOf(asked.content, clause.language)[0] ?? null);
  if (choice !== null) return [candidateOfChoice(choice, clause, message, timeZone)];
  const answer = shortAnswerIn(clause, first, before);
  if (answer !== null && (isSmallTalk(clause.text) || isPlainStatement(clause)))
    return candidatesOfAnswer(answer, clause, message, timeZone);
  const plain = first && !isSubjectHead(clause) ? plainAnswerIn(clause, message, before) : null;
  if (plain !== null) return candidatesOfAnswer(plain, clause, message, timeZone);
  if (!isPlainStatement(clause) || isUnfinished(clause.text) || endsInMarks(clause.shadow)) return [];
  return statementsOf(clause, reading).map((statement) => candidateOf(statement, clause.language, message, timeZone));
}

/** "I run on trails" says what it says without the question. */
const isSubjectHead = ({ text }: Clause): boolean => /^(?:I|we|my|our)(?![\p{L}\p{N}])|^(?:我|咱|俺|本人)/iu.test(text);

const speaksOfOthers = (text: string): boolean =>
  /[他她它]|谁|有人|人家|大家|朋友|同学|同事/u.test(text) || mentionedPeople(text, 'zh') > 0;

function statementsOf(clause: Clause, reading: Reading): readonly SpokenStatement[] {
  if (beginsWithPronoun(clause)) {
    const meant = reading.referent === null ? null : statementOfReferent(clause, reading.referent);
    if (meant === null) reading.referent = null;
    return meant === null ? [] : [meant];
  }
  const subject = reading.subject?.sentence === clause.sentence ? reading.subject.word : null;
  const fits = subject !== null && /^(?:I|we)$/iu.test(subject) === (clause.language === 'en');
  const statements = statementsIn(clause, fits ? subject : null, !speaksOfOthers(reading.message.content.slice(0, clause.start)));
  reading.referent = referentOf(
    clause,
    statements.map(({ draft }) => draft),
  );
  return statements;
}
