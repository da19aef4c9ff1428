import { randomUUID } from 'node:crypto';
import type { Configuration } from '@continuo/platform';
import type {
  ChatModel,
  JobQueue,
  MemoryRecords,
  MessageRecords,
  ProjectRecords,
  RecallApi,
  RequestRecords,
  TaskRecords,
  TokenCounter,
} from '@continuo/ports';
import {
  AddMessages,
  AnswerTurn,
  AuthenticateKey,
  Chat,
  DeleteMemories,
  ForgetUser,
  GetMemory,
  GetMessages,
  GetTask,
  ListMemories,
  PromptWriter,
  TaskWatch,
  type TransientKey,
} from '@continuo/use-cases';
import type { HttpUseCases } from './continuo-http.module.ts';

/** Shorter than the 30 s after which the official client gives up. */
const WAIT_MS = 25_000;
/** As long as the official client goes on sending the same request: three times, 30 s apart, with room to spare. */
const REPEAT_MS = 10 * 60_000;
const HISTORY = { historyMessages: 20, historyTokens: 8_000 } as const;

/** The ports that requests reach, whatever stands behind them. */
export interface HttpPorts {
  readonly records: {
    readonly projects: ProjectRecords;
    readonly messages: MessageRecords;
    readonly tasks: TaskRecords;
    readonly requests: RequestRecords;
    readonly memories: MemoryRecords;
  };
  readonly recall: RecallApi;
  readonly chatModel: ChatModel;
  readonly jobs: JobQueue;
  readonly tokens: TokenCounter;
}

/** The use cases a request can reach, the same ones in one process and in a cluster. */
export function httpUseCases(
  { records, recall, chatModel, jobs, tokens }: HttpPorts,
  transientKey: TransientKey | null,
  { timeZone, chatTimeoutMs, keepMessages }: Pick<Configuration, 'timeZone' | 'chatTimeoutMs' | 'keepMessages'>,
): HttpUseCases {
  const owner = randomUUID();
  const tasks = new TaskWatch(records.tasks, WAIT_MS);
  const prompts = new PromptWriter(tokens, { timeZone, ...HISTORY });
  const { messages, requests, memories } = records;
  const turn = new AnswerTurn({ recall, model: chatModel, messages, requests, jobs, prompts, tasks });
  return {
    addMessages: new AddMessages(messages, requests, tasks, jobs, { repeatMs: REPEAT_MS, owner }),
    chat: new Chat(requests, turn, { timeoutMs: chatTimeoutMs, repeatMs: REPEAT_MS, owner }),
    recall,
    getMessages: new GetMessages(messages),
    listMemories: new ListMemories(memories, messages),
    getMemory: new GetMemory(memories, messages),
    getTask: new GetTask(records.tasks),
    deleteMemories: new DeleteMemories(memories, jobs),
    forgetUser: new ForgetUser(memories, jobs, keepMessages),
    authenticateKey: new AuthenticateKey(records.projects, transientKey),
  };
}
