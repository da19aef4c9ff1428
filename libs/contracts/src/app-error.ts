const MARKER = Symbol.for('continuo.app-error');

/**
 * Why a request or a piece of work failed. The HTTP filter maps each to the contract's number and status (`satisfies Record`),
 * so a new code does not compile before every edge has mapped it.
 */
export const ERROR_CODES = [
  // What the caller sent.
  'invalid_request',
  'not_found',
  'required_field_missing',
  'empty_collection',
  'user_id_too_long',
  'conversation_id_too_long',
  'relativity_out_of_range',
  'messages_too_long',
  'input_too_long',
  'chat_too_long',
  'body_too_large',
  'selectors_conflict',
  'unauthenticated',
  'key_invalid',
  'memory_forbidden',
  'memory_not_found',
  'user_not_found',
  'task_not_found',
  'requests_limited',
  'tokens_limited',
  'chat_requests_used_up',
  'chat_answers_used_up',
  'unsupported_here',
  'knowledge_base_not_linked',
  'knowledge_base_not_found',
  'too_many_files',
  'files_too_large',
  'base64_content_invalid',
  'base64_format_invalid',
  'unknown_path',
  'method_not_allowed',
  'file_type_unsupported',
  'file_invalid',
  'file_too_large',
  // What stands behind us.
  'model_unknown',
  'model_unavailable',
  'model_timeout',
  'model_limited',
  'model_rejected',
  'model_cut_off',
  'model_unreadable',
  'embedder_unavailable',
  'records_unavailable',
  'index_unavailable',
  'document_refused',
  'add_message_failed',
  'draining',
  'deadline_exceeded',
  'client_gone',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error with a meaning for the caller. Whatever is not an `AppError` is a bug. */
export class AppError extends Error {
  readonly [MARKER] = true;
  readonly code: ErrorCode;
  readonly options: { readonly cause?: unknown; readonly retryAfterMs?: number };

  /** @param message shown to the caller: never user content, prompts or secrets. */
  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.options = options;
  }

  /** Survives two copies of this module in one process, where `instanceof` does not. */
  static is(error: unknown, code?: ErrorCode): error is AppError {
    return typeof error === 'object' && error !== null && MARKER in error && (code === undefined || (error as AppError).code === code);
  }
}
