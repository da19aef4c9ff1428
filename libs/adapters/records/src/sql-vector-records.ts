import { documentOfMemory, documentOfMessage, passageOf } from '@continuo/domain';
import type { VectorRecords } from '@continuo/ports';
import { type CurrentModel, currentModel, writeCurrentModel } from './current-model.ts';
import { putAllIntoOutbox } from './refill-outbox.ts';
import { memoryOf } from './rows/memory-row.ts';
import { MESSAGE_COLUMNS, messageOf } from './rows/message-row.ts';
import type { Store } from './sql-dialect.ts';
import { dropOtherVectors, raiseAllVersions, storeVectors } from './store-vectors.ts';
import { currentMemories, memoriesWithout, otherModels, recallableTurns, turnsWithout } from './vectorless.ts';

export class SqlVectorRecords implements VectorRecords {
  private readonly records: Store;

  constructor(records: Store) {
    this.records = records;
  }

  current(): Promise<CurrentModel | null> {
    return currentModel(this.records.database);
  }

  async setCurrent(model: CurrentModel): Promise<void> {
    await this.records.transact(
      async (transaction) => {
        await this.records.dialect.lockName(transaction, 'vectors', 'alone');
        const known = await currentModel(transaction);
        if (known?.id === model.id && known.dimension === model.dimension) return;
        await writeCurrentModel(transaction, model);
        // Another vector is another version of the document.
        await raiseAllVersions(transaction);
        await putAllIntoOutbox(transaction);
      },
      { patient: true },
    );
  }

  async missing(modelId: string, limit: number): Promise<readonly { readonly id: string; readonly passage: string }[]> {
    const { database } = this.records;
    const found: { readonly id: string; readonly createdAt: number; readonly passage: string }[] = [];
    for (const embeddedWith of await otherModels(database, modelId)) {
      const turns = await turnsWithout(database, modelId, embeddedWith)
        .select(MESSAGE_COLUMNS)
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      found.push(
        ...turns.map((row) => ({ id: row.id, createdAt: row.created_at, passage: passageOf(documentOfMessage(messageOf(row), 0)) })),
      );
      const memories = await memoriesWithout(database, modelId, embeddedWith)
        .selectAll('memories')
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      found.push(
        ...memories.map((row) => ({ id: row.id, createdAt: row.created_at, passage: passageOf(documentOfMemory(memoryOf(row))) })),
      );
    }
    return found
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, limit)
      .map(({ id, passage }) => ({ id, passage }));
  }

  store(modelId: string, vectors: readonly { readonly id: string; readonly vector: Float32Array }[]): Promise<void> {
    return this.records.transact((transaction) => storeVectors(transaction, this.records.dialect, modelId, vectors));
  }

  async progress(modelId: string): Promise<{ readonly filled: number; readonly total: number }> {
    const { database } = this.records;
    const total = (await countOf(recallableTurns(database))) + (await countOf(currentMemories(database)));
    let missing = 0;
    for (const embeddedWith of await otherModels(database, modelId)) {
      missing += await countOf(turnsWithout(database, modelId, embeddedWith));
      missing += await countOf(memoriesWithout(database, modelId, embeddedWith));
    }
    return { filled: Math.max(0, total - missing), total };
  }

  dropOthers(modelId: string): Promise<number> {
    return this.records.transact((transaction) => dropOtherVectors(transaction, this.records.dialect, modelId), { patient: true });
  }
}

async function countOf(rows: ReturnType<typeof recallableTurns> | ReturnType<typeof currentMemories>): Promise<number> {
  const counted = rows as ReturnType<typeof recallableTurns>;
  const row = await counted.select((count) => count.fn.countAll<number>().as('rows')).executeTakeFirstOrThrow();
  return Number(row.rows);
}
