import { AppError } from '@continuo/contracts';

/** Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html that are the store's trouble, by code or class. */
const TROUBLE: Readonly<Record<string, string>> = {
  '08': 'the connection was lost',
  '28': 'the database does not let this user in',
  '53': 'the database has no room or no connection left',
  '57': 'the database is shutting down or starting up',
  '58': 'the database cannot reach its files',
  '25006': 'the database takes no writes',
  '25P03': 'the transaction was left open for too long',
  '3D000': 'there is no such database',
  '40001': 'too many changes at once',
  '40P01': 'too many changes at once',
  '42501': 'the role lacks a right it needs',
  '42P01': 'the schema is missing, or older than this version: run the migration',
  '42703': 'the schema is older than this version: run the migration',
  '55000': 'the database takes no connections',
  '55P03': 'something stayed locked for too long',
  '57014': 'the statement took too long',
};

const REFUSED = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** What the driver says of a connection without giving a code. */
const LOST =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout e(xceeded|xpired)|Query read timeout|Cannot use a pool|Postgres connection has been discarded|driver has already been destroyed|This socket has been ended)/;

const TRANSIENT = new Set(['40001', '40P01']);

const codeOf = (error: unknown): string => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** The store's trouble as `records_unavailable`; what is a fault of ours stays as it is. */
export function asAppError(error: unknown): unknown {
  const reason = reasonOf(error);
  return reason === null ? error : new AppError('records_unavailable', `the records cannot be reached: ${reason}`, { cause: error });
}

function reasonOf(error: unknown): string | null {
  if (AppError.is(error)) return null;
  const code = codeOf(error);
  if (REFUSED.has(code)) return 'the database does not answer';
  if (/^[0-9A-Z]{5}$/.test(code)) return TROUBLE[code] ?? TROUBLE[code.slice(0, 2)] ?? null;
  return LOST.test((error as { readonly message?: string } | null)?.message ?? '') ? 'the connection was lost' : null;
}

/** True when the same transaction may well succeed when it is begun again. */
export const isTransient = (error: unknown): boolean =>
  TRANSIENT.has(codeOf(AppError.is(error) ? (error.options.cause as unknown) : error));

/** True when the tables have never been made. */
export const isMissingTable = (error: unknown): boolean => codeOf(AppError.is(error) ? error.options.cause : error) === '42P01';
