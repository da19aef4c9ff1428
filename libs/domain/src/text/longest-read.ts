/** Characters of one text that the rules read. Everything waits while they do: what stands further on can still be recalled verbatim. */
export const LONGEST_READ = 12_000;
