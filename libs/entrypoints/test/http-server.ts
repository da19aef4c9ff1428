import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppError } from '@continuo/contracts';
import { forEachKind, type Memory, type Message, type NewMessage, type Scope } from '@continuo/domain';
import { Metrics, silentLog, type Log } from '@continuo/platform';
import {
  DEFAULT_PROJECT_SETTINGS,
  TOKEN_COUNTER,
  type Claim,
  type KnowledgeBase,
  type ProfileInstance,
  type Project,
  type ProjectSettings,
  type RecallResult,
  type SharedLimits,
  type Task,
  type UsageRecords,
} from '@continuo/ports';
import { aRecallResult } from '@continuo/testing';
import {
  type ChatAnswer,
  type ChatEvent,
  type ChatInput,
  type ChatRun,
  LimitChats,
  LimitRequests,
  ResolveSpaces,
  ResolveTargets,
} from '@continuo/use-cases';
import {
  createHttpApplication,
  DEFAULT_HTTP_SETTINGS,
  HTTP_LOG,
  READINESS,
  useCaseProviders,
  type HttpSettings,
  type HttpUseCases,
  type ReadinessReport,
} from '../src/index.ts';

export const KEY = 'mpg-test';

/** What the fake use cases were called with, and what they are to answer. */
export interface Behind {
  readonly calls: { readonly name: string; readonly input: unknown }[];
  recall: RecallResult;
  chat: (input: ChatInput, signal: AbortSignal | undefined) => Partial<ChatRun>;
  /** Of a told conversation that is not named. */
  conversation: string;
  fail: unknown;
  readiness: ReadinessReport;
  task: Task;
  memory: Memory;
  profiles: readonly ProfileInstance[];
  /** Of the project, where they differ from the defaults. */
  settings: Partial<ProjectSettings>;
  /** Knowledge bases the project may use. */
  bases: readonly KnowledgeBase[];
}

