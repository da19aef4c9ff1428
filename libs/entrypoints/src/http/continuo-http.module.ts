import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { Log } from '@continuo/platform';
import { RECALL_API, type RecallApi, TOKEN_COUNTER, type TokenCounter } from '@continuo/ports';
import {
  AddMessages,
  AuthenticateKey,
  Chat,
  DeleteMemories,
  ForgetUser,
  GetMemory,
  GetMessages,
  GetTask,
  ListMemories,
} from '@continuo/use-cases';
import { ChatController } from './controllers/chat.controller.ts';
import { ForgettingController, MemoriesController } from './controllers/memories.controller.ts';
import { MessagesController } from './controllers/messages.controller.ts';
import { OperationsController } from './controllers/operations.controller.ts';
import { PingController } from './controllers/ping.controller.ts';
import { DocumentationController } from './documentation/documentation.controller.ts';
import { Documentation } from './documentation/documentation.ts';
import { DrainOnShutdown } from './drain-on-shutdown.ts';
import { Draining } from './draining.ts';
import { HTTP_LOG } from './http-log.ts';
import { HTTP_SETTINGS, type HttpSettings } from './http-settings.ts';
import { InputLimits } from './reading/input-limits.ts';
import { EnvelopeFilter } from './server/error-filter.ts';
import { KnownRoutes } from './server/known-routes.ts';
import { RequestValidation } from './server/request-validation.ts';

/** What the controllers call. */
export interface HttpUseCases {
  readonly addMessages: AddMessages;
  readonly chat: Chat;
  readonly recall: RecallApi;
  readonly getMessages: GetMessages;
  readonly listMemories: ListMemories;
  readonly getMemory: GetMemory;
  readonly getTask: GetTask;
  readonly deleteMemories: DeleteMemories;
  readonly forgetUser: ForgetUser;
  readonly authenticateKey: AuthenticateKey;
}

/** The use cases as providers, for an app that has made them itself. */
export const useCaseProviders = (useCases: HttpUseCases): readonly Provider[] => [
  { provide: AddMessages, useValue: useCases.addMessages },
  { provide: Chat, useValue: useCases.chat },
  { provide: RECALL_API, useValue: useCases.recall },
  { provide: GetMessages, useValue: useCases.getMessages },
  { provide: ListMemories, useValue: useCases.listMemories },
  { provide: GetMemory, useValue: useCases.getMemory },
  { provide: GetTask, useValue: useCases.getTask },
  { provide: DeleteMemories, useValue: useCases.deleteMemories },
  { provide: ForgetUser, useValue: useCases.forgetUser },
  { provide: AuthenticateKey, useValue: useCases.authenticateKey },
];

/**
 * The HTTP room. The app that opens it brings the use cases, `HTTP_SETTINGS`, `HTTP_LOG`, `READINESS`, `TOKEN_COUNTER` and `Metrics`.
 */
@Module({
  controllers: [
    MessagesController,
    MemoriesController,
    ForgettingController,
    ChatController,
    PingController,
    OperationsController,
    DocumentationController,
  ],
})
export class ContinuoHttpModule {
  static with(infrastructure: readonly Provider[]): DynamicModule {
    return {
      module: ContinuoHttpModule,
      providers: [
        ...infrastructure,
        Draining,
        DrainOnShutdown,
        Documentation,
        KnownRoutes,
        { provide: InputLimits, inject: [TOKEN_COUNTER], useFactory: (tokens: TokenCounter) => new InputLimits(tokens) },
        { provide: APP_PIPE, useClass: RequestValidation },
        {
          provide: APP_FILTER,
          inject: [HTTP_SETTINGS, HTTP_LOG, KnownRoutes],
          useFactory: (settings: HttpSettings, log: Log, routes: KnownRoutes) => new EnvelopeFilter(settings, log, routes),
        },
      ],
    };
  }
}
