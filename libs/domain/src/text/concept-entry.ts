/** A topic of everyday life. Entries are parted by commas; `~` marks a word that only hints at the topic, `=` one that counts in this form only. */
export interface ConceptEntry {
  readonly id: string;
  /** The wider topics it belongs to. */
  readonly within?: readonly string[];
  /** Words that name the topic, or an act that belongs to it. */
  readonly names: string;
  /** Words that are one case of it. */
  readonly cases?: string;
}
