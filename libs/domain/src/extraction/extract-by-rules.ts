import type { Candidate } from '../memory.ts';
import { saidAt, type Message } from '../message.ts';
import { candidateOfChoice, candidateOfStatement } from './candidates.ts';
import { CHINESE_JOKE, CHINESE_LASTING_ROLE_PLAY, CHINESE_ROLE_PLAY, CHINESE_ROLE_PLAY_END, CHINESE_SAYS_NEXT } from './chinese-words.ts';
import { choiceIn } from './choices.ts';
import { clausesOf, type Clause } from './clauses.ts';
import { ENGLISH_JOKE, ENGLISH_LASTING_ROLE_PLAY, ENGLISH_ROLE_PLAY, ENGLISH_ROLE_PLAY_END, ENGLISH_SAYS_NEXT } from './english-words.ts';
import { entitiesOf } from './entities.ts';
import { shadowOf } from './masking.ts';
import { chineseSubject, isPlainStatement, statementsIn } from './statements.ts';
import { isInjection } from './talk.ts';

export interface RuleExtraction {
  /** The pending messages of one conversation, in order. */
  readonly messages: readonly Message[];
  /** Up to ten messages before them, to understand choices by; nothing is extracted from these. */
  readonly context: readonly Message[];
  /** IANA name of the zone in which relative dates are counted. */
  readonly timeZone: string;
}

/**
 * Draws candidates from what the user says, in English and Chinese, without a model. Verbatim clauses only, completed by
 * nothing but words of the conversation and resolved dates; what is asked, supposed, quoted, played, joked, pasted or said
 * about the assistant is left out, and so is everything that anyone but the user says.
 */
export function extractByRules({ messages, context, timeZone }: RuleExtraction): readonly Candidate[] {
  const found = new Map<string, readonly Candidate[]>();
  const before: Message[] = [...context];
  let playing = context.reduce(playsOn, false);
  let previousUser: string | null = null;
  for (const message of messages) {
    if (message.role === 'user') {
      playing = playsOn(playing, message);
      const joke = jokeOf(message.content);
      if (joke === 'about-before' && previousUser !== null) found.delete(previousUser);
      if (!playing && joke === 'none') found.set(message.id, fromMessage(message, before, timeZone));
      previousUser = message.id;
    }
    before.push(message);
  }
  return [...found.values()].flat();
}

/** Whether a role play that was begun goes on after this message. */
function playsOn(playing: boolean, { role, content }: Message): boolean {
  if (role !== 'user') return playing;
  const shadow = shadowOf(content);
  if (ENGLISH_ROLE_PLAY_END.test(shadow) || CHINESE_ROLE_PLAY_END.test(shadow)) return false;
  return playing || ENGLISH_LASTING_ROLE_PLAY.test(shadow) || CHINESE_LASTING_ROLE_PLAY.test(shadow);
}

/** A joke takes back its whole message; one that begins with the confession takes back the message before, too. */
function jokeOf(content: string): 'none' | 'here' | 'about-before' {
  const shadow = shadowOf(content);
  const at = Math.max(ENGLISH_JOKE.exec(shadow)?.index ?? -1, CHINESE_JOKE.exec(shadow)?.index ?? -1);
  if (at < 0)
    return /(?:(?:^|[.!?]\s*)(?:well,? )?not (?:really|true)|\b(?:lol|lmao|rofl|haha+)|哈哈+|[😂🤣😜😝🙃😏])[\s.!！。]*$/iu.test(shadow)
      ? 'here'
      : 'none';
  return at < 20 && shadow.trim().length < 60 ? 'about-before' : 'here';
}

function fromMessage(message: Message, before: readonly Message[], timeZone: string): readonly Candidate[] {
  if (isInjection(shadowOf(message.content))) return [];
  const clauses = clausesOf(message.content);
  const candidates = new Map<string, Candidate>();
  let spoiltSentence = -1;
  let subject: { readonly sentence: number; readonly word: string } | null = null;
  for (const clause of clauses) {
    if (playsRole(clause)) break;
    if (isConditional(clause) || saysNext(clause)) spoiltSentence = clause.sentence;
    if (clause.sentence === spoiltSentence) continue;
    const carried = subject?.sentence === clause.sentence ? subject.word : null;
    for (const candidate of fromClause(clause, { message, before, timeZone, alone: clauses.length === 1, subject: carried })) {
      if (!candidates.has(candidate.text)) candidates.set(candidate.text, candidate);
    }
    const word = chineseSubject(clause.text.split(/[，,]/u)[0] ?? '');
    if (word !== null) subject = { sentence: clause.sentence, word };
    else if (/^(?:我|你|您|他|她|它|大家)/u.test(clause.text)) subject = null;
  }
  return [...candidates.values()];
}

const playsRole = ({ shadow, language }: Clause): boolean => (language === 'zh' ? CHINESE_ROLE_PLAY : ENGLISH_ROLE_PLAY).test(shadow);

/** A condition at the head of a sentence governs all that follows in it. */
const isConditional = ({ shadow }: Clause): boolean =>
  /^(?:even )?(?:if|suppose|supposing|assuming|imagine|what if|let['’]s say|say|in case|according to|in (?:my|a|the) (?:dreams?|game|movie|film|book|novel|story|song)|for example|for instance|when I (?:win|become|get rich))\b|^(?:如果|要是|假如|假设|假使|倘若|若是|万一|比如|例如|比方说|据|在(?:我的)?梦里)/iu.test(
    shadow,
  );

const saysNext = ({ shadow, language }: Clause): boolean => (language === 'zh' ? CHINESE_SAYS_NEXT : ENGLISH_SAYS_NEXT).test(shadow);

interface ClauseSetting {
  readonly message: Message;
  readonly before: readonly Message[];
  readonly timeZone: string;
  readonly alone: boolean;
  readonly subject: string | null;
}

function fromClause(clause: Clause, { message, before, timeZone, alone, subject }: ClauseSetting): readonly Candidate[] {
  const choice = choiceIn(clause, alone, before, (asked) => entitiesOf(asked.content, clause.language)[0] ?? null);
  if (choice !== null) return [candidateOfChoice(choice, clause, message, timeZone)];
  if (!isPlainStatement(clause)) return [];
  return statementsIn(clause, subject).map((statement) =>
    candidateOfStatement(statement, clause.language, message, saidAt(message), timeZone),
  );
}
