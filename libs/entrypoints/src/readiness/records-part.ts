import type { WatchedPart } from './parts-readiness.ts';

/** What can be asked of opened records, whatever their engine. */
interface AskableRecords {
  readonly engine: 'sqlite' | 'postgres';
  ping(): Promise<'ok'>;
  schema(): Promise<'current' | 'missing' | 'older' | 'newer'>;
}

/** Nothing is served without the records, nor with a schema older than this version needs. */
export function recordsPart(records: AskableRecords): WatchedPart {
  const engine = records.engine === 'sqlite' ? 'SQLite' : 'Postgres';
  return {
    name: 'records',
    required: true,
    look: async () => {
      await records.ping();
      const schema = await records.schema();
      if (schema === 'current') return { state: 'ready', words: `${engine} answers` };
      // Migrations only add: until this service is replaced, too, it serves on.
      if (schema === 'newer') return { state: 'degraded', words: `${engine} has a newer schema than this version knows` };
      return { state: 'down', words: `${engine} waits for "continuo migrate"` };
    },
  };
}
