import { readFile } from 'node:fs/promises';
import { type AskedQuestion, momentOf, type RecallSet, type SpokenSession, type SpokenTurn, type Unit } from '../recall-set.ts';

interface Dialogue {
  readonly id: string;
  readonly language: string;
  readonly sessions: readonly {
    readonly day: string;
    readonly hour: number;
    /** Who says what: `user`, `assistant`, or the name of one of two people. */
    readonly turns: readonly (readonly [speaker: string, text: string])[];
  }[];
  readonly questions: readonly {
    readonly category: string;
    readonly text: string;
    /** `<session>.<turn>`, both from 1. */
    readonly gold: readonly string[];
    /** Where the value that `gold` replaced was said. */
    readonly older?: readonly string[];
    /** Anybody might have said something about it: no question for other users. */
    readonly common?: boolean;
  }[];
}

const VIEW = 'turns';

/** Dialogues of our own, in English and Chinese: two people, or a person and an assistant, over months. Small enough for every build. */
export async function loadOwn(): Promise<RecallSet> {
  const dialogues = JSON.parse(await readFile(new URL('./dialogues.fixture.json', import.meta.url), 'utf8')) as readonly Dialogue[];
  return {
    name: 'own',
    units: dialogues.map((dialogue) => unitOf(dialogue, dialogues)),
    views: [{ name: VIEW, level: 'turn', cuts: [1, 5, 10] }],
    // All there are.
    foreignQuestions: 1_000,
  };
}

function unitOf({ id, language, sessions, questions }: Dialogue, all: readonly Dialogue[]): Unit {
  const others = all.filter((each) => each.id !== id && each.language === language);
  return {
    id,
    sessions: sessions.map(sessionOf),
    questions: questions.map(({ category, text, gold, older }, index): AskedQuestion => ({
      id: `${id}/${index + 1}`,
      category: `${language} ${category}`,
      text,
      gold: { [VIEW]: gold },
      update: older === undefined ? null : { newer: gold, older },
    })),
    foreign: others.flatMap((each) => each.questions.flatMap(({ text, common }) => (common === true ? [] : [text]))),
  };
}

const sessionOf = ({ day, hour, turns }: Dialogue['sessions'][number], session: number): SpokenSession => ({
  id: String(session + 1),
  turns: turns.map(([speaker, text], turn): SpokenTurn => ({
    id: `${session + 1}.${turn + 1}`,
    role: speaker === 'assistant' ? 'assistant' : 'user',
    speaker: speaker === 'assistant' || speaker === 'user' ? null : speaker,
    text,
    at: momentOf(day, hour, turn * 20),
  })),
});
