import { type AskedQuestion, momentOf, type RecallSet, type SpokenSession, type Unit } from '../recall-set.ts';
import { dataFiles, dayOf, jsonLinesOf } from './data-files.ts';

interface Message {
  readonly role: 'user' | 'assistant';
  readonly id: number;
  readonly content: string;
  readonly batch: number;
  readonly time_anchor?: string | null;
}

type Sources = readonly (number | string)[] | Readonly<Record<string, readonly (number | string)[]>> | null;

interface Chat {
  readonly chat_id: string | number;
  readonly messages: readonly Message[];
  readonly probing_questions: Readonly<Record<string, readonly { readonly question: string; readonly source_chat_ids?: Sources }[]>>;
}

/** Abilities whose evidence is a few messages. */
const CORE = [
  'information_extraction',
  'knowledge_update',
  'contradiction_resolution',
  'multi_session_reasoning',
  'temporal_reasoning',
  'preference_following',
];
/** What the generator of the data left at the end of user messages. */
const MARKER = /\s*->->\s*[\d,\s]*$/u;
/** A message may be a whole log file; the API takes 40,000 tokens at once. */
const LONGEST_CHARACTERS = 60_000;
const SECONDS_APART = 60;
/** For chats without any date. */
const DEFAULT_DAY = '2024-01-01';

/**
 * BEAM: a user and an assistant over weeks; one user per chat, one session per batch, dated by the time anchor in it. Gold is every message
 * that a question names as its source. Newest first: of a value that was updated, the update stands before what it replaced.
 */
export async function loadBeam(directory: string, scale: string): Promise<RecallSet> {
  const files = await dataFiles(directory, 'beam', new RegExp(`^beam_${scale}_.*\\.jsonl\\.gz$`, 'u'));
  const chats = (await Promise.all(files.map(jsonLinesOf<Chat>))).flat();
  return {
    name: `beam-${scale}`,
    units: chats.map(unitOf),
    views: [
      { name: 'core', level: 'turn', cuts: [5, 10, 50] },
      { name: 'all abilities', level: 'turn', cuts: [5, 10, 50] },
    ],
    foreignQuestions: 0,
  };
}

function unitOf(chat: Chat): Unit {
  const known = new Set(chat.messages.map(({ id }) => String(id)));
  const questions = Object.entries(chat.probing_questions).flatMap(([ability, probes]) =>
    probes.map((probe, index) =>
      questionOf(`${chat.chat_id}/${ability}/${index}`, ability, probe.question, probe.source_chat_ids ?? null, known),
    ),
  );
  return {
    id: String(chat.chat_id),
    sessions: sessionsOf(chat.messages),
    questions: questions.filter(({ gold }) => Object.keys(gold).length > 0),
    foreign: [],
  };
}

function questionOf(id: string, category: string, text: string, sources: Sources, known: ReadonlySet<string>): AskedQuestion {
  const idsOf = (ids: readonly (number | string)[]): readonly string[] => [...new Set(ids.map(String))].filter((each) => known.has(each));
  const named = sources === null || Array.isArray(sources) ? null : (sources as Readonly<Record<string, readonly number[]>>);
  const gold = idsOf(named === null ? ((sources ?? []) as readonly number[]) : Object.values(named).flat());
  const newer = idsOf(named?.['updated_info'] ?? []);
  const older = idsOf(named?.['original_info'] ?? []);
  return {
    id,
    category,
    text,
    gold: gold.length === 0 ? {} : { ...(CORE.includes(category) ? { core: gold } : {}), 'all abilities': gold },
    update: newer.length === 0 || older.length === 0 ? null : { newer, older },
  };
}

function sessionsOf(messages: readonly Message[]): readonly SpokenSession[] {
  const batches = Map.groupBy(messages, ({ batch }) => batch);
  let day = DEFAULT_DAY;
  return [...batches].map(([batch, spoken]) => {
    const anchor = spoken.find(({ time_anchor: each }) => (each ?? '') !== '')?.time_anchor;
    if (anchor !== undefined && anchor !== null) day = dayOf(anchor);
    const turns = spoken.map((message, index) => ({
      id: String(message.id),
      role: message.role,
      speaker: null,
      text: message.content.replace(MARKER, '').slice(0, LONGEST_CHARACTERS).toWellFormed(),
      at: momentOf(day, 9, index * SECONDS_APART),
    }));
    return { id: String(batch), turns: turns.filter(({ text }) => text.trim() !== '') };
  });
}
