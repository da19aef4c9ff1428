import { EMBEDDING_RPC, GENERATION_RPC, INDEX_RPC, RECALL_RPC, type RpcMethod } from '@continuo/contracts';

/** A scope as it is written on the wire, or what somebody makes of one. */
export interface WireScope {
  readonly projectId?: string;
  readonly subject?: string;
}

/** A method with a message that is sound but for its scope. */
export interface ProbedMethod {
  readonly method: RpcMethod;
  readonly message: (scope: WireScope | undefined) => object;
  /** `part`: without a scope it is about the whole index, which is for the worker; one that is there has to be whole. */
  readonly scoped: 'always' | 'part' | 'never';
}

const NOBODYS_ID = '00000000-0000-5000-8000-000000000000';
const MESSAGES = [{ role: 'PROMPT_ROLE_USER', content: 'Say something.' }];

export const searchOf = (scope: WireScope | undefined, query: string, more: object = {}): object => ({
  scope,
  query,
  limits: { fact: 25, preference: 25 },
  minRelativity: 0,
  explainIds: [],
  embed: false,
  ...more,
});

export const documentOf = (scope: WireScope | undefined, id: string, text: string, indexVersion: number): object => ({
  id,
  scope,
  kind: 'DOCUMENT_KIND_FACT',
  origin: 'ORIGIN_USER',
  conversationId: 'shared',
  text,
  keys: [],
  source: text,
  labels: { tags: [], info: '{}' },
  statedAt: 1,
  createdAt: 1,
  updatedAt: 1,
  indexVersion,
});

/** Every method there is. */
export const PROBED_METHODS: readonly ProbedMethod[] = [
  { method: RECALL_RPC.search, message: (scope) => searchOf(scope, 'anything'), scoped: 'always' },
  { method: INDEX_RPC.upsert, message: (scope) => ({ documents: [documentOf(scope, NOBODYS_ID, 'x', 1)] }), scoped: 'always' },
  { method: INDEX_RPC.remove, message: (scope) => ({ removals: [{ id: NOBODYS_ID, scope, indexVersion: 1 }] }), scoped: 'always' },
  { method: INDEX_RPC.removeScope, message: (scope) => ({ scope }), scoped: 'always' },
  { method: INDEX_RPC.count, message: (scope) => ({ scope }), scoped: 'part' },
  { method: INDEX_RPC.sweepTombstones, message: () => ({ beforeMs: 1 }), scoped: 'never' },
  { method: INDEX_RPC.entries, message: () => ({ limit: 1_000 }), scoped: 'never' },
  { method: INDEX_RPC.needsRefill, message: () => ({}), scoped: 'never' },
  { method: INDEX_RPC.confirmRefill, message: () => ({}), scoped: 'never' },
  { method: EMBEDDING_RPC.state, message: () => ({}), scoped: 'never' },
  { method: EMBEDDING_RPC.embed, message: () => ({ texts: ['x'], role: 'EMBEDDING_ROLE_QUERY' }), scoped: 'never' },
  {
    method: GENERATION_RPC.stream,
    message: (scope) => ({ scope, messages: MESSAGES, temperature: 0.5, topP: 0.9, maxTokens: 64 }),
    scoped: 'always',
  },
  {
    method: GENERATION_RPC.complete,
    message: (scope) => ({
      scope,
      role: 'STRUCTURED_ROLE_EXTRACT',
      name: 'memories',
      messages: MESSAGES,
      schema: '{"type":"object"}',
      itemsKey: 'memories',
      maxTokens: 64,
    }),
    scoped: 'always',
  },
  { method: GENERATION_RPC.describe, message: () => ({}), scoped: 'never' },
];

/** What no service may take for a scope. */
export const BROKEN_SCOPES: readonly { readonly scope: WireScope | undefined }[] = [
  { scope: undefined },
  { scope: {} },
  { scope: { projectId: 'default' } },
  { scope: { subject: 'user:user-1' } },
  { scope: { projectId: '', subject: 'user:user-1' } },
  { scope: { projectId: 'default', subject: '' } },
  { scope: { projectId: 'default', subject: 'user:' } },
  { scope: { projectId: 'default', subject: 'agent:' } },
  { scope: { projectId: 'default', subject: ':user-1' } },
  { scope: { projectId: 'default', subject: 'user-1' } },
  { scope: { projectId: 'default', subject: 'USER:user-1' } },
  { scope: { projectId: 'default', subject: ' user:user-1' } },
  { scope: { projectId: 'default', subject: 'robot:user-1' } },
  { scope: { projectId: 'default', subject: '*' } },
  { scope: { projectId: 'default\nuser:user-1', subject: 'user:user-1' } },
];

/** Scopes that look like many: each is somebody of whom nothing is known. */
export const WIDE_SCOPES: readonly WireScope[] = [
  { projectId: 'default', subject: 'user:*' },
  { projectId: 'default', subject: 'user:user-*' },
  { projectId: 'default', subject: 'user:user-?' },
  { projectId: 'default', subject: 'user:user-1,user:user-2' },
  { projectId: 'default', subject: 'user:user-1 OR user:user-2' },
  { projectId: 'default', subject: 'user:user-1\nuser:user-2' },
  { projectId: 'default', subject: 'user:USER-1' },
  { projectId: 'default', subject: 'user: user-1' },
  { projectId: 'default', subject: 'user:user-1\u0000' },
  { projectId: 'default', subject: 'user:"}},{"match_all":{}}' },
  { projectId: 'default', subject: "user:' or '1'='1" },
  { projectId: 'default', subject: 'agent:user-1' },
  { projectId: 'DEFAULT', subject: 'user:user-1' },
  { projectId: '*', subject: 'user:user-1' },
  { projectId: 'default,project-1', subject: 'user:user-1' },
  { projectId: 'project-9', subject: 'user:user-1' },
];

/** What is no token of the services; an API key is none either. */
export const wrongTokens = (token: string, apiKey: string): readonly (string | null)[] => [
  null,
  '',
  'wrong',
  apiKey,
  token.slice(0, -1),
  `${token}0`,
  token.toUpperCase() === token ? token.toLowerCase() : token.toUpperCase(),
  `Bearer ${token}`,
];
