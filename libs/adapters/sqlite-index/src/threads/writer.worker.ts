import { openForWriting } from '../connection.ts';
import { confirmRefill } from '../index-file.ts';
import { IndexWriter } from '../index-writer.ts';
import { serve } from './serve.ts';
import type { WriterCalls } from './thread-protocol.ts';

serve<WriterCalls>(({ file }) => {
  const database = openForWriting(file);
  const writer = new IndexWriter(database);
  const done = (_result: void): null => null;
  return {
    upsert: ({ documents }) => done(writer.upsert(documents)),
    remove: ({ removals, now }) => done(writer.remove(removals, now)),
    removeScope: ({ scope }) => writer.removeScope(scope),
    sweepTombstones: ({ beforeMs }) => done(writer.sweepTombstones(beforeMs)),
    confirmRefill: () => done(confirmRefill(database)),
    close: () => done(writer.close()),
  };
});
