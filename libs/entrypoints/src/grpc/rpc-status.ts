import { status } from '@grpc/grpc-js';
import type { ErrorCode } from '@continuo/contracts';

/**
 * What each of our errors is to a gRPC client that knows no more than that. A new code does not compile before it stands here.
 *
 * `UNAVAILABLE` means "not by me, ask another replica" and is asked again by clients, so it is kept for a server that stops: a store or
 * model that is down is down for every replica.
 */
export const RPC_STATUS = {
  invalid_request: status.INVALID_ARGUMENT,
  not_found: status.NOT_FOUND,
  required_field_missing: status.INVALID_ARGUMENT,
  empty_collection: status.INVALID_ARGUMENT,
  user_id_too_long: status.INVALID_ARGUMENT,
  conversation_id_too_long: status.INVALID_ARGUMENT,
  relativity_out_of_range: status.INVALID_ARGUMENT,
  messages_too_long: status.INVALID_ARGUMENT,
  input_too_long: status.INVALID_ARGUMENT,
  body_too_large: status.INVALID_ARGUMENT,
  selectors_conflict: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  key_invalid: status.UNAUTHENTICATED,
  memory_forbidden: status.PERMISSION_DENIED,
  memory_not_found: status.NOT_FOUND,
  user_not_found: status.NOT_FOUND,
  task_not_found: status.NOT_FOUND,
  unsupported_here: status.UNIMPLEMENTED,
  knowledge_base_not_linked: status.FAILED_PRECONDITION,
  unknown_path: status.UNIMPLEMENTED,
  method_not_allowed: status.UNIMPLEMENTED,
  model_unknown: status.NOT_FOUND,
  model_unavailable: status.FAILED_PRECONDITION,
  model_timeout: status.DEADLINE_EXCEEDED,
  model_limited: status.RESOURCE_EXHAUSTED,
  model_rejected: status.FAILED_PRECONDITION,
  model_cut_off: status.ABORTED,
  model_unreadable: status.DATA_LOSS,
  embedder_unavailable: status.FAILED_PRECONDITION,
  records_unavailable: status.FAILED_PRECONDITION,
  index_unavailable: status.FAILED_PRECONDITION,
  document_refused: status.FAILED_PRECONDITION,
  add_message_failed: status.FAILED_PRECONDITION,
  draining: status.UNAVAILABLE,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
  client_gone: status.CANCELLED,
  internal: status.INTERNAL,
} satisfies Record<ErrorCode, status>;
