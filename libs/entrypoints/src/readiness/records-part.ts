import type { WatchedPart } from './parts-readiness.ts';

/** What can be asked of opened records, whatever their engine. */
interface AskableRecords {
  readonly engine: 'sqlite' | 'postgres';
  ping(): Promise<'ok'>;
  schema(): Promise<'current' | 'missing' | 'older' | 'newer'>;
}

/** Nothing is served without the records, nor with a schema of another version. */
export function recordsPart(records: AskableRecords): WatchedPart {
  const engine = records.engine === 'sqlite' ? 'SQLite' : 'Postgres';
  return {
    name: 'records',
    required: true,
    look: async () => {
      await records.ping();
      const schema = await records.schema();
      if (schema === 'current') return { state: 'ready', words: `${engine} answers` };
      return {
        state: 'down',
        words: schema === 'newer' ? `${engine} has a newer schema than this version knows` : `${engine} waits for "continuo migrate"`,
      };
    },
  };
}
