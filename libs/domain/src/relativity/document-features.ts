import type { IndexedDocument, Language } from '../memory.ts';
import { statementKey } from '../text/fold.ts';
import { detectLanguage } from '../text/language.ts';
import { withWiderConcepts, type ConceptHit } from '../text/lexicon.ts';
import { phraseOf, piecesOf, type Piece } from '../text/pieces.ts';
import { remember } from '../text/remember.ts';
import { onlyAsks } from './query-patterns.ts';
import { ofOthers, type OfOthers } from './of-others.ts';
import { CONCEPT_MATCH } from './weights.ts';

/** How strongly a document holds a topic: by its own name, by a case of it, in a script without spaces or with; 0 not, 1 plainly. */
export interface TopicPresence {
  readonly name: number;
  readonly caseInRun: number;
  readonly caseInWords: number;
}

export const ABSENT: TopicPresence = { name: 0, caseInRun: 0, caseInWords: 0 };

/** True when the document speaks of the topic itself, not only of something near it. */
export const isPlain = (presence: TopicPresence | undefined): boolean =>
  presence !== undefined && Math.max(presence.name, presence.caseInRun, presence.caseInWords) === 1;

/** What scoring looks at in a document. */
export interface DocumentFeatures {
  /** `statementKey` of a turn's text; null for memories, which never repeat a question. */
  readonly key: string | null;
  readonly stems: ReadonlySet<string>;
  /** Known phrases of several words, by `phraseOf`. */
  readonly phrases: ReadonlySet<string>;
  /** All runs of characters without spaces, parted by blanks. */
  readonly runs: string;
  readonly topics: ReadonlyMap<string, TopicPresence>;
  /** True when it is mainly written without spaces. */
  readonly inRuns: boolean;
  readonly onlyAsks: boolean;
  readonly ofOthers: OfOthers;
  readonly wordCount: number;
}

/** True of an allergy or a diet that bears on meals. */
export const forbidsFood = ({ topics }: DocumentFeatures): boolean =>
  isPlain(topics.get('food')) && (isPlain(topics.get('allergy')) || isPlain(topics.get('diet')));

/** The same as an index keeps it beside the document: plain data, short in JSON. */
export interface PackedFeatures extends Pick<DocumentFeatures, 'key' | 'runs' | 'inRuns' | 'onlyAsks' | 'ofOthers' | 'wordCount'> {
  /** Joined by blanks. */
  readonly stems: string;
  /** Joined by line feeds. */
  readonly phrases: string;
  readonly topics: readonly (readonly [id: string, name: number, caseInRun: number, caseInWords: number])[];
}

export const isInRuns = (language: Language): boolean => language === 'zh' || language === 'ja';

/** Of a very long text the beginning is read: reading all of it would cost more than finding it. */
const LONGEST_READ = 6_000;

const CACHE_SIZE = 2_000;
const cache = new Map<string, DocumentFeatures>();

/** Reads a document once; the same text and keys are not read again while they are in use. */
export function featuresOf(document: Pick<IndexedDocument, 'kind' | 'text' | 'keys' | 'source'>): DocumentFeatures {
  const key = [document.kind, document.keys.join('\n'), document.source, document.text].join('\u0000').slice(0, 2 * LONGEST_READ);
  const features = cache.get(key) ?? readFeatures(document);
  // Re-inserting keeps what is in use youngest, so that the first key is the one to forget.
  cache.delete(key);
  cache.set(key, features);
  const [oldest] = cache.size > CACHE_SIZE ? cache.keys() : [];
  if (oldest !== undefined) cache.delete(oldest);
  return features;
}

/** What is read in a document, for an index to keep. */
export function packFeatures(document: Pick<IndexedDocument, 'kind' | 'text' | 'keys' | 'source'>): PackedFeatures {
  const { stems, phrases, topics, ...plain } = featuresOf(document);
  return {
    ...plain,
    stems: [...stems].join(' '),
    phrases: [...phrases].join('\n'),
    topics: [...topics].map(([id, { name, caseInRun, caseInWords }]) => [id, name, caseInRun, caseInWords] as const),
  };
}

export function unpackFeatures({ stems, phrases, topics, ...plain }: PackedFeatures): DocumentFeatures {
  return {
    ...plain,
    stems: setOf(stems, ' '),
    phrases: setOf(phrases, '\n'),
    topics: new Map(topics.map(([id, name, caseInRun, caseInWords]) => [id, { name, caseInRun, caseInWords }])),
  };
}

const setOf = (joined: string, separator: string): ReadonlySet<string> => new Set(joined === '' ? [] : joined.split(separator));