export interface Served {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly behind: Behind;
  /** As it was when it was started. */
  reset(): void;
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: Envelope; readonly headers: Headers }>;
  raw(path: string, init: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export interface Envelope {
  readonly code: number;
  readonly message: string;
  // Specs read whatever a reply holds.
  readonly data: Record<string, never> & Record<string, unknown>;
}

export const NO_RECALL = aRecallResult({ timings: { embedMs: 1, indexMs: 2, totalMs: 3 } });

export interface ServeOptions {
  readonly settings?: Partial<HttpSettings>;
  readonly log?: Log;
}

const MODELS = [{ publicName: 'qwen2.5-72b-instruct' }, { publicName: 'deepseek-r1' }];

/** Every character is a token. */
const COUNTER = { count: (text: string) => text.length, exceeds: (text: string, limit: number) => text.length > limit };

/** One minute that never ends. */
function countingLimits(): SharedLimits {
  const used = new Map<string, number>();
  const add = ({ key, points }: Claim, sign: number): void => void used.set(key, (used.get(key) ?? 0) + sign * points);
  return {
    take: async (claims) => {
      if (claims.some(({ key, points, perMinute }) => (used.get(key) ?? 0) + points > perMinute))
        return { allowed: false, retryAfterMs: 12_300 };
      for (const claim of claims) add(claim, 1);
      return { allowed: true };
    },
    giveBack: async (claims) => claims.forEach((claim) => add(claim, -1)),
    charge: async (claim) => add(claim, 1),
  };
}

function countedUsage(): UsageRecords {
  const spent = new Map<string, number>();
  return {
    add: async (project, day, tokens) => void spent.set(project + day, (spent.get(project + day) ?? 0) + tokens),
    spent: async (project, day) => spent.get(project + day) ?? 0,
  };
}

/** A real server on a free port with fake use cases behind it. */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const behind: Behind = { calls: [], ...untouched() };
  const app = await application(options, behind);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const api = `${url}${options.settings?.prefix ?? DEFAULT_HTTP_SETTINGS.prefix}`;
  return {
    url,
    app,
    behind,
    reset() {
      behind.calls.length = 0;
      Object.assign(behind, untouched());
    },
    async post(path, body, headers = {}) {
      const response = await fetch(`${api}${path}`, {
        method: 'POST',
        headers: { authorization: `Token ${KEY}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Envelope, headers: response.headers };
    },
    raw: (path, init) => fetch(path.startsWith('http') ? path : `${api}${path}`, init),
    close: () => app.close(),
  };
}

/** One that does not listen yet. */
export const application = (options: ServeOptions = {}, behind: Behind = { calls: [], ...untouched() }): Promise<NestFastifyApplication> =>
  createHttpApplication({
    settings: { ...DEFAULT_HTTP_SETTINGS, timeZone: 'Asia/Shanghai', ...options.settings },
    infrastructure: [
      ...useCaseProviders(fakes(behind)),
      { provide: HTTP_LOG, useValue: options.log ?? silentLog },
      { provide: READINESS, useValue: { report: () => Promise.resolve(behind.readiness) } },
      {
        provide: TOKEN_COUNTER,
        useValue: COUNTER,
      },
      { provide: Metrics, useValue: new Metrics({ processDetails: false }) },
    ],
  });

const untouched = (): Omit<Behind, 'calls'> => ({
  recall: NO_RECALL,
  chat: () => ({}),
  conversation: 'c-told',
  fail: null,
  readiness: { status: 'complete', parts: [{ name: 'records', state: 'ready', words: 'Open.' }] },
  task: aTask(),
  memory: aMemory({}),
  profiles: [],
  settings: {},
  bases: [],
});

function fakes(behind: Behind): HttpUseCases {
  const called = <Result>(name: string, result: () => Result) => ({
    execute: (input: unknown): Promise<Result> => {
      behind.calls.push({ name, input });
      return behind.fail === null ? Promise.resolve(result()) : Promise.reject(behind.fail);
    },
  });
  const fake = {
    addMessages: called('add', () => ({ taskId: 'task-1', status: 'running' })),
    recall: { search: called('search', () => behind.recall).execute },
    getMessages: called('messages', () => [
      aMessage({ role: 'user' }),
      aMessage({ role: 'assistant', content: 'Hi', parts: { content: [] } }),
    ]),
    resolveSpaces: new ResolveSpaces({ linkedTo: () => Promise.resolve(behind.bases) }),
    resolveTargets: new ResolveTargets({ linkedTo: () => Promise.resolve(behind.bases) }),
    limitRequests: new LimitRequests(countingLimits(), COUNTER),
    limitChats: new LimitChats(countedUsage(), COUNTER),
    chatModel: { describe: () => ({ available: true, models: MODELS, reason: '' }) },
    listMemories: called('list', () => ({
      memories: { ...forEachKind(() => []), [behind.memory.kind]: [{ memory: behind.memory, sources: [aMessage({})] }] },
      profiles: behind.profiles,
      total: 1,
      pages: 1,
    })),
    getMemory: called('memory', () => ({ memory: behind.memory, sources: [aMessage({})] })),
    getTask: called('task', () => behind.task),
    deleteMemories: called('delete', () => undefined),
    deleteByFilter: called('deleteByFilter', () => 2),
    forgetUser: called('forget', () => ({ memories: 1, messages: 2, vectors: 0 })),
    forgetKind: called('forgetKind', () => 2),
    updateMemory: called('update', () => undefined),
    addFeedback: called('feedback', () => ({ taskId: 'task-1', status: 'running' })),
    extractMemories: called('extract', () => ({ facts: [behind.memory], preferences: [behind.memory] })),
    rerankDocuments: called('rerank', () => ({ results: [{ index: 1, text: 'b', score: 0.5 }], tokens: 7 })),
    authenticateKey: {
      execute: (key: string | null): Promise<Project> => {
        if (key === null) return Promise.reject(new AppError('unauthenticated', 'an API key is required'));
        return key === KEY
          ? Promise.resolve({ id: 'default', createdAt: 0, settings: { ...DEFAULT_PROJECT_SETTINGS, ...behind.settings } })
          : Promise.reject(new AppError('key_invalid', 'the API key is not valid'));
      },
    },
    chat: {
      conversationOfTold: (scope: Scope, told: readonly NewMessage[]): Promise<string> => {
        behind.calls.push({ name: 'conversationOfTold', input: { scope, told } });
        return Promise.resolve(behind.conversation);
      },
      execute: (input: ChatInput, callOptions: { readonly signal?: AbortSignal }): ChatRun => {
        behind.calls.push({ name: 'chat', input });
        if (behind.fail !== null) throw behind.fail;
        return { ...aRun([{ type: 'text', text: 'Hello' }]), ...behind.chat(input, callOptions.signal) };
      },
    },
  };
  return fake as unknown as HttpUseCases;
}

export const anAnswer = (change: Partial<ChatAnswer> = {}): ChatAnswer => ({
  response: 'Hello',
  conversationId: 'c-1',
  recall: NO_RECALL,
  replayed: false,
  usage: null,
  finish: 'stop',
  ...change,
});

export function aRun(events: readonly Exclude<ChatEvent, { type: 'end' }>[], answer = anAnswer()): ChatRun {
  return {
    async *events() {
      yield* events;
      yield { type: 'end', answer };
    },
    whole: () => Promise.resolve(answer),
    delivered: () => Promise.resolve(),
    clientGone: () => undefined,
  };
}

export function aTask(change: Partial<Task> = {}): Task {
  return {
    id: 'task-1',
    scope: { projectId: 'default', subject: 'user:ana' },
    status: 'completed',
    added: 1,
    updated: 0,
    deleted: 0,
    parentId: null,
    memoryIds: { ...forEachKind(() => []), fact: ['m-1'] },
    reason: null,
    createdAt: 1_795_000_000_000,
    finishedAt: 1_795_000_001_000,
    ...change,
  };
}

export function aMessage(change: Partial<Message>): Message {
  return {
    id: 'msg-1',
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: 'c-1',
    role: 'user',
    content: 'I drink green tea every morning',
    parts: null,
    chatTime: 1_795_000_000_000,
    roleName: null,
    speakerId: null,
    sequence: 1,
    place: 0,
    withheld: [],
    state: 'processed',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    purpose: 'said',
    extraction: null,
    taskId: 'task-1',
    createdAt: 1_795_000_005_000,
    ...change,
  };
}

export function aMemory(change: Partial<Memory>): Memory {
  return {
    id: 'm-1',
    scope: { projectId: 'default', subject: 'user:ana' },
    kind: 'fact',
    preferenceType: null,
    reasoning: '',
    title: 'Green tea',
    text: 'I drink green tea every morning.',
    language: 'en',
    topicKey: null,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'user',
    entities: [],
    keyPhrases: [],
    eventTime: null,
    confidence: 0.99,
    details: {},
    conversationId: 'c-1',
    sourceMessageIds: ['msg-1'],
    quotes: ['I drink green tea every morning'],
    evidence: 1,
    statedAt: 1_795_000_000_000,
    sourceSequence: 1,
    status: 'current',
    supersededBy: null,
    validFrom: 1_795_000_000_000,
    validTo: null,
    labels: { tags: ['drinks'], info: { scene: 'kitchen' }, appId: null, agentId: 'guide', relatedIds: [] },
    extractor: 'rules',
    createdAt: 1_795_000_000_000,
    updatedAt: 1_795_000_000_500,
    indexVersion: 1,
    ...change,
  };
}
