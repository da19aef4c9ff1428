import { AppError, EMBEDDING_RPC, INDEX_RPC, RECALL_RPC } from '@continuo/contracts';
import { EMBEDDING_MODEL, type EmbeddingModel, type IndexWriter, MEMORY_INDEX, RECALL_API, type RecallApi } from '@continuo/ports';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { RpcCalls, type UnaryCall } from './rpc-calls.ts';

/** `continuo.v1.Recall`. */
@Controller()
export class RecallHandlers {
  constructor(
    private readonly calls: RpcCalls,
    @Inject(RECALL_API) private readonly recall: RecallApi,
  ) {}

  @GrpcMethod('Recall', 'Search')
  search(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(RECALL_RPC.search, call, (request, options) => this.recall.search(request, options));
  }
}

/** `continuo.v1.Index`. */
@Controller()
export class IndexHandlers {
  constructor(
    private readonly calls: RpcCalls,
    @Inject(MEMORY_INDEX) private readonly index: IndexWriter,
  ) {}

  @GrpcMethod('Index', 'Upsert')
  upsert(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.upsert, call, async ({ documents }) => {
      await this.index.upsert(documents);
      return {};
    });
  }

  @GrpcMethod('Index', 'Remove')
  remove(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.remove, call, async ({ removals }) => {
      await this.index.remove(removals);
      return {};
    });
  }

  @GrpcMethod('Index', 'RemoveScope')
  removeScope(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.removeScope, call, async ({ scope }) => ({ removed: await this.index.removeScope(scope) }));
  }

  @GrpcMethod('Index', 'Count')
  count(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.count, call, async ({ scope }) => ({ count: await this.index.count(scope) }));
  }

  @GrpcMethod('Index', 'SweepTombstones')
  sweepTombstones(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.sweepTombstones, call, async ({ beforeMs }) => {
      await this.index.sweepTombstones(beforeMs);
      return {};
    });
  }

  @GrpcMethod('Index', 'Entries')
  entries(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.entries, call, async ({ afterId, limit }) => ({ entries: await this.index.entries(afterId, limit) }));
  }

  @GrpcMethod('Index', 'NeedsRefill')
  needsRefill(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.needsRefill, call, async () => ({ name: await this.index.needsRefill() }));
  }

  @GrpcMethod('Index', 'ConfirmRefill')
  confirmRefill(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(INDEX_RPC.confirmRefill, call, async ({ name }) => {
      await this.index.confirmRefill(name);
      return {};
    });
  }
}

/** `continuo.v1.Embedding`. */
@Controller()
export class EmbeddingHandlers {
  constructor(
    private readonly calls: RpcCalls,
    @Inject(EMBEDDING_MODEL) private readonly embedder: EmbeddingModel,
  ) {}

  @GrpcMethod('Embedding', 'State')
  state(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(EMBEDDING_RPC.state, call, async () => this.embedder.state());
  }

  @GrpcMethod('Embedding', 'Embed')
  embed(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(EMBEDDING_RPC.embed, call, async ({ texts, role, modelId }, options) => {
      const state = this.embedder.state();
      // While replicas change models one after the other, vectors of two must not come back under one name.
      if (state.status === 'ready' && state.model.id !== modelId)
        throw new AppError('embedder_unavailable', 'this replica embeds with another model');
      return { vectors: await this.embedder.embed(texts, role, options) };
    });
  }
}
