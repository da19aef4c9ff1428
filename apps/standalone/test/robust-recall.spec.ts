import { AppError } from '@continuo/contracts';
import type { EmbeddingModel, MemoryIndex, RecallRecords } from '@continuo/ports';
import { SearchMemory } from '@continuo/use-cases';

const NEVER = new Promise<never>(() => undefined);
const EMBEDDER: EmbeddingModel = {
  state: () => ({ status: 'ready', reason: 'ready', model: { id: 'm', dimension: 2 } }),
  onState: () => () => undefined,
  embed: () => NEVER,
  close: async () => undefined,
};

describe('a search whose caller leaves', () => {
  it('rejects at once with the caller’s reason, whatever it waits for, and leaves nothing unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const index = { search: () => NEVER } as unknown as MemoryIndex;
    const records: RecallRecords = { overlay: () => NEVER, check: () => NEVER };
    const search = new SearchMemory(index, records, EMBEDDER, {
      timeoutMs: 60_000,
      embedTimeoutMs: 60_000,
      recallTurns: 'on',
      timeZone: 'UTC',
    });
    const leaving = new AbortController();
    const request = {
      scope: { projectId: 'default', subject: 'user:ana' as const },
      query: 'Who is my cello teacher?',
      conversationId: null,
      filter: null,
      limits: { fact: 9, preference: 9 },
      minRelativity: 0.45,
      explainIds: [],
    };
    const searching = search.execute(request, { signal: leaving.signal });
    leaving.abort(new AppError('client_gone', 'left'));
    await expect(searching).rejects.toMatchObject({ code: 'client_gone' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
