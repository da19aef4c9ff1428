export { EMBEDDING_RPC, GENERATION_RPC, INDEX_RPC, RECALL_RPC, RPC_METHODS, type RpcMethod } from './methods.ts';
export {
  FAILURE_METADATA,
  MAX_RPC_MESSAGE_BYTES,
  PROTO_FILES,
  PROTO_FOLDER,
  PROTO_READING,
  REQUEST_ID_METADATA,
  TOKEN_METADATA,
  TOKEN_PATTERN,
} from './protocol.ts';
export { decodeMessage, encodeMessage, errorOf, failureOf, readFailure, writeFailure, type FailureValue } from './reading.ts';
export type { WireSchema } from './wire-schema.ts';
