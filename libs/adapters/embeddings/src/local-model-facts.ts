import type { EmbeddingModelIdentity, EmbeddingRole } from '@continuo/ports';

/** The local embedder. Converted, quantised and full-precision files of the same weights are one identity: their cosine is above .996. */
export const LOCAL_EMBEDDING_MODEL: EmbeddingModelIdentity = { id: 'multilingual-e5-small/int8', dimension: 384 };

/** The model's own limit; its position table ends there. */
export const MAX_TOKENS = 512;

/** What e5 models were trained to see before a text. Without them recall falls by a third. */
export const E5_PREFIXES: Readonly<Record<EmbeddingRole, string>> = { query: 'query: ', passage: 'passage: ' };
