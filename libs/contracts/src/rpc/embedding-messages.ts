import { int32, int64, message, nullable, oneOf, repeated, reshaped, text, vector } from './wire-schema.ts';

export interface ModelIdentity {
  readonly id: string;
  readonly dimension: number;
}

/** Structurally the port's `EmbedderState`. */
export type EmbedderStateValue =
  | { readonly status: 'none' | 'failed'; readonly reason: string }
  | { readonly status: 'fetching'; readonly reason: string; readonly receivedBytes: number; readonly totalBytes: number | null }
  | { readonly status: 'ready'; readonly reason: string; readonly model: ModelIdentity };

const EmbeddingModelIdentityMessage = message('EmbeddingModelIdentity', { id: text(), dimension: int32() });

const ABSENT = { receivedBytes: null, totalBytes: null, model: null } as const;

export const StateRequest = message('StateRequest', {});

export const StateReply = reshaped(
  'StateReply',
  {
    status: oneOf('EmbedderStatus', ['none', 'fetching', 'ready', 'failed']),
    reason: text(),
    receivedBytes: nullable(int64()),
    totalBytes: nullable(int64()),
    model: nullable(EmbeddingModelIdentityMessage),
  },
  {
    decode: ({ status, reason, receivedBytes, totalBytes, model }): EmbedderStateValue | null => {
      if (status === 'fetching') return { status, reason, receivedBytes: receivedBytes ?? 0, totalBytes };
      if (status === 'ready') return model === null ? null : { status, reason, model };
      return { status, reason };
    },
    encode: (state) => ({ ...ABSENT, ...state }),
  },
);

export const EmbedRequest = message('EmbedRequest', {
  texts: repeated(text()),
  role: oneOf('EmbeddingRole', ['query', 'passage']),
  modelId: text(),
});

export const EmbedReply = message('EmbedReply', { vectors: repeated(vector()) });
