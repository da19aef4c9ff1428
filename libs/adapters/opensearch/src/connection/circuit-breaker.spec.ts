import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts';

describe('the circuit breaker', () => {
  let now: number;
  let states: BreakerState[];
  let breaker: CircuitBreaker;
  beforeEach(() => {
    now = 0;
    states = [];
    breaker = new CircuitBreaker(
      () => now,
      (state) => states.push(state),
    );
  });
  const fail = (times: number): void => {
    for (let failures = 0; failures < times; failures += 1) if (breaker.enter()) breaker.failed();
  };

  it('opens after failures in a row, and not after as many apart', () => {
    fail(2);
    breaker.succeeded();
    fail(2);
    expect([breaker.state, breaker.enter()]).toEqual(['closed', true]);
    fail(1);
    expect([breaker.state, breaker.enter()]).toEqual(['open', false]);
  });

  it('lets one call try after a while, and closes when it succeeds', () => {
    fail(3);
    now = 500;
    expect([breaker.enter(), breaker.enter(), breaker.state]).toEqual([true, false, 'half-open']);
    breaker.succeeded();
    expect([breaker.enter(), breaker.enter()]).toEqual([true, true]);
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('waits longer after each try that fails, up to a limit', () => {
    fail(3);
    for (const waitMs of [500, 1_000, 2_000, 4_000, 4_000]) {
      now += waitMs - 1;
      expect(breaker.enter()).toBe(false);
      now += 1;
      expect(breaker.enter()).toBe(true);
      breaker.failed();
    }
  });

  it('lets the next call try when the one that tried went away', () => {
    fail(3);
    now = 500;
    expect(breaker.enter()).toBe(true);
    breaker.abandoned();
    expect(breaker.enter()).toBe(true);
  });
});
