import { onlyIn } from '../deployment/deployment.ts';
import { moveThereAndBack, otherLines } from '../trials/move.ts';

/** Three installations are started, one of them a cluster. */
const TIMEOUT_MS = 400_000;
const NOTHING = { memories: [], history: [], transcripts: [], searches: [] };

describe('two exports', () => {
  it('are compared line by line and field by field', () => {
    const line = (fields: object): string => JSON.stringify({ row: 'memory', id: 'a', ...fields });
    expect(otherLines([line({ text: 'x', indexVersion: 1 })], [line({ text: 'x', indexVersion: 2 })])).toEqual([]);
    expect(otherLines([line({}), line({ text: 'x' })], [line({}), line({ text: 'y' }), line({})])).toEqual([
      'line 2: text "x" became "y"',
      'line 3: row undefined became "memory", id undefined became "a"',
    ]);
  });
});

onlyIn('cluster', () => {
  describe('a standalone installation that is moved into a cluster and back', () => {
    it(
      'shows everybody the same memories, history, transcripts and search results, and forgets what was deleted',
      async () => {
        const report = await moveThereAndBack({ users: 30, searches: 200, seed: 4, say: () => undefined });
        expect(report).toMatchObject({ inCluster: NOTHING, back: NOTHING, clusterLines: [], backLines: [], returned: [] });
        expect(report).toMatchObject({ superseded: 30, deleted: 10, searches: 200, rows: { subject: 30, message: 180, denial: 10 } });
        expect(report.fruitful).toBeGreaterThan(100);
      },
      TIMEOUT_MS,
    );
  });
});
