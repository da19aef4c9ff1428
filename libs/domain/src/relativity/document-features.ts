import type { IndexedDocument, Language } from '../memory.ts';
import { statementKey } from '../text/fold.ts';
import { detectLanguage } from '../text/language.ts';
import { withWiderConcepts, type ConceptHit } from '../text/lexicon.ts';
import { piecesOf } from '../text/pieces.ts';
import { onlyAsks } from './query-patterns.ts';
import { CONCEPT_MATCH } from './weights.ts';

/** How strongly a document holds a topic: by its own name, by a case of it, in a script without spaces or with; 0 not, 1 plainly. */
export interface TopicPresence {
  readonly name: number;
  readonly caseInRun: number;
  readonly caseInWords: number;
}

export const ABSENT: TopicPresence = { name: 0, caseInRun: 0, caseInWords: 0 };

/** What scoring looks at in a document. */
export interface DocumentFeatures {
  /** `statementKey` of a turn's text; null for memories, which never repeat a question. */
  readonly key: string | null;
  readonly stems: ReadonlySet<string>;
  /** All runs of characters without spaces, parted by blanks. */
  readonly runs: string;
  readonly topics: ReadonlyMap<string, TopicPresence>;
  /** True when it is mainly written without spaces. */
  readonly inRuns: boolean;
  readonly onlyAsks: boolean;
  readonly wordCount: number;
}

export const isInRuns = (language: Language): boolean => language === 'zh' || language === 'ja';

const CACHE_SIZE = 4_000;
const cache = new Map<string, DocumentFeatures>();

/** Reads a document once; the same text and keys are not read again while they are in use. */
export function featuresOf(document: Pick<IndexedDocument, 'kind' | 'text' | 'keys' | 'source'>): DocumentFeatures {
  const key = [document.kind, document.text, document.keys.join('\n'), document.source].join('\u0000');
  const known = cache.get(key);
  if (known !== undefined) {
    // Re-inserting keeps what is in use youngest, so that the oldest key is the one to forget.
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const features = readFeatures(document);
  cache.set(key, features);
  if (cache.size > CACHE_SIZE) for (const oldest of cache.keys()) return forget(oldest, features);
  return features;
}

function forget(key: string, features: DocumentFeatures): DocumentFeatures {
  cache.delete(key);
  return features;
}

/** Of a very long text the beginning is read: reading all of it would cost more than finding it. */
const LONGEST_READ = 6_000;

function readFeatures(document: Pick<IndexedDocument, 'kind' | 'text' | 'keys' | 'source'>): DocumentFeatures {
  const pieces = piecesOf([...document.keys, document.text, document.source].join('\n').slice(0, LONGEST_READ));
  const stems = new Set<string>();
  const runs: string[] = [];
  const topics = new Map<string, TopicPresence>();
  let previousEnd = -1;
  for (const piece of pieces) {
    if (piece.kind === 'run') runs.push(piece.start === previousEnd ? '' : ' ', piece.form);
    else for (const stem of [...piece.stems, ...piece.parts]) stems.add(stem);
    previousEnd = piece.end;
    for (const hit of piece.hits) addTopic(topics, hit, piece.kind === 'run');
  }
  return {
    key: document.kind === 'turn' ? statementKey(document.text) : null,
    stems,
    runs: runs.join(''),
    topics,
    inRuns: isInRuns(detectLanguage(document.text.slice(0, LONGEST_READ))),
    onlyAsks: document.kind === 'turn' && onlyAsks(document.text.slice(0, LONGEST_READ)),
    wordCount: pieces.length,
  };
}

/** What belongs to a topic is a case of every wider one: seafood is a food. */
function addTopic(topics: Map<string, TopicPresence>, hit: ConceptHit, inRun: boolean): void {
  const strength = hit.weak ? CONCEPT_MATCH.weak : 1;
  for (const [depth, id] of withWiderConcepts(hit.concept).entries()) {
    const { name, caseInRun, caseInWords } = topics.get(id) ?? ABSENT;
    const asName = depth === 0 && hit.role === 'name';
    topics.set(id, {
      name: asName ? Math.max(name, strength) : name,
      caseInRun: !asName && inRun ? Math.max(caseInRun, strength) : caseInRun,
      caseInWords: !asName && !inRun ? Math.max(caseInWords, strength) : caseInWords,
    });
  }
}
