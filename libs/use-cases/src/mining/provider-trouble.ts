import { AppError, type ErrorCode } from '@continuo/contracts';

/** The provider is down, slow, limiting or misconfigured: not the batch's fault. */
const PROVIDER_TROUBLE: readonly ErrorCode[] = [
  'model_unavailable',
  'model_timeout',
  'model_limited',
  'model_rejected',
  'model_cut_off',
  'model_unknown',
];

/** A failure that passes, or that an operator mends: what it was about is asked again later. */
export const isProviderTrouble = (error: unknown): error is AppError => AppError.is(error) && PROVIDER_TROUBLE.includes(error.code);
