import { analyseQuery, type IndexedDocument, type Scope } from '@continuo/domain';
import type { IndexQuery } from '@continuo/ports';

/** 2026-03-01T12:00:00Z, when what nothing else is said of was said. */
const SOME_TIME = 1_772_366_400_000;

/** Whose vectors all vectors are where a test names no other model. */
const SOME_MODEL = 'some-model';

const someScope: Scope = { projectId: 'default', subject: 'user:ana' };

/** A fact without vector, labels or event; say what the test is about. */
export function anIndexedDocument(parts: Partial<IndexedDocument> = {}): IndexedDocument {
  return {
    id: 'document-1',
    scope: someScope,
    kind: 'fact',
    role: null,
    origin: 'user',
    about: null,
    conversationId: 'monday',
    place: null,
    sourceMessageIds: [],
    text: 'I drink green tea every morning',
    keys: [],
    source: '',
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    statedAt: SOME_TIME,
    createdAt: SOME_TIME,
    updatedAt: SOME_TIME,
    eventTime: null,
    indexVersion: 1,
    vector: null,
    vectorModelId: parts.vector === undefined || parts.vector === null ? null : SOME_MODEL,
    ...parts,
  };
}

/** A query by words alone over all kinds; `text` is read as recall reads it. */
export function anIndexQuery({ text = 'green tea', ...parts }: Partial<IndexQuery> & { readonly text?: string } = {}): IndexQuery {
  return {
    scope: someScope,
    analysis: analyseQuery(text),
    vector: null,
    vectorModelId: parts.vector === undefined || parts.vector === null ? null : SOME_MODEL,
    filter: null,
    kinds: ['fact', 'preference', 'turn'],
    timeWindow: null,
    topK: 50,
    ...parts,
  };
}
