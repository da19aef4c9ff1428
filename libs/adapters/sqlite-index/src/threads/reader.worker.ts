import { openForReading } from '../connection.ts';
import { IndexReader } from '../index-reader.ts';
import { serve } from './serve.ts';
import type { ReaderCalls } from './thread-protocol.ts';

serve<ReaderCalls>(({ file, cacheBytes }) => {
  const reader = new IndexReader(openForReading(file), cacheBytes);
  return {
    search: ({ query }, checkAwaited) => reader.search(query, checkAwaited),
    count: ({ scope }) => reader.count(scope),
    entries: ({ afterId, limit }) => reader.entries(afterId, limit),
    close: () => {
      reader.close();
      return null;
    },
  };
});
