import { randomUUID } from 'node:crypto';
import { createHttpApplication, HTTP_LOG, type HttpUseCases, READINESS, useCaseProviders } from '@continuo/entrypoints';
import { type Configuration, type Log, Metrics } from '@continuo/platform';
import { TOKEN_COUNTER } from '@continuo/ports';
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
import type { Infrastructure } from './infrastructure.ts';
import { StandaloneReadiness } from './readiness.ts';

/** Shorter than the 30 s after which the official client gives up. */
const WAIT_MS = 25_000;
/** As long as the official client goes on sending the same request: three times, 30 s apart, with room to spare. */
const REPEAT_MS = 10 * 60_000;
const HISTORY = { historyMessages: 20, historyTokens: 8_000 } as const;

export type HttpServer = Awaited<ReturnType<typeof createHttpApplication>>;

/** The use cases a request can reach, behind HTTP. */
export function createHttpServer(
  infrastructure: Infrastructure,
  transientKey: TransientKey | null,
  configuration: Configuration,
  log: Log,
): Promise<HttpServer> {
  return createHttpApplication({
    settings: configuration.http,
    infrastructure: [
      ...useCaseProviders(useCasesOf(infrastructure, transientKey, configuration)),
      { provide: HTTP_LOG, useValue: log },
      { provide: READINESS, useValue: new StandaloneReadiness(infrastructure) },
      { provide: TOKEN_COUNTER, useValue: infrastructure.tokens },
      { provide: Metrics, useValue: infrastructure.metrics },
    ],
  });
}

function useCasesOf(infrastructure: Infrastructure, transientKey: TransientKey | null, configuration: Configuration): HttpUseCases {
  const { records, recall, queue, models, tokens } = infrastructure;
  const owner = randomUUID();
  const tasks = new TaskWatch(records.tasks, WAIT_MS);
  const prompts = new PromptWriter(tokens, { timeZone: configuration.timeZone, ...HISTORY });
  const turn = new AnswerTurn({
    recall,
    model: models.chat,
    messages: records.messages,
    requests: records.requests,
    jobs: queue,
    prompts,
    tasks,
  });
  return {
    addMessages: new AddMessages(records.messages, records.requests, tasks, queue, { repeatMs: REPEAT_MS, owner }),
    chat: new Chat(records.requests, turn, { timeoutMs: configuration.chatTimeoutMs, repeatMs: REPEAT_MS, owner }),
    searchMemory: recall,
    getMessages: new GetMessages(records.messages),
    listMemories: new ListMemories(records.memories, records.messages),
    getMemory: new GetMemory(records.memories, records.messages),
    getTask: new GetTask(records.tasks),
    deleteMemories: new DeleteMemories(records.memories, queue),
    forgetUser: new ForgetUser(records.memories, queue, configuration.keepMessages),
    authenticateKey: new AuthenticateKey(records.projects, transientKey),
  };
}
