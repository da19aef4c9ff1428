const RECALLED = [
  /<(?<tag>memor(?:y|ies)|facts?|preferences?|recall(?:ed)?|context)\b[^<>]{0,200}>[\s\S]*?(?:<\/\k<tag>>|$)/giu,
  /^[ \t]*(?:[-*•][ \t]*)?\[(?:19|20)\d\d-\d\d.*$/gmu,
  // The mark of our own lines, wherever a line of them was joined to another.
  /[-*•][ \t]*\[(?:19|20)\d\d-\d\d-\d\d[^\]\n]{0,12}\].*$/gmu,
];
/** Shorter texts are too common to be told from what a person says anew. */
const SHORTEST_FINGERPRINT = 5;

const fingerprint = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^[\s\-*•\d.)\]]+/u, '')
    .replace(/[^\p{L}\p{N}]+/gu, '');

const sentencesOf = (text: string): string[] =>
  text.match(/[^.!?。！？；\n]+(?:[.!?。！？；]+(?=\s|$|[^\d\w])|\n|$)|[.!?。！？；\n]+/gu) ?? [];

/**
 * The content without what was put into the prompt by us: recalled blocks, and sentences or lines that equal a text
 * injected earlier but for case, width, spaces and marks. What stays, stays as it was, parted by line feeds where
 * something was taken out, so that no sentence grows together out of two.
 */
export function cleanForMining(content: string, injectedTexts: readonly string[]): string {
  const known = new Set(
    injectedTexts
      .flatMap((text) => [text, ...sentencesOf(text)])
      .map(fingerprint)
      .filter((print) => print.length >= SHORTEST_FINGERPRINT),
  );
  const blocked = RECALLED.reduce((text, pattern) => text.replace(pattern, '\n'), content);
  if (known.size === 0) return blocked === content ? content : blocked.replace(/\n{2,}/gu, '\n').trim();
  const kept = blocked.split('\n').map((line) => {
    if (known.has(fingerprint(line))) return '';
    return sentencesOf(line)
      .map((sentence) => (known.has(fingerprint(sentence)) ? '\n' : sentence))
      .join('');
  });
  const joined = kept.join('\n');
  return joined === content ? content : joined.replace(/\n{2,}/gu, '\n').trim();
}
