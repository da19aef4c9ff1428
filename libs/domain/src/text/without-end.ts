/** The text without what it ends in of these characters and of white space: one look from the end, however long that is. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && (characters.includes(text[end - 1] ?? '') || /\s/u.test(text[end - 1] ?? ''))) end -= 1;
  return text.slice(0, end);
}
