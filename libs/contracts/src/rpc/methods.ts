import { EmbedReply, EmbedRequest, StateReply, StateRequest } from './embedding-messages.ts';
import {
  ChatModelEventMessage,
  ChatModelRequestMessage,
  DescribeReply,
  DescribeRequest,
  StructuredReplyMessage,
  StructuredRequestMessage,
} from './generation-messages.ts';
import * as index from './index-messages.ts';
import { SearchReply, SearchRequest } from './recall-messages.ts';
import type { WireSchema } from './wire-schema.ts';

/** One method of a service: what goes in and what comes out. */
export interface RpcMethod<Request = unknown, Reply = unknown> {
  /** `continuo.v1.Recall`. */
  readonly service: string;
  readonly name: string;
  readonly request: WireSchema<Request>;
  readonly reply: WireSchema<Reply>;
  /** True: the reply is a stream of them. */
  readonly streams: boolean;
}

const PACKAGE = 'continuo.v1';

function method<Request, Reply>(
  service: string,
  name: string,
  request: WireSchema<Request>,
  reply: WireSchema<Reply>,
  streams = false,
): RpcMethod<Request, Reply> {
  return { service: `${PACKAGE}.${service}`, name, request, reply, streams };
}

export const RECALL_RPC = { search: method('Recall', 'Search', SearchRequest, SearchReply) } as const;

export const INDEX_RPC = {
  upsert: method('Index', 'Upsert', index.UpsertRequest, index.UpsertReply),
  remove: method('Index', 'Remove', index.RemoveRequest, index.RemoveReply),
  removeScope: method('Index', 'RemoveScope', index.RemoveScopeRequest, index.RemoveScopeReply),
  count: method('Index', 'Count', index.CountRequest, index.CountReply),
  sweepTombstones: method('Index', 'SweepTombstones', index.SweepTombstonesRequest, index.SweepTombstonesReply),
  entries: method('Index', 'Entries', index.EntriesRequest, index.EntriesReply),
  needsRefill: method('Index', 'NeedsRefill', index.NeedsRefillRequest, index.NeedsRefillReply),
  confirmRefill: method('Index', 'ConfirmRefill', index.ConfirmRefillRequest, index.ConfirmRefillReply),
} as const;

export const EMBEDDING_RPC = {
  state: method('Embedding', 'State', StateRequest, StateReply),
  embed: method('Embedding', 'Embed', EmbedRequest, EmbedReply),
} as const;

export const GENERATION_RPC = {
  stream: method('Generation', 'Stream', ChatModelRequestMessage, ChatModelEventMessage, true),
  complete: method('Generation', 'Complete', StructuredRequestMessage, StructuredReplyMessage),
  describe: method('Generation', 'Describe', DescribeRequest, DescribeReply),
} as const;

/** Every method of every service. */
export const RPC_METHODS: readonly RpcMethod[] = [
  ...Object.values(RECALL_RPC),
  ...Object.values(INDEX_RPC),
  ...Object.values(EMBEDDING_RPC),
  ...Object.values(GENERATION_RPC),
];
