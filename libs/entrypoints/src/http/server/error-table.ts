import type { ErrorCode, ResultCode } from '@continuo/contracts';

interface WireError {
  /** The contract's number. */
  readonly code: ResultCode;
  readonly status: number;
  /** The status in strict mode, where it differs: the vendor answers 400 for most. */
  readonly strictStatus?: number;
}

/** What each of our errors is on the wire. A new code does not compile before it stands here. */
export const ERROR_TABLE = {
  invalid_request: { code: 40000, status: 400 },
  not_found: { code: 40001, status: 404, strictStatus: 400 },
  required_field_missing: { code: 40002, status: 400 },
  empty_collection: { code: 40003, status: 400 },
  user_id_too_long: { code: 40010, status: 400 },
  conversation_id_too_long: { code: 40011, status: 400 },
  relativity_out_of_range: { code: 40012, status: 400 },
  messages_too_long: { code: 40013, status: 400 },
  input_too_long: { code: 40305, status: 400 },
  chat_too_long: { code: 40303, status: 400 },
  body_too_large: { code: 40305, status: 413 },
  selectors_conflict: { code: 40071, status: 400 },
  unauthenticated: { code: 40100, status: 401 },
  key_invalid: { code: 40132, status: 401 },
  memory_forbidden: { code: 40306, status: 403 },
  memory_not_found: { code: 40307, status: 404, strictStatus: 400 },
  user_not_found: { code: 40308, status: 404, strictStatus: 400 },
  task_not_found: { code: 50131, status: 404, strictStatus: 400 },
  requests_limited: { code: 40300, status: 429 },
  tokens_limited: { code: 40309, status: 429 },
  chat_requests_used_up: { code: 40301, status: 429 },
  chat_answers_used_up: { code: 40302, status: 429 },
  unsupported_here: { code: 40000, status: 400 },
  knowledge_base_not_linked: { code: 50123, status: 400 },
  knowledge_base_not_found: { code: 50120, status: 404, strictStatus: 400 },
  too_many_files: { code: 50103, status: 400 },
  files_too_large: { code: 50105, status: 400 },
  base64_content_invalid: { code: 40008, status: 400 },
  base64_format_invalid: { code: 40009, status: 400 },
  unknown_path: { code: 50000, status: 404 },
  method_not_allowed: { code: 50000, status: 405 },
  file_type_unsupported: { code: 40007, status: 400 },
  file_invalid: { code: 50107, status: 400 },
  file_too_large: { code: 50104, status: 400 },
  model_unknown: { code: 40000, status: 400 },
  model_unavailable: { code: 50004, status: 503 },
  model_timeout: { code: 50004, status: 503 },
  model_limited: { code: 40300, status: 429 },
  model_rejected: { code: 50002, status: 500 },
  model_cut_off: { code: 50002, status: 500 },
  model_unreadable: { code: 50002, status: 500 },
  embedder_unavailable: { code: 50005, status: 503 },
  records_unavailable: { code: 50004, status: 503 },
  index_unavailable: { code: 50005, status: 503 },
  document_refused: { code: 50000, status: 500 },
  add_message_failed: { code: 50144, status: 500 },
  draining: { code: 50004, status: 503 },
  deadline_exceeded: { code: 50004, status: 503 },
  client_gone: { code: 50002, status: 499 },
  internal: { code: 50000, status: 500 },
} as const satisfies Record<ErrorCode, WireError>;

export const statusOf = (code: ErrorCode, strict: boolean): number => {
  const entry: WireError = ERROR_TABLE[code];
  return strict ? (entry.strictStatus ?? entry.status) : entry.status;
};
