import { randomUUID } from 'node:crypto';
import type { Configuration } from '@continuo/platform';
import type {
  ChatModel,
  EmbeddingModel,
  FileRecords,
  JobQueue,
  KnowledgeRecords,
  MemoryRecords,
  MessageRecords,
  ProfileRecords,
  ProjectRecords,
  RecallApi,
  RequestRecords,
  SharedLimits,
  StructuredModel,
  TaskRecords,
  TokenCounter,
  UsageRecords,
} from '@continuo/ports';
import {
  AddFeedback,
  AddFiles,
  AddMessages,
  AnswerTurn,
  AuthenticateKey,
  Chat,
  DeleteByFilter,
  DeleteMemories,
  ExtractCandidates,
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
  PromptWriter,
  RerankDocuments,
  ResolveSpaces,
  ResolveTargets,
  TaskWatch,
  type TransientKey,
  UpdateMemory,
} from '@continuo/use-cases';
import type { HttpUseCases } from './continuo-http.module.ts';

/** Shorter than the 30 s after which the official client gives up. */
const WAIT_MS = 25_000;
/** As long as the official client goes on sending the same request: three times, 30 s apart, with room to spare. */
const REPEAT_MS = 10 * 60_000;
/** Somebody waits: longer than a search may, for a handful of texts. */
const RERANK_EMBED_MS = 5_000;
const HISTORY = { historyMessages: 20, historyTokens: 8_000 } as const;

/** The ports that requests reach, whatever stands behind them. */
export interface HttpPorts {
  readonly records: {
    readonly projects: ProjectRecords;
    readonly messages: MessageRecords;
    readonly tasks: TaskRecords;
    readonly requests: RequestRecords;
    readonly memories: MemoryRecords;
    readonly knowledge: KnowledgeRecords;
    readonly files: FileRecords;
    readonly profiles: ProfileRecords;
    readonly usage: UsageRecords;
  };
  readonly recall: RecallApi;
  readonly chatModel: ChatModel;
  readonly structured: StructuredModel;
  readonly embedder: EmbeddingModel;
  readonly jobs: JobQueue;
  readonly tokens: TokenCounter;
  /** Shared by all processes that answer requests. */
  readonly limits: SharedLimits;
}

type HttpSettings = Pick<Configuration, 'timeZone' | 'chatTimeoutMs' | 'keepMessages' | 'extraction' | 'embedding'>;

/** The use cases a request can reach, the same ones in one process and in a cluster. */
export function httpUseCases(
  { records, recall, chatModel, structured, embedder, jobs, tokens, limits }: HttpPorts,
  transientKey: TransientKey | null,
  { timeZone, chatTimeoutMs, keepMessages, extraction, embedding: { calibration } }: HttpSettings,
): HttpUseCases {
  const owner = randomUUID();
  const tasks = new TaskWatch(records.tasks, WAIT_MS);
  const prompts = new PromptWriter(tokens, { timeZone, ...HISTORY });
  const { messages, requests, memories } = records;
  const turn = new AnswerTurn({ recall, model: chatModel, messages, requests, jobs, prompts, tasks });
  const knowledgeBases = new KnowledgeBases(records.knowledge, jobs);
  const whileSomebodyWaits = { ...extraction, timeZone, timeoutMs: Math.min(extraction.timeoutMs, WAIT_MS) };
  return {
    addMessages: new AddMessages(messages, requests, tasks, jobs, { repeatMs: REPEAT_MS, owner }),
    chat: new Chat(requests, turn, { timeoutMs: chatTimeoutMs, repeatMs: REPEAT_MS, owner }),
    recall,
    chatModel,
    getMessages: new GetMessages(messages),
    resolveTargets: new ResolveTargets(records.knowledge),
    limitRequests: new LimitRequests(limits, tokens),
    limitChats: new LimitChats(records.usage, tokens),
    resolveSpaces: new ResolveSpaces(records.knowledge),
    listMemories: new ListMemories(memories, messages, records.profiles),
    getMemory: new GetMemory(memories, messages, records.knowledge),
    getTask: new GetTask(records.tasks),
    deleteMemories: new DeleteMemories(memories, jobs),
    deleteByFilter: new DeleteByFilter(memories, jobs),
    forgetUser: new ForgetUser(memories, jobs, keepMessages),
    forgetKind: new ForgetKind(memories, jobs),
    updateMemory: new UpdateMemory(memories, jobs),
    addFeedback: new AddFeedback(messages, jobs),
    extractMemories: new ExtractMemories(new ExtractCandidates(structured, records.usage, memories, whileSomebodyWaits)),
    rerankDocuments: new RerankDocuments(embedder, tokens, { timeZone, embedTimeoutMs: RERANK_EMBED_MS, calibration }),
    profiles: new Profiles(records.profiles, jobs),
    knowledgeBases,
    addFiles: new AddFiles(knowledgeBases, records.files, jobs),
    knowledgeFiles: new KnowledgeFiles(knowledgeBases, records.files, jobs),
    authenticateKey: new AuthenticateKey(records.projects, transientKey),
  };
}
