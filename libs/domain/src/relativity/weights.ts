/** How much each kind of query word weighs against the others, before rarity. A plain content word is 1. */
export const SLOT_WEIGHTS = {
  word: 1,
  /** A name of a person or thing: whoever names one wants what is about it. */
  name: 1.3,
  /** One case of a topic ("Tokyo"): more specific than the topic's own name. */
  case: 1.2,
  /** A word that only hints at a topic ("work", "holiday"). */
  weak: 0.6,
  /** Words of liking and planning. */
  light: 0.3,
  time: 0.25,
  number: 1,
  digit: 0.2,
  /** One Chinese character that no dictionary entry holds. */
  character: 0.4,
  /** A query that weighs less asks for nothing that can be found. */
  least: 0.25,
} as const;

/** How fully a document's word answers a query's word when they are not the same word. */
export const CONCEPT_MATCH = {
  /** "which city" – "Lyon". */
  nameToCase: 0.85,
  /** "where do I live" – "we moved to …". */
  nameToName: 0.8,
  /** "seafood" – "food": the document is wider than the question. */
  nameToWider: 0.3,
  /** "dog" – "pet". */
  caseToName: 0.4,
  /** "shrimp" – "no seafood": a standing wish about the kind holds for the case. */
  caseToStanding: 0.85,
  /** "Tokyo" – "Lyon": the same kind of thing, and not the thing. */
  caseToCase: 0.12,
  /** "狗" – "dog": across scripts the same thing and another one of its kind cannot be told apart. */
  caseAcrossScripts: 0.45,
  /** Factor for words that only hint at the topic, on either side: one alone never suffices. */
  weak: 0.6,
  /** Factor for a topic that only the keys name, where the words speak of something else. */
  guessed: 0.45,
  /** Factor for a topic that only the keys name, where the words name none. */
  believed: 0.9,
  /** Factor for a part of a phrase or of a word. */
  partial: 0.7,
} as const;

/** Rarity: with fewer candidates than this nothing is known about it; from `full` on it counts in full. Never below `floor`. */
export const RARITY = { floor: 0.2, full: 60 } as const;

/** How the parts of a query speak for the whole. */
export const CLAUSES = {
  /** Share with which a clause of hardly any weight speaks; grows to 1 at `enough`. */
  least: 0.4,
  enough: 6,
  /** With more clauses than this each one says less: by how many times more. */
  few: 3,
  /** What the whole adds to the best clause. */
  whole: 0.3,
} as const;

/** No document answers all of a long query: beyond this weight only the root of the excess must be met. */
export const LONG_QUERY = {
  from: 2.5,
  /** Beyond this weight it is talk rather than a question: no more must be met than at it, and chance begins to count. */
  talk: 8,
  /** In talk of twice that weight a topic in common counts this much of what it does in a question: so many topics are met by chance. */
  topics: 0.3,
  /** In talk a text longer than `usualWords` counts less, a shorter one more, by this share. */
  length: 0.3,
  usualWords: 20,
} as const;

/** What exceeds the full answer of a query counts this much. */
export const EXCESS = 0.35;

/** Relativity nears 1 and does not reach it: beyond this the rest is squeezed. */
export const HIGH = 0.8;

/** Evidence: what is met must weigh something by itself. One light word gives `least + slope · .3` of its coverage. */
export const EVIDENCE = { least: 0.55, slope: 0.75 } as const;

/** The map of both signals to relativity. */
export const FUSION = {
  /** Coverage c gives `ceiling · c ^ exponent` by words alone: .5 of the wish is just worth recalling. */
  ceiling: 0.93,
  exponent: 0.95,
  /** Both signals: what each e-fold of the odds by vectors adds to the words or takes from them, and how many count. */
  perFold: 0.04,
  folds: 4,
  /** The same for a wish for advice, and for talk. */
  perFoldOfWish: 0.15,
  /** Vectors alone: never as sure as with a word in common, because small embedders put strangers close. */
  vectorsAlone: 0.68,
  /** Factor on that for turns: greetings and chat lie close to everything, and what matters in them becomes a memory. */
  turnByVectorsAlone: 0.5,
  /** Factor where another text has the words asked for and lies closer: what lies less close has less to say. */
  answeredByWords: 0.7,
  /** Relativity by words from which on a text has the words asked for. */
  answers: 0.6,
  /** From more slots than this on, vectors alone lose trust, down to `leastTrust`. */
  fewSlots: 4,
  trustLostPerSlot: 0.05,
  leastTrust: 0.75,
} as const;

/** Factors on relativity, by rule. Small: none of them makes an unrelated text worth recalling. */
export const RULES = {
  sameConversation: 1.03,
  /** At most, for what was said just now; halves about every three weeks. Not for preferences. */
  recency: 0.04,
  recencyDays: 30,
  outsideWindow: 0.9,
  saidByAssistant: 0.82,
  saidByAssistantAsked: 1.12,
  saidByUserNotAsked: 0.92,
  turn: 0.97,
  onlyAsks: 0.43,
  /** A short turn that also states something. */
  alsoAsks: 0.88,
  alsoAsksBelow: 24,
  sameQuestion: 0.2,
  /** Of someone, where a wish names nobody. */
  aboutSomeoneElse: 0.78,
  /** The user is asked about, or somebody else than whom the text is about. */
  aboutTheWrongOne: 0.4,
  /** Somebody is asked about, and the text is about the user and names nobody asked for. */
  aboutNobodyNamed: 0.7,
  /** The user is asked about, and the text speaks of somebody else as well. */
  ofOthers: 0.55,
  aboutTheNamed: 1.08,
  /** "How do planes fly?" asks for no flight of the user's, though one has its words. */
  ofTheWorld: 0.42,
  /** From so many words on a text is long; each doubling costs a step, down to `lengthy`. */
  lengthyFrom: 120,
  /** The same of a part of a document, which is long by nature. */
  lengthyDocumentFrom: 480,
  lengthyStep: 0.1,
  lengthy: 0.75,
} as const;

/** Floors where the words cannot say it. */
export const FLOORS = {
  /** A preference or an allergy whose topic the query touches applies to it, however much else the query holds. */
  standingTopic: 0.58,
  /** Below this match the topic was only hinted at. */
  leastTopic: 0.5,
  /** A query that names a time and hardly anything else asks for what lies in it. */
  insideWindow: 0.58,
  /** A query for all that is known. */
  profile: 0.6,
} as const;

/**
 * What a turn is worth by what was said around it. Fitted on dialogues of two people with times, and checked on talks with an assistant
 * (docs/quality.md).
 */
export const NEIGHBOURS = {
  /** Words of the turn right before or after it. */
  next: 0.6,
  /** Words of turns two or three away. */
  near: 0.4,
  /** Words from anywhere in the conversation. */
  conversation: 0.2,
  /** The better vector of the turn right before or after it, against its own. */
  meaning: 0.5,
} as const;

/** People talking to each other; fitted as above. */
export const DIALOGUE = {
  /** What is added to the answer of a question that is itself worth more than `replyFrom`: this share of what exceeds it. */
  reply: 0.3,
  replyFrom: 0.25,
} as const;

/** What rules add; in full from a worth of `from` on, so that they carry nothing that has nothing else to say for it. */
export const ADDITIONS = { from: 0.15, saidByTheNamed: 0.15, insideWindow: 0.15 } as const;
