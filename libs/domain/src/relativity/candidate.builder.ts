import type { RecallCandidate } from './types.ts';

/** When the specs of this folder take place. */
export const NOW = Date.UTC(2026, 10, 21);

type Traits = Partial<RecallCandidate['document']> & Partial<Pick<RecallCandidate, 'cosine'>>;

/** A candidate for specs: a fact the user stated twenty days ago, without a vector. */
export function aCandidate({ cosine = null, ...document }: Traits): RecallCandidate {
  const statedAt = NOW - 20 * 86_400_000;
  return {
    document: {
      id: 'a',
      scope: { projectId: 'p', subject: 'user:u' },
      kind: 'fact',
      role: null,
      origin: 'user',
      about: null,
      conversationId: 'c',
      place: null,
      sourceMessageIds: [],
      text: '',
      keys: [],
      source: '',
      labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
      statedAt,
      createdAt: statedAt,
      updatedAt: statedAt,
      eventTime: null,
      indexVersion: 1,
      ...document,
    },
    lexical: null,
    cosine,
    overlay: false,
  };
}
