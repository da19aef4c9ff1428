import { jest } from '@jest/globals';
import { KnownState } from './known-state.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A service whose answers the test sets; null: none. */
class Service {
  answer: string | null = null;
  asked = 0;
  readonly told: (string | null)[] = [];
  readonly state = new KnownState<string>(
    async () => {
      this.asked += 1;
      if (this.answer === null) throw new Error('away');
      return this.answer;
    },
    (state) => this.told.push(state),
  );
}

describe('what is known of a service', () => {
  it('is nothing before it was opened and before it answered', async () => {
    const service = new Service();
    await jest.advanceTimersByTimeAsync(10_000);
    expect([service.state.known, service.asked]).toEqual([null, 0]);
    service.state.open();
    service.state.open();
    await jest.advanceTimersByTimeAsync(900);
    expect([service.state.known, service.asked]).toEqual([null, 1]);
    expect(await Promise.all([service.state.answered(50), jest.advanceTimersByTimeAsync(50)])).toEqual([false, undefined]);
    service.state.close();
  });

  it('is asked for every second until it is known, then less often', async () => {
    const service = new Service();
    service.state.open();
    await jest.advanceTimersByTimeAsync(3_500);
    expect(service.asked).toBe(4);
    service.answer = 'ready';
    await jest.advanceTimersByTimeAsync(1_000);
    expect([service.state.known, await service.state.answered(0)]).toEqual(['ready', true]);
    const { asked } = service;
    await jest.advanceTimersByTimeAsync(9_000);
    expect(service.asked - asked).toBe(3);
    service.state.close();
  });

  it('is kept through two silences and forgotten at the third, until it answers again', async () => {
    const service = new Service();
    service.answer = 'ready';
    service.state.open();
    await jest.advanceTimersByTimeAsync(0);
    service.answer = null;
    await jest.advanceTimersByTimeAsync(6_000);
    expect([service.state.known, service.told]).toEqual(['ready', ['ready']]);
    await jest.advanceTimersByTimeAsync(3_000);
    expect([service.state.known, service.told]).toEqual([null, ['ready', null]]);
    service.answer = 'back';
    await jest.advanceTimersByTimeAsync(1_000);
    expect([service.state.known, service.told]).toEqual(['back', ['ready', null, 'back']]);
    service.state.close();
  });

  it('is not asked for after closing', async () => {
    const service = new Service();
    service.state.open();
    service.state.close();
    await jest.advanceTimersByTimeAsync(20_000);
    expect([service.asked, jest.getTimerCount()]).toEqual([1, 0]);
    expect(service.told).toEqual([]);
  });
});
