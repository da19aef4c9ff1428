import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { Log } from '@continuo/platform';
import { CHAT_MODEL, type ChatModel, RECALL_API, type RecallApi, TOKEN_COUNTER, type TokenCounter } from '@continuo/ports';
import {
  AddFeedback,
  AddFiles,
  AddMessages,
  AuthenticateKey,
  Chat,
  DeleteByFilter,
  DeleteMemories,
  ExtractMemories,
  ForgetKind,
  ForgetUser,
  GetMemory,
  GetMessages,
  GetTask,
  KnowledgeBases,
  KnowledgeFiles,
  LimitChats,
  LimitRequests,
  ListMemories,
  Profiles,
  RerankDocuments,
  ResolveSpaces,
  ResolveTargets,
  UpdateMemory,
} from '@continuo/use-cases';
import { ChatController } from './controllers/chat.controller.ts';
import { CompletionsController } from './controllers/completions.controller.ts';
import { EditingController } from './controllers/editing.controller.ts';
import { ForgettingController } from './controllers/forgetting.controller.ts';
import { KnowledgeController } from './controllers/knowledge.controller.ts';
import { MemoriesController } from './controllers/memories.controller.ts';
import { MessagesController } from './controllers/messages.controller.ts';
import { OperationsController } from './controllers/operations.controller.ts';
import { PingController } from './controllers/ping.controller.ts';
import { ProfilesController } from './controllers/profiles.controller.ts';
import { StatelessController } from './controllers/stateless.controller.ts';
import { DocumentationController } from './documentation/documentation.controller.ts';
import { Documentation } from './documentation/documentation.ts';
import { DrainOnShutdown } from './drain-on-shutdown.ts';
import { Draining } from './draining.ts';
import { HTTP_LOG } from './http-log.ts';
import { HTTP_SETTINGS, type HttpSettings } from './http-settings.ts';
import { InputLimits } from './reading/input-limits.ts';
import { AnswerChat } from './server/answer-chat.ts';
import { EnvelopeFilter } from './server/error-filter.ts';
import { KnownRoutes } from './server/known-routes.ts';
import { LimitByProject } from './server/limit-by-project.ts';
import { RequestValidation } from './server/request-validation.ts';

/** What the controllers call. */
export interface HttpUseCases {
  readonly addMessages: AddMessages;
  readonly chat: Chat;
  readonly recall: RecallApi;
  readonly chatModel: ChatModel;
  readonly getMessages: GetMessages;
  readonly resolveSpaces: ResolveSpaces;
  readonly resolveTargets: ResolveTargets;
  readonly limitRequests: LimitRequests;
  readonly limitChats: LimitChats;
  readonly listMemories: ListMemories;
  readonly getMemory: GetMemory;
  readonly getTask: GetTask;
  readonly deleteMemories: DeleteMemories;
  readonly deleteByFilter: DeleteByFilter;
  readonly forgetUser: ForgetUser;
  readonly forgetKind: ForgetKind;
  readonly updateMemory: UpdateMemory;
  readonly addFeedback: AddFeedback;
  readonly extractMemories: ExtractMemories;
  readonly rerankDocuments: RerankDocuments;
  readonly profiles: Profiles;
  readonly knowledgeBases: KnowledgeBases;
  readonly addFiles: AddFiles;
  readonly knowledgeFiles: KnowledgeFiles;
  readonly authenticateKey: AuthenticateKey;
}

/** The use cases as providers, for an app that has made them itself. */
export const useCaseProviders = (useCases: HttpUseCases): readonly Provider[] => [
  { provide: AddMessages, useValue: useCases.addMessages },
  { provide: Chat, useValue: useCases.chat },
  { provide: RECALL_API, useValue: useCases.recall },
  { provide: CHAT_MODEL, useValue: useCases.chatModel },
  { provide: GetMessages, useValue: useCases.getMessages },
  { provide: ResolveSpaces, useValue: useCases.resolveSpaces },
  { provide: ResolveTargets, useValue: useCases.resolveTargets },
  { provide: LimitRequests, useValue: useCases.limitRequests },
  { provide: LimitChats, useValue: useCases.limitChats },
  { provide: ListMemories, useValue: useCases.listMemories },
  { provide: GetMemory, useValue: useCases.getMemory },
  { provide: GetTask, useValue: useCases.getTask },
  { provide: DeleteMemories, useValue: useCases.deleteMemories },
  { provide: DeleteByFilter, useValue: useCases.deleteByFilter },
  { provide: ForgetUser, useValue: useCases.forgetUser },
  { provide: ForgetKind, useValue: useCases.forgetKind },
  { provide: UpdateMemory, useValue: useCases.updateMemory },
  { provide: AddFeedback, useValue: useCases.addFeedback },
  { provide: ExtractMemories, useValue: useCases.extractMemories },
  { provide: RerankDocuments, useValue: useCases.rerankDocuments },
  { provide: Profiles, useValue: useCases.profiles },
  { provide: KnowledgeBases, useValue: useCases.knowledgeBases },
  { provide: AddFiles, useValue: useCases.addFiles },
  { provide: KnowledgeFiles, useValue: useCases.knowledgeFiles },
  { provide: AuthenticateKey, useValue: useCases.authenticateKey },
];

/**
 * The HTTP room. The app that opens it brings the use cases, `HTTP_SETTINGS`, `HTTP_LOG`, `READINESS`, `TOKEN_COUNTER` and `Metrics`.
 */
@Module({
  controllers: [
    MessagesController,
    MemoriesController,
    EditingController,
    ForgettingController,
    StatelessController,
    ChatController,
    CompletionsController,
    ProfilesController,
    KnowledgeController,
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
        AnswerChat,
        { provide: APP_PIPE, useClass: RequestValidation },
        { provide: APP_INTERCEPTOR, useClass: LimitByProject },
        {
          provide: APP_FILTER,
          inject: [HTTP_SETTINGS, HTTP_LOG, KnownRoutes],
          useFactory: (settings: HttpSettings, log: Log, routes: KnownRoutes) => new EnvelopeFilter(settings, log, routes),
        },
      ],
    };
  }
}
