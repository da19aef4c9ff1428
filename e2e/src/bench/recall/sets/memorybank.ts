import { type AskedQuestion, momentOf, type RecallSet, type SpokenSession, type Unit } from '../recall-set.ts';
import { dataFiles, jsonOf } from './data-files.ts';

interface Person {
  readonly memory: { readonly history: Readonly<Record<string, readonly { readonly query?: string; readonly response?: string }[]>> };
  readonly probing_questions: readonly string[];
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const VIEW = 'days that are named';

/**
 * MemoryBank: a user and an assistant on ten days, in English and Chinese. Nobody has labelled evidence, so only what needs no label is
 * scored: a question that names a day asks for that day's talk. The others serve as questions of other users, without a score.
 */
export async function loadMemorybank(directory: string): Promise<RecallSet> {
  const files = await dataFiles(directory, 'memorybank', /^memorybank_.*\.json$/u);
  const units = (
    await Promise.all(
      files.map(async (file) => {
        const language = /memorybank_([a-z]+)_/u.exec(file)?.[1] ?? '';
        return Object.entries(await jsonOf<Readonly<Record<string, Person>>>(file)).map(([name, person]) => ({
          ...unitOf(`${language}/${name}`, language, person),
          language,
          asked: person.probing_questions,
        }));
      }),
    )
  ).flat();
  return {
    name: 'memorybank',
    units: units.map(({ asked: _asked, language, ...unit }) => ({
      ...unit,
      foreign: units.filter((other) => other.language === language && other.id !== unit.id).flatMap(({ asked }) => asked),
    })),
    views: [{ name: VIEW, level: 'session', cuts: [1, 5, 10] }],
    foreignQuestions: 0,
  };
}

function unitOf(id: string, language: string, { memory, probing_questions: asked }: Person): Unit {
  const sessions = Object.entries(memory.history).map(([day, exchanges]): SpokenSession => {
    const lines = exchanges.flatMap(({ query, response }) => [
      { role: 'user' as const, text: query ?? '' },
      { role: 'assistant' as const, text: response ?? '' },
    ]);
    const turns = lines.map(({ role, text }, place) => ({
      id: `${day}/${place}`,
      role,
      speaker: null,
      text,
      at: momentOf(day, 19, place * 30),
    }));
    return { id: day, turns: turns.filter(({ text }) => text.trim() !== '') };
  });
  const questions = asked.flatMap((text, index): readonly AskedQuestion[] => {
    const day = dayNamedIn(text);
    const talk = sessions.find((session) => day !== null && session.id.endsWith(day))?.turns[0];
    return talk === undefined ? [] : [{ id: `${id}/${index}`, category: language, text, gold: { [VIEW]: [talk.id] }, update: null }];
  });
  return { id, sessions, questions, foreign: [] };
}

/** `-MM-DD` of the first day a question names; null: it names none. */
export function dayNamedIn(text: string): string | null {
  const chinese = /(\d{1,2})月(\d{1,2})[号日]/u.exec(text);
  const english = /\b([A-Z][a-z]+) (\d{1,2})(?:st|nd|rd|th)\b/u.exec(text);
  const month = chinese === null ? MONTHS.indexOf(english?.[1]?.toLowerCase() ?? '') + 1 : Number(chinese[1]);
  const day = chinese?.[2] ?? english?.[2];
  return month === 0 || day === undefined ? null : `-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
}
