import { wreak } from '../trials/chaos.ts';

describe('killed at random moments under load', () => {
  it('loses nothing it acknowledged, doubles nothing, and ends every task', async () => {
    const report = await wreak({ kills: 4, users: 4, parallel: 4, seed: 3 });
    expect(report).toMatchObject({ lostMessages: [], doubledMessages: [], unendedTasks: [], doubledMemories: [] });
    expect(report.acknowledgedMessages).toBeGreaterThan(20);
  });
});
