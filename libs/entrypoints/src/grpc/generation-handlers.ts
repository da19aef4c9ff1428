import { GENERATION_RPC } from '@continuo/contracts';
import { CHAT_MODEL, type ChatModel, STRUCTURED_MODEL, type StructuredModel } from '@continuo/ports';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { EMPTY, type Observable } from 'rxjs';
import { streamAnswer } from './answer-stream.ts';
import { RpcCalls, type StreamCall, type UnaryCall } from './rpc-calls.ts';

const ROLES = ['extract', 'reconcile'] as const;

/** `continuo.v1.Generation`. */
@Controller()
export class GenerationHandlers {
  constructor(
    private readonly calls: RpcCalls,
    @Inject(CHAT_MODEL) private readonly chat: ChatModel,
    @Inject(STRUCTURED_MODEL) private readonly structured: StructuredModel,
  ) {}

  /** Writes to the call itself: an observable has no back-pressure. */
  @GrpcMethod('Generation', 'Stream')
  async stream(_request: unknown, _metadata: unknown, call: StreamCall): Promise<Observable<never>> {
    await streamAnswer(this.calls, this.chat, call);
    return EMPTY;
  }

  @GrpcMethod('Generation', 'Complete')
  complete(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(GENERATION_RPC.complete, call, (request, options) => this.structured.complete(request, options));
  }

  @GrpcMethod('Generation', 'Describe')
  describe(_request: unknown, _metadata: unknown, call: UnaryCall): Promise<object> {
    return this.calls.unary(GENERATION_RPC.describe, call, async () => ({
      ...this.chat.describe(),
      roles: ROLES.filter((role) => this.structured.available(role)),
    }));
  }
}
