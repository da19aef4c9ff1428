import { asSaidBy, type Candidate, callOf, type Message, namedText, normaliseText, type Speaker, speakersOf } from '@continuo/domain';

/** Who speaks in the messages a model was shown. */
export interface People {
  readonly speakerOf: (message: Message) => Speaker;
  /** Names of all of them. */
  readonly names: readonly string[];
}

export function peopleIn(messages: readonly Message[]): People {
  const speakerOf = speakersOf(messages);
  const said = messages.filter(({ role }) => role === 'user');
  const names = said.map((message) => speakerOf(message)).flatMap((speaker) => speaker.name ?? []);
  return { speakerOf, names: [...new Set(names)] };
}

/** Words by which somebody speaks of themself: then nobody else can be meant. */
const OF_ONESELF = /\b(?:I|me|my|mine|we|us|our)\b|我|咱|俺/iu;

/**
 * A model's candidate as a statement of the one who said its quote; null where it makes it somebody else's. What another person said
 * bears their name: in the model's words where those name them, else in their own.
 */
export function saidBySpeaker(candidate: Candidate, quoted: Message, { speakerOf, names }: People): Candidate | null {
  const speaker = speakerOf(quoted);
  const quote = candidate.quotes[0] ?? '';
  const strangers = names.filter((name) => name !== speaker.name && !mentions(quoted.content, name));
  const meant = candidate.about !== null && strangers.some((name) => mentions(candidate.about ?? '', name));
  const named = strangers.some((name) => mentions(candidate.text, name));
  if (OF_ONESELF.test(quote) && (meant || named)) return null;
  const about = candidate.about === speaker.name ? null : candidate.about;
  if (speaker.isSubject) return { ...candidate, about };

  const name = callOf(speaker, candidate.language);
  const own = asSaidBy({ ...candidate, about: about !== null && mentions(quoted.content, about) ? about : null }, speaker);
  const text = mentions(candidate.text, name) ? candidate.text : namedText(quote, name, candidate.language);
  return { ...own, text, title: mentions(candidate.title, name) ? candidate.title : own.title };
}

const mentions = (text: string, name: string): boolean => normaliseText(text).includes(normaliseText(name));
