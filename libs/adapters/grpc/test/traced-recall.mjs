// Recall in a process of its own, which traces to the collector named first and asks for a job while it answers.
import 'reflect-metadata';
import { createRecallServer } from '@continuo/entrypoints';
import { inSpan, runInTrace, silentLog, startTraces, traceparent } from '@continuo/platform';

const [endpoint, token] = process.argv.slice(2);
const traces = await startTraces({ endpoint, service: 'recall' });
const refuses = () => Promise.reject(new Error('not asked for here'));
const nothing = {
  state: 'empty',
  facts: [],
  preferences: [],
  events: [],
  tools: [],
  skills: [],
  profiles: [],
  absences: [],
  missingArms: [],
  timings: { embedMs: 1, indexMs: 2, totalMs: 3 },
};
const recall = {
  search: async () => {
    const parent = traceparent();
    await inSpan('index.search', { kind: 'client' }, async () => undefined);
    // As a queue does: what belongs to the trace stands in the job, and the job runs when nothing of the call is left.
    setImmediate(() => void runInTrace(parent, 'drain-inbox', async () => undefined));
    return nothing;
  },
};
const server = await createRecallServer({
  host: '127.0.0.1',
  port: 0,
  token,
  tls: null,
  log: silentLog,
  recall,
  index: {},
  embedder: {
    state: () => ({ status: 'none', reason: 'none' }),
    onState: () => () => undefined,
    embed: refuses,
    close: async () => undefined,
  },
});
// Left alone by a spec that failed, it ends.
process.on('disconnect', () => process.exit(1));
process.send(server.port);
process.on('message', () => {
  void server
    .close(0)
    .then(() => traces.stop())
    .then(() => process.exit(0));
});
