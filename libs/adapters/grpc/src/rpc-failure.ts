import { type Metadata, status } from '@grpc/grpc-js';
import { AppError, type ErrorCode, FAILURE_METADATA, readFailure } from '@continuo/contracts';

/** What a port calls a service that is away, and one that is late. */
export interface FailureCodes {
  /** `The recall service`, for sentences. */
  readonly service: string;
  readonly away: ErrorCode;
  readonly late: ErrorCode;
  /** Whether those who call the port know `draining`: the service stopped in the middle. */
  readonly passesDraining: boolean;
}

export const late = ({ service, late: code }: FailureCodes): AppError => new AppError(code, `${service} did not answer in time.`);

export const away = ({ service, away: code }: FailureCodes, cause?: unknown): AppError =>
  new AppError(code, `${service} cannot be reached.`, { cause });

/** The error as its port names it: the service's own where it said one. */
export function asAppError(error: unknown, codes: FailureCodes): AppError {
  if (AppError.is(error)) return error;
  const { code, metadata } = error as { readonly code?: status; readonly metadata?: Metadata };
  const [written] = metadata?.get(FAILURE_METADATA) ?? [];
  const failure = typeof written === 'object' ? readFailure(written) : null;
  if (failure !== null) return asPortError(failure, codes);
  switch (code) {
    case status.UNAVAILABLE:
    case status.CANCELLED:
    case status.ABORTED:
      return away(codes, error);
    case status.DEADLINE_EXCEEDED:
      return late(codes);
    case status.UNIMPLEMENTED:
      return new AppError(codes.away, `${codes.service} does not know this call: it may be of another version.`, { cause: error });
    default:
      return new AppError('internal', `${codes.service} failed.`, { cause: error });
  }
}

/** What is wrong between two services is none of the caller's business: nobody is to take it for the key of their own request. */
export function asPortError(failure: AppError, codes: FailureCodes): AppError {
  switch (failure.code) {
    case 'unauthenticated':
      return new AppError(codes.away, `${codes.service} does not accept the service token of this process.`, { cause: failure });
    case 'client_gone':
      return away(codes, failure);
    case 'draining':
      return codes.passesDraining ? failure : away(codes, failure);
    case 'deadline_exceeded':
      return late(codes);
    default:
      return failure;
  }
}
