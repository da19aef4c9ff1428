import { z } from 'zod';
import { AppError, type ErrorCode } from '../app-error.ts';
import { FailureMessage } from './value-messages.ts';
import type { WireSchema } from './wire-schema.ts';

/**
 * Reads a message that arrived.
 *
 * @throws AppError `invalid_request` that names the field.
 */
export function decodeMessage<Value>(schema: WireSchema<Value>, received: unknown): Value {
  const result = z.safeDecode(schema, received);
  if (result.success) return result.data;
  throw invalid(result.error);
}

/**
 * Writes a message to be sent.
 *
 * @throws AppError `invalid_request` that names the field.
 */
export function encodeMessage<Value>(schema: WireSchema<Value>, value: NoInfer<Value>): object {
  const result = z.safeEncode(schema, value);
  if (result.success) return result.data as object;
  throw invalid(result.error);
}

/** Says where and what is expected, never what was there. */
function invalid(error: z.ZodError): AppError {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  const expected =
    issue?.code === 'custom' || issue?.code === 'invalid_format' ? issue.message : `is not what is expected (${issue?.code})`;
  return new AppError('invalid_request', `The call is invalid: ${path === '' ? '' : `${path} `}${expected}.`);
}

/** A failure as it travels: its code, its sentence, how long to wait. */
export interface FailureValue {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

export const failureOf = (error: AppError): FailureValue => ({
  code: error.code,
  message: error.message,
  retryAfterMs: error.options.retryAfterMs ?? null,
});

export const errorOf = ({ code, message, retryAfterMs }: FailureValue): AppError =>
  new AppError(code, message, retryAfterMs === null ? {} : { retryAfterMs });

/** For {@link FAILURE_METADATA}. */
export const writeFailure = (error: AppError): Uint8Array => new TextEncoder().encode(JSON.stringify(failureOf(error)));

/** What {@link writeFailure} wrote, or null for anything else. */
export function readFailure(bytes: Uint8Array): AppError | null {
  try {
    return errorOf(decodeMessage(FailureMessage, JSON.parse(new TextDecoder().decode(bytes))));
  } catch {
    return null;
  }
}
