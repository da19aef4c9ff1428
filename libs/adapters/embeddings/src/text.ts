/** One form for texts that differ in white space only: newlines and tabs are unknown tokens to many models. */
export function normaliseText(text: string): string {
  return text.toWellFormed().replace(/\s+/gu, ' ').trim();
}
