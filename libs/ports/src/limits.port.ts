import type { CallOptions } from './models.port.ts';

/** A share of what may be used a minute. */
export interface Claim {
  /** Whose minute it is: the same word in every process that shares it. Never a secret. */
  readonly key: string;
  /** Whole, 0 or more. More than the minute holds counts as all of it: what is too large for any minute is let through alone. */
  readonly points: number;
  readonly perMinute: number;
}

export type Grant = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number };

/**
 * What processes may use together in a minute: requests to a provider, or tokens. A minute begins with the first claim of a key and ends
 * 60 seconds later; within one, claims that are granted never exceed `perMinute`. Around the end of a minute, the last
 * claims of one and the first of the next may follow each other closely.
 *
 * Adapters: Redis (cluster), this process (standalone, and as stand-in while Redis is away: then the limit holds per process). Both must
 * pass `describeSharedLimitsContract`.
 */
export interface SharedLimits {
  /** All claims or none. Never rejects but with the signal's reason: where the shared count cannot be asked in time, a count of its own answers. */
  take(claims: readonly Claim[], options: CallOptions): Promise<Grant>;

  /** Returns what was granted and was not used after all; what belongs to a minute that is over is forgotten. Never rejects. */
  giveBack(claims: readonly Claim[]): Promise<void>;

  /** Counts what has been used beyond what was claimed, be it too much; later claims feel it. Never rejects. */
  charge(claim: Claim): Promise<void>;
}

export const SHARED_LIMITS = Symbol('SharedLimits');
