import type { CallOptions, Claim, Grant, SharedLimits } from '@continuo/ports';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { parseBrokerUrl } from '../connection/broker-address.ts';
import { openConnection, type BrokerConnection } from '../connection/open-connection.ts';

const MINUTE_MS = 60_000;
/** A request to a provider is not kept waiting by a broker that hangs for longer. One that is away is not waited for at all. */
const ANSWER_MS = 1_000;
/** What a refused claim took is not given back so shortly before the end of its minute: it might be given to the next. */
const TOO_LATE_MS = 250;

export interface RedisLimitsOptions {
  /** See `parseBrokerUrl`. */
  readonly url: string;
  /** What every key begins with, in braces. */
  readonly prefix: string;
  readonly tlsAuthority?: string;
  /** For specs. Whole seconds. Default: a minute. */
  readonly minuteMs?: number;
}

/** Opens the count that several processes share. Connecting goes on in the background. */
export const openRedisLimits = (options: RedisLimitsOptions): RedisLimits => new RedisLimits(options);

/** What several processes use together, counted in Redis. While that is away each process counts for itself, up to the whole limit. */
export class RedisLimits implements SharedLimits {
  readonly #connection: BrokerConnection;
  readonly #keyPrefix: string;
  readonly #seconds: number;
  /** One per limit that the models file names: they are few. */
  readonly #limiters = new Map<number, RateLimiterRedis>();

  constructor({ url, prefix, tlsAuthority, minuteMs = MINUTE_MS }: RedisLimitsOptions) {
    const authority = tlsAuthority === undefined ? {} : { tlsAuthority };
    this.#connection = openConnection(parseBrokerUrl(url), 'signals', { ...authority, commandTimeoutMs: ANSWER_MS });
    this.#connection.on('error', () => undefined);
    this.#keyPrefix = `{${prefix}}:limits`;
    this.#seconds = Math.max(1, Math.round(minuteMs / 1_000));
  }

  async take(claims: readonly Claim[], options: CallOptions): Promise<Grant> {
    options.signal?.throwIfAborted();
    const wanted = claims.filter(({ points }) => points > 0);
    const outcomes = await Promise.all(wanted.map((claim) => this.#consume(claim)));
    const refused = outcomes.filter(({ granted }) => !granted);
    if (refused.length === 0) return { allowed: true };
    await Promise.all(wanted.map((claim, index) => this.#giveBack(claim, outcomes[index]?.untilEndMs ?? 0)));
    return { allowed: false, retryAfterMs: Math.max(1, ...refused.map(({ untilEndMs }) => untilEndMs)) };
  }

  async giveBack(claims: readonly Claim[]): Promise<void> {
    await Promise.all(
      claims
        .filter(({ points }) => points > 0)
        .map(async (claim) => {
          const minute = await this.#limiterOf(claim.perMinute)
            .get(claim.key)
            .catch(() => null);
          if (minute !== null && minute.consumedPoints >= pointsOf(claim)) await this.#giveBack(claim, minute.msBeforeNext);
        }),
    );
  }

  async charge({ key, points, perMinute }: Claim): Promise<void> {
    if (points <= 0) return;
    await this.#limiterOf(perMinute)
      .penalty(key, Math.ceil(points))
      .catch(() => undefined);
  }

  /** @throws Error when Redis does not answer: each process counts for itself then. */
  async ping(): Promise<void> {
    await this.#connection.ping();
  }

  async close(): Promise<void> {
    this.#connection.disconnect();
  }

  async #consume(claim: Claim): Promise<{ readonly granted: boolean; readonly untilEndMs: number }> {
    try {
      const { msBeforeNext } = await this.#limiterOf(claim.perMinute).consume(claim.key, pointsOf(claim));
      return { granted: true, untilEndMs: msBeforeNext };
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return { granted: false, untilEndMs: refusal.msBeforeNext };
      throw refusal;
    }
  }

  /** The library counts what it refuses, too. */
  async #giveBack(claim: Claim, untilEndMs: number): Promise<void> {
    if (untilEndMs < TOO_LATE_MS) return;
    await this.#limiterOf(claim.perMinute)
      .reward(claim.key, pointsOf(claim))
      .catch(() => undefined);
  }

  #limiterOf(points: number): RateLimiterRedis {
    let limiter = this.#limiters.get(points);
    if (limiter === undefined) {
      const shared = { points, duration: this.#seconds, keyPrefix: this.#keyPrefix };
      limiter = new RateLimiterRedis({
        ...shared,
        storeClient: this.#connection,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory(shared),
      });
      this.#limiters.set(points, limiter);
    }
    return limiter;
  }
}

const pointsOf = ({ points, perMinute }: Claim): number => Math.min(Math.ceil(points), perMinute);
