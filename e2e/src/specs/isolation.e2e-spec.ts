import { MODE } from '../deployment/deployment.ts';
import { probeIsolation } from '../trials/isolation.ts';
import { withIsolationSystem } from '../trials/isolation-system.ts';

describe('isolation', () => {
  it('shows nothing of another user or project in two thousand random requests, over HTTP and straight at the services', async () => {
    await withIsolationSystem(async (system, model) => {
      const report = await probeIsolation(system, { users: 40, projects: 3, probes: 2_000, seed: 7 });
      expect(report.leaks).toEqual([]);
      expect(report.found).toBeGreaterThan(report.probes / 3);
      expect(model.requests).toEqual([]);
      const { services } = report;
      expect(services === null).toBe(MODE === 'standalone');
      if (services === null) return;
      expect(services).toMatchObject({ leaks: [], wrongAnswers: [], damage: [] });
      expect(services.found).toBeGreaterThan(services.searches / 3);
      expect(services.refusals).toBeGreaterThan(services.probes / 4);
      expect(services.foreignWrites).toBeGreaterThan(10);
    });
  });
});
