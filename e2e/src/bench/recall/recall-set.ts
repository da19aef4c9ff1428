/** One utterance of a dialogue that is put into a server. */
export interface SpokenTurn {
  /** Opaque outside the bench: the server never sees it. */
  readonly id: string;
  readonly role: 'user' | 'assistant';
  /** Who speaks, where several people do; null: the user or the assistant whose space it is. */
  readonly speaker: string | null;
  readonly text: string;
  /** `YYYY-MM-DD HH:mm:ss`. */
  readonly at: string;
}

/** Turns that become one conversation. */
export interface SpokenSession {
  readonly id: string;
  readonly turns: readonly SpokenTurn[];
}

export interface AskedQuestion {
  readonly id: string;
  readonly category: string;
  /** Asked as it stands: neither its category nor its date reaches the server. */
  readonly text: string;
  /** Ids of the turns that answer it, by the name of the view they count in. */
  readonly gold: Readonly<Record<string, readonly string[]>>;
  /** Of a question about what has changed: where the newer and the older value was said. Null: nothing changed. */
  readonly update: { readonly newer: readonly string[]; readonly older: readonly string[] } | null;
}

/** What becomes one user of the server. */
export interface Unit {
  readonly id: string;
  readonly sessions: readonly SpokenSession[];
  readonly questions: readonly AskedQuestion[];
  /** Questions of other people, to which this user's memory has no answer. */
  readonly foreign: readonly string[];
}

/** One way to read the answers: which questions count, and whether turns or whole sessions are to be found. */
export interface View {
  readonly name: string;
  readonly level: 'turn' | 'session';
  /** Cuts whose figures are shown; all of `CUTS` are computed. */
  readonly cuts: readonly number[];
}

/** A data set as the bench asks it. The first view is the headline: ablations ask its questions alone. */
export interface RecallSet {
  readonly name: string;
  readonly units: readonly Unit[];
  readonly views: readonly [View, ...View[]];
  /** How many questions of other users are asked unless the caller says otherwise. */
  readonly foreignQuestions: number;
}

export const headlineOf = (set: RecallSet): View => set.views[0];

/** A moment as the contract takes it: the day at an hour, so many seconds later. */
export function momentOf(day: string, hour: number, seconds: number): string {
  const moment = new Date(Date.parse(`${day}T00:00:00Z`) + (hour * 3_600 + seconds) * 1_000);
  if (Number.isNaN(moment.getTime())) throw new Error(`not a day: ${day}`);
  return moment.toISOString().slice(0, 19).replace('T', ' ');
}

/** The same set with only its first units. */
export const limitedTo = (set: RecallSet, units: number): RecallSet => ({ ...set, units: set.units.slice(0, units) });
