import type { Memory } from '@continuo/domain';

const ENGLISH =
  'Note: the facts above sum up what is known; the preferences sum up what the user wants. Explicit preferences were said by the user, implicit ones ' +
  'were inferred from what they did. Follow both: an answer may not go against either, and where one shaped it, say so in a few words.';

const CHINESE =
  '注意：上面的事实概括了已知的情况，偏好概括了用户想要的。显式偏好由用户亲口说出，隐式偏好由其言行推断而来。两者都要遵守：回答不得与任何一条相违背；若某条偏好影响了回答，请用一句话说明。';

/** Advice for the prompt a caller builds from a search, in the language of most of the preferences; empty without any. */
export function preferenceNote(preferences: readonly Pick<Memory, 'language'>[]): string {
  if (preferences.length === 0) return '';
  const chinese = preferences.filter((preference) => preference.language === 'zh').length;
  return chinese * 2 > preferences.length ? CHINESE : ENGLISH;
}
