/** One emoji, or a part of one, as the source of a pattern with the `u` flag. */
export const EMOJI = '(?:\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|\\p{Regional_Indicator}|[\\d#*]?\\ufe0f?\\u20e3|[\\u200d\\ufe0f])';

const EMOJIS = new RegExp(`${EMOJI}+`, 'gu');

/** The text with a space for every emoji; as it is where it is nothing but emoji. */
export function withoutEmoji(text: string): string {
  const rest = text.replace(EMOJIS, ' ').replace(/\s+/gu, ' ').trim();
  return rest === '' ? text : rest;
}

/** The text with its emoji covered by spaces. Same length. */
export const blankEmoji = (text: string): string => text.replace(EMOJIS, (emoji) => ' '.repeat(emoji.length));
