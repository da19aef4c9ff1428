import type { CallOptions, Claim, Grant, SharedLimits } from '@continuo/ports';

interface Minute {
  readonly endsAt: number;
  used: number;
}

const MINUTE_MS = 60_000;

/** Counts what this process uses. Enough where it is the only one. */
export class ProcessLimits implements SharedLimits {
  readonly #now: () => number;
  readonly #minuteMs: number;
  /** One per model of the registry: they are few. */
  readonly #minutes = new Map<string, Minute>();

  /** @param now epoch milliseconds. */
  constructor(now: () => number = Date.now, minuteMs: number = MINUTE_MS) {
    this.#now = now;
    this.#minuteMs = minuteMs;
  }

  async take(claims: readonly Claim[], options: CallOptions): Promise<Grant> {
    options.signal?.throwIfAborted();
    const now = this.#now();
    const wanted = claims.map((claim) => ({ minute: this.#minuteOf(claim.key, now), claim }));
    const full = wanted.filter(({ minute, claim }) => minute.used + Math.min(claim.points, claim.perMinute) > claim.perMinute);
    if (full.length > 0) return { allowed: false, retryAfterMs: Math.max(1, ...full.map(({ minute }) => minute.endsAt - now)) };
    for (const { minute, claim } of wanted) minute.used += Math.min(claim.points, claim.perMinute);
    return { allowed: true };
  }

  async giveBack(claims: readonly Claim[]): Promise<void> {
    const now = this.#now();
    for (const claim of claims) {
      const minute = this.#minuteOf(claim.key, now);
      minute.used = Math.max(0, minute.used - Math.min(claim.points, claim.perMinute));
    }
  }

  async charge(claim: Claim): Promise<void> {
    this.#minuteOf(claim.key, this.#now()).used += claim.points;
  }

  #minuteOf(key: string, now: number): Minute {
    const known = this.#minutes.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    const begun = { endsAt: now + this.#minuteMs, used: 0 };
    this.#minutes.set(key, begun);
    return begun;
  }
}
