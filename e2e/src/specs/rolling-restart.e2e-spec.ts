import { onlyIn } from '../deployment/deployment.ts';
import { ROLLED, rollUnderLoad } from '../trials/rolling.ts';

onlyIn('cluster', () => {
  describe('a rolling restart of each service under load', () => {
    it('fails no request, cuts no stream, loses and doubles nothing', async () => {
      const report = await rollUnderLoad({ rate: 6, rounds: 1, services: ROLLED, seed: 3, say: () => undefined });
      expect(report).toMatchObject({
        failures: [],
        lostMessages: [],
        doubledMessages: [],
        halfWritten: [],
        lostMemories: [],
        doubledMemories: [],
        unendedTasks: [],
        failedTasks: [],
      });
      for (const row of report.rows) expect(row.sent).toBeGreaterThan(0);
    });
  });
});
