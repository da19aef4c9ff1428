import type { Readiness, ReadinessPart, ReadinessReport } from '@continuo/entrypoints';
import type { VectorRecords } from '@continuo/ports';
import { embedderSentence } from './embedder.ts';
import type { Infrastructure } from './infrastructure.ts';

/** How the server is. Words alone or no model are degraded; only unreachable records make it unavailable. */
export class StandaloneReadiness implements Readiness {
  private readonly infrastructure: Infrastructure;

  constructor(infrastructure: Infrastructure) {
    this.infrastructure = infrastructure;
  }

  async report(): Promise<ReadinessReport> {
    const parts = await Promise.all([this.records(), this.index(), this.embeddings(), this.model()]);
    const down = parts.some((part) => part.name === 'records' && part.state === 'down');
    const degraded = parts.some((part) => part.state !== 'ready');
    return { status: down ? 'unavailable' : degraded ? 'degraded' : 'complete', parts };
  }

  private records(): Promise<ReadinessPart> {
    return part('records', async () => {
      await this.infrastructure.records.ping();
      return { state: 'ready', words: 'SQLite answers' };
    });
  }

  private index(): Promise<ReadinessPart> {
    return part('index', async () => {
      const [documents, waiting] = await Promise.all([this.infrastructure.index.count(null), this.infrastructure.records.outbox.depth()]);
      return { state: 'ready', words: `${documents} documents, ${waiting} waiting` };
    });
  }

  private embeddings(): Promise<ReadinessPart> {
    return part('embeddings', async () => {
      const state = this.infrastructure.embedder.state();
      const progress = await progressOf(this.infrastructure.records.vectors, state.status === 'ready' ? state.model.id : null);
      const complete = state.status === 'ready' && (progress === null || progress.filled >= progress.total);
      return { state: complete ? 'ready' : 'degraded', words: embedderSentence(state, progress) };
    });
  }

  private async model(): Promise<ReadinessPart> {
    const { available, reason } = this.infrastructure.models.chat.describe();
    return { name: 'model', state: available ? 'ready' : 'degraded', words: reason };
  }
}

async function part(name: string, look: () => Promise<Omit<ReadinessPart, 'name'>>): Promise<ReadinessPart> {
  try {
    return { name, ...(await look()) };
  } catch {
    return { name, state: 'down', words: 'does not answer' };
  }
}

export async function progressOf(
  vectors: VectorRecords,
  modelId: string | null,
): Promise<{ readonly filled: number; readonly total: number } | null> {
  return modelId === null ? null : vectors.progress(modelId);
}
