/** What the engines call differently in a table's definition. */
export interface ColumnTypes {
  /** A number that rises with every row and is never given twice; the primary key. */
  readonly sequence: string;
  readonly blob: string;
  /** Text that is compared byte by byte, whatever the language of the database. */
  readonly text: string;
  /** A text of any length as part of an index. */
  readonly keyOf: (column: string) => string;
}

/** One step forward. There is no way back: a step that was released is never edited. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: (types: ColumnTypes) => readonly string[];
}
