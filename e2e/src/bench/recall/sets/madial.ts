import { momentOf, type RecallSet, type Unit } from '../recall-set.ts';
import { dataFiles, jsonLinesOf } from './data-files.ts';

interface Dialogue {
  readonly dialogue: readonly string[];
  readonly 'test-turn': readonly number[];
  readonly 'relevant-id': readonly (number | string)[];
}

type Memories = Readonly<Record<string, { readonly time: string; readonly event: string }>>;

/**
 * MADial: what an assistant remembers in the middle of a talk. All memories of the bank lie in one user, each said by the user in a
 * conversation of its own on its day, because they have nothing to do with each other; the query is the talk up to the tested turn.
 */
export async function loadMadial(directory: string, language: 'zh' | 'en'): Promise<RecallSet> {
  const [bank = []] = await Promise.all(
    (await dataFiles(directory, 'madial_bench', new RegExp(`^madial_${language}_memory\\.jsonl$`, 'u'))).map(jsonLinesOf<Memories>),
  );
  const dialogues = (
    await Promise.all(
      (await dataFiles(directory, 'madial_bench', new RegExp(`^madial_${language}_dialogue_.*\\.jsonl$`, 'u'))).map(jsonLinesOf<Dialogue>),
    )
  ).flat();
  const memories = bank.flatMap((each) => Object.entries(each)).toSorted(([, a], [, b]) => a.time.localeCompare(b.time));
  const known = new Set(memories.map(([id]) => id));
  const unit: Unit = {
    id: language,
    sessions: memories.map(([id, { time, event }]) => ({
      id,
      turns: [{ id, role: 'user', speaker: null, text: event, at: momentOf(time, 12, 0) }],
    })),
    questions: dialogues.flatMap((each, index) => {
      const gold = each['relevant-id'].map(String).filter((id) => known.has(id));
      if (gold.length === 0) return [];
      return [{ id: String(index), category: language, text: talkBefore(each), gold: { memories: gold }, update: null }];
    }),
    foreign: [],
  };
  return {
    name: `madial-${language}`,
    units: [unit],
    views: [{ name: 'memories', level: 'turn', cuts: [5, 10, 20] }],
    foreignQuestions: 0,
  };
}

/** The lines before the tested one, as people write them: the speaker, a colon and what was said. */
function talkBefore({ dialogue, 'test-turn': [tested = dialogue.length] }: Dialogue): string {
  const lines = dialogue.slice(0, tested).map((line) => line.trim());
  return lines
    .filter((line) => !/^<[BE]OD>$/iu.test(line))
    .map((line) => line.replace(/^<([^>]+)>\s*[:：]\s*"?(.*?)"?$/su, '$1: $2'))
    .join('\n');
}
