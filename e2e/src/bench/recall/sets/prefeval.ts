import { type AskedQuestion, momentOf, type RecallSet, type SpokenSession, type SpokenTurn, type Unit } from '../recall-set.ts';
import { dataFiles, jsonLinesOf } from './data-files.ts';

interface Item {
  readonly form: string;
  readonly topic: string;
  readonly idx: number;
  readonly preference: string;
  readonly question: string;
  readonly conversation?: Readonly<Record<string, { readonly user?: string; readonly assistant?: string }>>;
}

const EXPLICIT = 'explicit_preference';
const DIALOGUES = 'implicit_preference/persona-driven';
const SAID = 'explicit, one user';
const IN_DIALOGUES = 'dialogues, one user';
const FIRST_DAY = Date.parse('2024-01-01');
const DAY_MS = 86_400_000;

/**
 * PrefEval: one user says every preference of the split, each in a conversation of its own on a day of its own; a question asks for advice
 * that only its own preference bears on. Another user has the dialogues in which the same preferences are let fall; there the dialogue is
 * to be found. A user per topic is asked the questions of other fields of life: little bears on those.
 */
export async function loadPrefeval(directory: string): Promise<RecallSet> {
  const items = (await Promise.all((await dataFiles(directory, 'prefeval', /^prefeval_.*\.jsonl\.gz$/u)).map(jsonLinesOf<Item>))).flat();
  const explicit = items.filter(({ form }) => form === EXPLICIT);
  const dialogues = items.filter(({ form }) => form === DIALOGUES);
  const topics = [...Map.groupBy(explicit, ({ topic }) => topic)].map(([topic, said]): Unit => ({
    id: `topic ${topic}`,
    sessions: said.map(saidOnce),
    questions: [],
    foreign: explicit.filter((each) => fieldOf(each.topic) !== fieldOf(topic)).map(({ question }) => question),
  }));
  return {
    name: 'prefeval',
    units: [
      {
        id: 'explicit',
        sessions: explicit.map(saidOnce),
        questions: explicit.map((item) => questionOf(item, SAID, [idOf(item)])),
        foreign: [],
      },
      ...topics,
      ...(dialogues.length === 0 ? [] : [unitOfDialogues(dialogues)]),
    ],
    views: [
      { name: SAID, level: 'turn', cuts: [1, 5, 10, 20] },
      ...(dialogues.length === 0 ? [] : [{ name: IN_DIALOGUES, level: 'session' as const, cuts: [1, 5, 10, 20] }]),
    ],
    foreignQuestions: 200,
  };
}

function unitOfDialogues(items: readonly Item[]): Unit {
  const sessions = items.map(dialogueOf);
  const questions = items.map((item, index) =>
    questionOf(item, IN_DIALOGUES, sessions[index]?.turns.slice(0, 1).map(({ id }) => id) ?? []),
  );
  return { id: 'dialogues', sessions, questions, foreign: [] };
}

/** "travel" of "travel_hotel": topics of one field bear on each other. */
const fieldOf = (topic: string): string => topic.split('_')[0] ?? topic;

const idOf = ({ form, topic, idx }: Item): string => `${form}/${topic}/${idx}`;
const dayOfItem = (index: number): string => new Date(FIRST_DAY + index * DAY_MS).toISOString().slice(0, 10);

const saidOnce = (item: Item, index: number): SpokenSession => ({
  id: idOf(item),
  turns: [{ id: idOf(item), role: 'user', speaker: null, text: item.preference, at: momentOf(dayOfItem(index), 12, 0) }],
});

function dialogueOf(item: Item, index: number): SpokenSession {
  const lines = Object.values(item.conversation ?? {}).flatMap(({ user, assistant }) => [
    { role: 'user' as const, text: user ?? '' },
    { role: 'assistant' as const, text: assistant ?? '' },
  ]);
  const turns = lines.map(({ role, text }, place): SpokenTurn => ({
    id: `${idOf(item)}/${place}`,
    role,
    speaker: null,
    text,
    at: momentOf(dayOfItem(index), 12, place * 30),
  }));
  return { id: idOf(item), turns: turns.filter(({ text }) => text.trim() !== '') };
}

const questionOf = (item: Item, view: string, gold: readonly string[]): AskedQuestion => ({
  id: idOf(item),
  category: item.topic,
  text: item.question,
  gold: { [view]: gold },
  update: null,
});
