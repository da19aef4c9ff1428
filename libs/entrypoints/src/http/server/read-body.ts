import { AppError, mayBeIllFormed, wellFormed } from '@continuo/contracts';

/** Deeper than any body of the API has to be; walking it deeper could end the stack. */
const MAX_DEPTH = 64;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * A body into JSON, whatever its content type says: some clients name none or a wrong one.
 * Undefined: there is none. @throws AppError `invalid_request`.
 */
export function readBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new AppError('invalid_request', 'The body is not valid UTF-8.');
  }
  if (text.trim() === '') return undefined;
  const value = parseJson(text);
  if (!isShallow(value, MAX_DEPTH)) throw new AppError('invalid_request', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  return mayBeIllFormed(text) ? wellFormed(value) : value;
}

function parseJson(text: string): unknown {
  try {
    // A member called __proto__ is an ordinary member after JSON.parse; nothing here copies it by assignment.
    return JSON.parse(text) as unknown;
  } catch {
    throw new AppError('invalid_request', 'The body is not valid JSON.');
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.every((member) => isShallow(member, levels - 1));
}
