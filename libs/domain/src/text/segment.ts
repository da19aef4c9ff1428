const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The words of a run of characters written without spaces. */
export function segmentRun(run: string): readonly string[] {
  if (run.length < 2) return run === '' ? [] : [run];
  return [...segmenter.segment(run)].filter((piece) => piece.isWordLike === true).map((piece) => piece.segment);
}
