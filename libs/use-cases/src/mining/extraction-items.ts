import {
  type Candidate,
  detectLanguage,
  type Message,
  type NamedEvent,
  type Origin,
  placeValue,
  saidAt,
  type TimeRange,
  withEvent,
} from '@continuo/domain';
import { isGrounded } from './grounded.ts';
import { peopleIn, saidBySpeaker, type People } from './said-by.ts';

interface Sources {
  readonly messages: readonly Message[];
  readonly context: readonly Message[];
  readonly modelName: string;
  /** IANA name of the zone in which the times of events are read. */
  readonly timeZone: string;
}

/**
 * Checks a model's items one by one and keeps the good ones. An item whose quote does not stand in one of the messages it
 * names was invented and is dropped, as is one that cannot rest on it (`isGrounded`); ids that were not shown are dropped; what rests on context alone is dropped. What somebody else
 * than the subject said is kept as theirs.
 */
export function readExtractionItems(items: readonly unknown[], sources: Sources): readonly Candidate[] {
  const people = peopleIn([...sources.context, ...sources.messages]);
  return items.flatMap((item) => readItem(item, sources, people) ?? []);
}

function readItem(item: unknown, sources: Sources, people: People): Candidate | null {
  if (typeof item !== 'object' || item === null) return null;
  const fields = item as Readonly<Record<string, unknown>>;
  const text = line(fields['text']);
  const quote = line(fields['quote']);
  const named = list(fields['message_ids']).flatMap((id) => find(id, sources));
  const quoted = named.find((message) => quote !== '' && foldSpace(message.content).includes(foldSpace(quote)));
  if (text === '' || quoted === undefined || !named.some((message) => sources.messages.includes(message))) return null;
  if (!isGrounded({ text, quote }, named, [...sources.context, ...sources.messages])) return null;
  if (quoted.role !== 'user' && quoted.role !== 'assistant') return null;

  const candidate = candidateOf(fields, { text, quote, quoted, named }, `model:${sources.modelName}`);
  if (quoted.role === 'assistant') return withEvent(candidate, null, sources.timeZone, eventOf(fields, named));
  const speaker = people.speakerOf(quoted);
  const said = saidBySpeaker(candidate, quoted, people);
  return said === null ? null : withEvent(said, speaker.name, sources.timeZone, eventOf(fields, named));
}

interface Evidence {
  readonly text: string;
  readonly quote: string;
  readonly quoted: Message;
  readonly named: readonly Message[];
}

function candidateOf(fields: Readonly<Record<string, unknown>>, { text, quote, quoted, named }: Evidence, extractor: string): Candidate {
  const kind = fields['kind'] === 'preference' ? 'preference' : 'fact';
  const topicKey = slot(fields['topic_key']);
  const inferred = kind === 'preference' && fields['preference_type'] === 'implicit';
  return {
    kind,
    preferenceType: kind === 'fact' ? null : inferred ? 'implicit' : 'explicit',
    reasoning: inferred ? line(fields['reasoning']) : '',
    title: line(fields['title']) || text.slice(0, 40),
    text,
    language: detectLanguage(text),
    topicKey,
    topicValue: topicKey === null ? null : valueOf(topicKey, line(fields['topic_value'])),
    negated: fields['negated'] === true,
    about: line(fields['about']) || null,
    origin: originOf(quoted),
    entities: list(fields['entities']),
    keyPhrases: list(fields['key_phrases']),
    eventTime: range(fields['event_start'], fields['event_end']),
    confidence: typeof fields['confidence'] === 'number' ? Math.min(1, Math.max(0, fields['confidence'])) : 0.8,
    details: {},
    sourceMessageIds: [...new Set(named.map((message) => message.id))],
    quotes: [quote],
    statedAt: Math.max(...named.map(saidAt)),
    extractor,
  };
}

/** What the model named of an event, as far as the messages have it. */
function eventOf(fields: Readonly<Record<string, unknown>>, named: readonly Message[]): NamedEvent {
  const said = foldSpace(named.map(({ content, roleName }) => `${roleName ?? ''} ${content}`).join(' '));
  const standing = (value: unknown): readonly string[] => list(value).filter((words) => said.includes(foldSpace(words)));
  return {
    times: standing(fields['event_times']),
    locations: standing(fields['event_places']),
    roles: standing(fields['event_people']),
  };
}

function find(id: string, sources: Sources): readonly Message[] {
  const match = /^([mc])(\d{1,4})$/.exec(id.trim());
  if (match === null) return [];
  const message = (match[1] === 'm' ? sources.messages : sources.context)[Number(match[2]) - 1];
  return message === undefined ? [] : [message];
}

const originOf = (message: Message): Origin => (message.role === 'assistant' ? 'assistant' : 'user');

const line = (value: unknown): string => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '');

const list = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value
        .map(line)
        .filter((each) => each !== '')
        .slice(0, 20)
    : [];

const foldSpace = (value: string): string => value.replace(/\s+/g, ' ').trim().toLowerCase();

const PLACE_SLOT = /(?:^|\.)(?:city|origin|hometown|birthplace)$/u;

/** A value as it is compared; places by the one name that the rules give them, too. */
const valueOf = (topicKey: string, value: string): string | null =>
  (PLACE_SLOT.test(topicKey) ? placeValue(value) : value.toLowerCase()) || null;

/** A slot name is lower-case words joined by dots; anything else is no slot, because two spellings would never meet. */
function slot(value: unknown): string | null {
  const name = line(value).toLowerCase().replace(/\s+/g, '_');
  return /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*$/u.test(name) ? name : null;
}

function range(start: unknown, end: unknown): TimeRange | null {
  const from = Date.parse(line(start));
  if (Number.isNaN(from)) return null;
  const to = Date.parse(line(end));
  return { from, to: Number.isNaN(to) || to <= from ? from + 86_400_000 : to };
}
