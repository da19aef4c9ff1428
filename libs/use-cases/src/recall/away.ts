import { AppError, type ErrorCode } from '@continuo/contracts';

const AWAY: readonly ErrorCode[] = [
  'index_unavailable',
  'embedder_unavailable',
  'records_unavailable',
  'deadline_exceeded',
  'draining',
  'client_gone',
];

/** The store or service is not there for anybody. Whatever else work fails of may lie in what it was about. */
export const isAway = (error: unknown): boolean => AWAY.some((code) => AppError.is(error, code));
