/** Somebody whose memories nobody else may see. */
export interface Person {
  readonly project: string;
  readonly key: string;
  readonly user: string;
  /** Stands in everything this person says, and in nothing anybody else says. */
  readonly mark: string;
  readonly ids: string[];
  readonly tasks: string[];
}
