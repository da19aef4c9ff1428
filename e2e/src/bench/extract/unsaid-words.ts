/** Words with which a model puts into a sentence of its own what was said in another person or tense. */
const FORM_WORDS = new Set(
  (
    'a an the and or but so that this these those of in on at to for from with by as about into over after before since until i me my mine we us our ' +
    'you your he him his she her hers they them their it its user users is are was were be been being am do does did has have had will would can could ' +
    'not no never any some who whom whose which what when where there also still currently now usually very s t m re ve ll d prefers likes wants says'
  ).split(' '),
);
const CHINESE_FORM = /[我你您他她它们的了着过是在有和与及或不没也都就还很被把给对从到于之其这那用户]/u;

/** Dates that were reckoned, and marks that were set. */
const BRACKETS = / ?[([（【][^()[\]（）【】]*[)\]）】]/gu;

/** The words of a memory that carry meaning and that none of the texts holds. */
export function unsaidWords(memory: string, texts: readonly string[]): readonly string[] {
  const said = texts.join('\n').toLowerCase();
  const words =
    memory
      .toLowerCase()
      .replace(BRACKETS, ' ')
      .match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !FORM_WORDS.has(word) && !CHINESE_FORM.test(word) && !said.includes(stemOf(word)));
}

/** "lives" where somebody said "I live", "moved" where somebody said "moving". */
const stemOf = (word: string): string => (word.length > 4 ? word.replace(/(?:ing|ies|ed|es|s|e)$/u, '') : word.replace(/s$/u, ''));
