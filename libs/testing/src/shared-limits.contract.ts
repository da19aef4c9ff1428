import type { Claim, SharedLimits } from '@continuo/ports';

export interface SharedLimitsHarness {
  readonly name: string;
  /** Two that share their counts, where the adapter can, with a minute of this length; else twice the same. */
  open(minuteMs: number): Promise<readonly [SharedLimits, SharedLimits]>;
  dispose(): Promise<void>;
}

/** Long enough for a test to happen within it. */
const MINUTE_MS = 60_000;
/** Short enough to be waited for, and whole seconds, because Redis adapters count in them. */
const SHORT_MINUTE_MS = 1_000;

const requests = (points = 1, perMinute = 5): Claim => ({ key: 'provider requests', points, perMinute });
const tokens = (points: number, perMinute = 100): Claim => ({ key: 'provider tokens', points, perMinute });

/** What every adapter of `SharedLimits` promises. */
export function describeSharedLimitsContract(harness: SharedLimitsHarness): void {
  describe(`SharedLimits contract: ${harness.name}`, () => {
    let one: SharedLimits;
    let other: SharedLimits;

    beforeEach(async () => {
      [one, other] = await harness.open(MINUTE_MS);
    });
    afterEach(() => harness.dispose());

    it('grants what a minute holds and not a point more, however many ask at once', async () => {
      const grants = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : other).take([requests()], {})));
      expect(grants.filter(({ allowed }) => allowed)).toHaveLength(5);
    });

    it('says when the minute ends', async () => {
      await one.take([requests(5)], {});
      const refused = await other.take([requests()], {});
      expect(refused.allowed).toBe(false);
      const { retryAfterMs } = refused as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThan(MINUTE_MS / 2);
      expect(retryAfterMs).toBeLessThanOrEqual(MINUTE_MS);
    });

    it('begins a new minute when one has ended', async () => {
      await harness.dispose();
      [one, other] = await harness.open(SHORT_MINUTE_MS);
      expect(await one.take([requests(5)], {})).toEqual({ allowed: true });
      const refused = (await one.take([requests()], {})) as { readonly retryAfterMs: number };
      await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 20));
      expect(await other.take([requests()], {})).toEqual({ allowed: true });
    });

    it('takes all claims or none', async () => {
      await one.take([tokens(90)], {});
      for (let times = 0; times < 5; times += 1) expect((await one.take([requests(), tokens(20)], {})).allowed).toBe(false);
      expect(await other.take([requests(5), tokens(10)], {})).toEqual({ allowed: true });
    });

    it('loses nothing to a claim that was refused', async () => {
      await one.take([tokens(50)], {});
      expect((await one.take([tokens(60)], {})).allowed).toBe(false);
      expect(await one.take([tokens(50)], {})).toEqual({ allowed: true });
    });

    it('grants again what was given back, and no more than that', async () => {
      await one.take([requests(5), tokens(60)], {});
      await one.giveBack([requests(2), tokens(60)]);
      await other.giveBack([{ ...requests(), key: 'never claimed' }]);
      expect(await other.take([requests(2), tokens(100)], {})).toEqual({ allowed: true });
      expect((await other.take([requests()], {})).allowed).toBe(false);
      expect(await one.take([{ ...requests(5), key: 'never claimed' }], {})).toEqual({ allowed: true });
      expect((await one.take([{ ...requests(), key: 'never claimed' }], {})).allowed).toBe(false);
    });

    it('counts what was used beyond what was claimed, be it too much', async () => {
      await one.take([tokens(10)], {});
      await one.charge(tokens(500));
      expect((await other.take([tokens(1)], {})).allowed).toBe(false);
    });

    it('lets through alone what is too large for any minute', async () => {
      expect(await one.take([tokens(1_000)], {})).toEqual({ allowed: true });
      expect((await other.take([tokens(1)], {})).allowed).toBe(false);
    });

    it('keeps keys apart, and grants what claims nothing', async () => {
      await one.take([requests(5)], {});
      expect(await one.take([{ ...requests(), key: 'another provider' }], {})).toEqual({ allowed: true });
      expect(await one.take([], {})).toEqual({ allowed: true });
      expect(await one.take([tokens(0)], {})).toEqual({ allowed: true });
    });

    it('rejects with the reason of a signal that was aborted', async () => {
      const reason = new Error('gone');
      await expect(one.take([requests()], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });
  });
}
