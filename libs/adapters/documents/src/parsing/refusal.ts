import type { ErrorCode } from '@continuo/contracts';

export type RefusalCode = Extract<ErrorCode, 'file_type_unsupported' | 'file_invalid' | 'file_too_large'>;

/** Why a file is not read, inside the child process; the process that asked makes an `AppError` of it. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  /** @param message shown to the caller: never anything out of the file. */
  constructor(code: RefusalCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export const invalid = (message: string, cause?: unknown): Refusal => new Refusal('file_invalid', message, cause);

export const ALLOWED = 'Allowed are pdf, docx, doc, txt, json, md and xml.';
