import { probeIsolation } from '../trials/isolation.ts';
import { System } from '../system.ts';

describe('isolation', () => {
  it('shows nothing of another user or project in two thousand random searches and gets', async () => {
    const system = await System.start();
    try {
      const report = await probeIsolation(system, { users: 40, projects: 3, probes: 2_000, seed: 7 });
      expect(report.leaks).toEqual([]);
      expect(report.found).toBeGreaterThan(report.probes / 3);
    } finally {
      await system.close();
    }
  });
});
