import { z } from 'zod';
import { AppError, ERROR_CODES, type ErrorCode } from '../app-error.ts';

/** Parses a body. @throws AppError that names the first wrong field, what was expected, and how many more are wrong. */
export function readRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw requestError(result.error.issues, body);
}

/** What a caller is told about a body that does not fit. Never repeats what was sent. */
export function requestError(issues: readonly z.core.$ZodIssue[], body: unknown): AppError {
  if (body === undefined || body === null) return new AppError('invalid_request', 'The body is empty; a JSON object was expected.');
  if (typeof body !== 'object' || Array.isArray(body)) return new AppError('invalid_request', 'The body must be a JSON object.');
  const complaints = issues.map((issue) => complaintOf(issue, body));
  const first = complaints[0] ?? { code: 'invalid_request' as const, sentence: 'The request is invalid.' };
  const others = complaints.length - 1;
  return new AppError(
    first.code,
    others === 0 ? first.sentence : `${first.sentence} ${others} more field${others === 1 ? ' is' : 's are'} wrong.`,
  );
}

/** `messages[2].role`. */
export function pathName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? String(part) : `${name}.${String(part)}`;
  }, '');
}

interface Complaint {
  readonly code: ErrorCode;
  readonly sentence: string;
}

function complaintOf(issue: z.core.$ZodIssue, body: unknown): Complaint {
  const { issue: inner, path } = innermost(issue, issue.path);
  const field = pathName(path) === '' ? 'The body' : pathName(path);
  const value = valueAt(body, path);
  if (value === undefined || value === null) return { code: 'required_field_missing', sentence: `${field} is required.` };
  return { code: codeFor(inner), sentence: `${field} ${expectation(inner)}.` };
}

/** Of an issue about alternatives, the one that got furthest into the value. */
function innermost(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): { issue: z.core.$ZodIssue; path: readonly PropertyKey[] } {
  if (issue.code !== 'invalid_union') return { issue, path };
  const candidates = issue.errors.flatMap((branch) => {
    const [first] = branch;
    return first === undefined || isOtherKind(branch) ? [] : [innermost(first, [...path, ...first.path])];
  });
  return candidates.toSorted((left, right) => right.path.length - left.path.length)[0] ?? { issue, path };
}

/** True for a branch whose discriminating literal did not match, or whose type is another one altogether. */
const isOtherKind = (branch: readonly z.core.$ZodIssue[]): boolean =>
  branch.some(
    (issue) =>
      (issue.code === 'invalid_value' && issue.path.at(-1) === 'type') || (issue.code === 'invalid_type' && issue.path.length === 0),
  );

function codeFor(issue: z.core.$ZodIssue): ErrorCode {
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['code'];
    const known = ERROR_CODES.find((name) => name === code);
    return known ?? 'invalid_request';
  }
  if (issue.code === 'too_small' && issue.origin === 'array') return 'empty_collection';
  return 'invalid_request';
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${String(issue.values[0])}` : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return tooBig(issue);
    // Unions and refinements bring a sentence of their own.
    case 'invalid_union':
    case 'custom':
      return issue.message;
    default:
      return 'is invalid';
  }
}

function tooBig(issue: z.core.$ZodIssueTooBig): string {
  if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
  if (issue.origin === 'array') return `must have at most ${issue.maximum} entries`;
  return `must be at most ${issue.maximum}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = body;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
