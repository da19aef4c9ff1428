import { System } from '../system.ts';
import { race } from '../trials/races.ts';

describe('races', () => {
  it('loses no update, brings back nothing that was deleted or denied, and keeps history straight in a hundred interleavings', async () => {
    const system = await System.start();
    try {
      const report = await race(system, { interleavings: 100, seed: 7 });
      expect(report.faults).toEqual([]);
      expect(Object.keys(report.kinds).length).toBe(9);
      expect(report.operations).toBeGreaterThan(300);
    } finally {
      await system.close();
    }
  });
});
