/**
 * One thing that people say of themselves, in the ways in which they say it. `{v}` stands for the value. From a topic come repeats,
 * paraphrases, changes of mind and statements that only look alike.
 */
export interface Topic {
  readonly name: string;
  /** The same said in other words, the plainest first. */
  readonly ways: readonly string[];
  /** The plainest with more said, which takes nothing of it back. */
  readonly more: readonly string[];
  readonly values: readonly string[];
  /** What one asks to hear the value. */
  readonly ask: string;
  /** Ways to say that the value is another one now; empty where several values stand side by side. */
  readonly change: readonly string[];
  /** What is never the same as the plainest way with the same value. */
  readonly unlike: {
    readonly negation?: string;
    /** Of somebody else. */
    readonly other?: string;
    readonly before?: string;
  };
}

/** A statement with a number in it. */
export interface Measured {
  readonly text: string;
  readonly numbers: readonly string[];
  readonly units: readonly string[];
}

/** A statement with a day in it. */
export interface Dated {
  readonly text: string;
  readonly days: readonly string[];
}

/** A statement that ended and one that goes on; both stay true. `{a}` and `{b}` stand for values. */
export interface Interval {
  readonly ended: string;
  readonly lasting: string;
  readonly values: readonly string[];
  readonly ask: string;
}

/** What one says before, and what one says when it has changed, in words of its own. */
export interface Turnabout {
  readonly before: string;
  readonly after: string;
  readonly ask: string;
}

/** Two statements as they stand, of a family; `{v}` stands for a value. */
export interface Pair {
  readonly family:
    | 'paraphrase'
    | 'subset'
    | 'superset'
    | 'negation'
    | 'other person'
    | 'number'
    | 'date'
    | 'unit'
    | 'used to'
    | 'two items';
  readonly one: string;
  readonly other: string;
  /** Empty where nothing is to be put in. */
  readonly values: readonly string[];
  /** Of what must not be merged: false where the other one may end the first. */
  readonly both?: boolean;
}

/** Everything that cases of one language are made of. */
export interface Phrasebook {
  readonly language: 'en' | 'zh';
  readonly topics: readonly Topic[];
  readonly measured: readonly Measured[];
  readonly dated: readonly Dated[];
  readonly intervals: readonly Interval[];
  readonly turnabouts: readonly Turnabout[];
  readonly pairs: readonly Pair[];
}

export const fill = (template: string, value: string): string => template.replaceAll('{v}', value);