function readFeatures(document: Pick<IndexedDocument, 'kind' | 'text' | 'keys' | 'source'>): DocumentFeatures {
  const pieces = piecesOf([document.text, document.source].join('\n').slice(0, LONGEST_READ), 'whole');
  const words: Words = { stems: new Set(), phrases: new Set(), runs: [], topics: new Map() };
  for (const [index, piece] of pieces.entries()) {
    addWords(words, piece, piece.start === pieces[index - 1]?.end);
    for (const hit of piece.hits) addTopic(words.topics, hit, piece.kind === 'run', hit.weak ? CONCEPT_MATCH.weak : 1);
  }
  if (isOtherAllergy(pieces)) words.topics.delete('food');
  addKeys(words, document.keys.filter((key) => key !== document.text).flatMap(piecesOfKey));
  return {
    key: document.kind === 'turn' ? statementKey(document.text) : null,
    stems: words.stems,
    phrases: words.phrases,
    runs: words.runs.join(''),
    topics: words.topics,
    inRuns: isInRuns(detectLanguage(document.text.slice(0, LONGEST_READ))),
    onlyAsks: document.kind === 'turn' && onlyAsks(document.text.slice(0, LONGEST_READ)),
    ofOthers: ofOthers(document, pieces),
    wordCount: pieces.reduce((count, { kind, form }) => count + (kind === 'run' ? form.length / CHARACTERS_PER_WORD : 1), 0),
  };
}

/** An allergy to pollen, cats or a drug bears on no meal. */
function isOtherAllergy(pieces: readonly Piece[]): boolean {
  const concepts = pieces.flatMap((piece) => piece.hits.map((hit) => hit.concept));
  return (
    concepts.includes('allergy') &&
    concepts.some((concept) => OTHER_ALLERGENS.some((id) => withWiderConcepts(concept).includes(id))) &&
    !concepts.some((concept) => concept !== 'allergy' && withWiderConcepts(concept).includes('food'))
  );
}

const OTHER_ALLERGENS = ['allergen', 'pet', 'medication'];

/** Of a Chinese text. */
const CHARACTERS_PER_WORD = 1.7;

const KEYS_REMEMBERED = 4_000;
const LONGEST_KEY = 40;
const piecesOfKey = remember((key) => piecesOf(key, 'whole'), KEYS_REMEMBERED, LONGEST_KEY);

interface Words {
  readonly stems: Set<string>;
  readonly phrases: Set<string>;
  readonly runs: string[];
  readonly topics: Map<string, TopicPresence>;
}

function addWords({ stems, phrases, runs }: Words, piece: Piece, joined: boolean): void {
  if (piece.kind === 'run') {
    runs.push(joined ? '' : ' ', piece.form);
    return;
  }
  for (const stem of [...piece.stems, ...piece.parts]) stems.add(stem);
  if (piece.stems.length > 1) phrases.add(phraseOf(piece.stems));
}

/**
 * Keys that name a topic ("health") are guesses at what a text is about: they hint, and only where the words do not say it
 * themselves are they believed. Keys that name a thing count like words of the text.
 */
function addKeys(words: Words, pieces: readonly Piece[]): void {
  const strength = words.topics.size > 0 ? CONCEPT_MATCH.guessed : CONCEPT_MATCH.believed;
  for (const piece of pieces) {
    const topicsNamed = piece.hits.filter((hit) => hit.role === 'name');
    if (topicsNamed.length === 0) addWords(words, piece, piece.start > 0);
    for (const hit of piece.hits) {
      const certain = hit.weak ? CONCEPT_MATCH.weak : 1;
      if (hit.role === 'case') addTopic(words.topics, hit, piece.kind === 'run', certain);
      else raise(words.topics, hit.concept, { ...ABSENT, name: strength * certain });
    }
  }
}

/** What belongs to a topic is a case of every wider one: seafood is a food. */
function addTopic(topics: Map<string, TopicPresence>, hit: ConceptHit, inRun: boolean, strength: number): void {
  for (const [depth, id] of withWiderConcepts(hit.concept).entries()) {
    if (depth === 0 && hit.role === 'name') raise(topics, id, { ...ABSENT, name: strength });
    else raise(topics, id, { ...ABSENT, [inRun ? 'caseInRun' : 'caseInWords']: strength });
  }
}

function raise(topics: Map<string, TopicPresence>, id: string, by: TopicPresence): void {
  const { name, caseInRun, caseInWords } = topics.get(id) ?? ABSENT;
  topics.set(id, {
    name: Math.max(name, by.name),
    caseInRun: Math.max(caseInRun, by.caseInRun),
    caseInWords: Math.max(caseInWords, by.caseInWords),
  });
}
