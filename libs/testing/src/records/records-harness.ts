import type { Memory, Message, Scope } from '@continuo/domain';
import type {
  AppendInput,
  AppendResult,
  BatchChanges,
  ExclusiveWork,
  FileRecords,
  InboxBatch,
  InboxRecords,
  IndexSource,
  KnowledgeRecords,
  MemoryRecords,
  MessageRecords,
  OutboxRecords,
  ProfileRecords,
  ProjectRecords,
  RecallRecords,
  RequestRecords,
  TaskRecords,
  UsageRecords,
  VectorRecords,
} from '@continuo/ports';
import { aMemory, anAppend, aScope, NOW } from '../builders.ts';

/** Every port of the records, over one store. */
export interface AllRecords {
  readonly projects: ProjectRecords;
  readonly messages: MessageRecords;
  readonly tasks: TaskRecords;
  readonly requests: RequestRecords;
  readonly inbox: InboxRecords;
  readonly memories: MemoryRecords;
  readonly recall: RecallRecords;
  readonly outbox: OutboxRecords;
  readonly vectors: VectorRecords;
  readonly profiles: ProfileRecords;
  readonly usage: UsageRecords;
  readonly indexSource: IndexSource;
  readonly knowledge: KnowledgeRecords;
  readonly files: FileRecords;
  readonly exclusive: ExclusiveWork;
}

export interface RecordsHarness<Kept extends AllRecords = AllRecords> {
  readonly name: string;
  start(): Promise<Kept>;
  /** Empties the store; called before each test. Returns the records to go on with. */
  reset(): Promise<Kept>;
  stop(): Promise<void>;
}

/** Opens the store once for a suite and empties it before each of its tests. */
export function useRecords(harness: RecordsHarness): () => AllRecords {
  let records: AllRecords;
  beforeAll(async () => {
    records = await harness.start();
  });
  beforeEach(async () => {
    records = await harness.reset();
  });
  afterAll(() => harness.stop());
  return () => records;
}

/** Appends with the builder's defaults. */
export const append = (records: AllRecords, overrides: Parameters<typeof anAppend>[0] = {}): Promise<AppendResult> =>
  records.messages.append(anAppend(overrides));

/** The batch that is due, which the test takes for granted. */
export async function readBatch(
  records: AllRecords,
  scope: Scope = aScope(),
  limits: { readonly maxMessages?: number; readonly maxCharacters?: number; readonly now?: number } = {},
): Promise<InboxBatch> {
  const batch = await records.inbox.readBatch(scope, { maxMessages: 50, maxCharacters: 100_000, now: NOW, ...limits });
  if (batch === null) throw new Error('nothing is pending');
  return batch;
}

export const noChanges = (overrides: Partial<BatchChanges> = {}): BatchChanges => ({
  insert: [],
  evidence: [],
  hide: [],
  supersede: [],
  reason: null,
  ...overrides,
});

/** Says something and mines it into one memory of the given shape. */
export async function remember(
  records: AllRecords,
  overrides: Partial<Memory> = {},
  said: Partial<Omit<AppendInput, 'messages'>> & { readonly now?: number } = {},
): Promise<{ readonly memory: Memory; readonly message: Message; readonly taskId: string }> {
  const scope = overrides.scope ?? aScope();
  const text = overrides.text ?? 'I drink green tea every morning';
  const { taskId } = await append(records, { scope, mode: 'turn', messages: [text], ...said });
  const batch = await readBatch(records, scope, { now: said.now ?? NOW });
  const message = batch.messages.find((candidate) => candidate.content === text);
  if (message === undefined) throw new Error('the message is not in the batch');
  const memory = aMemory({
    scope,
    conversationId: message.conversationId,
    labels: message.labels,
    sourceMessageIds: [message.id],
    quotes: [text],
    sourceSequence: message.sequence,
    ...overrides,
  });
  const outcome = await records.inbox.commit(batch, noChanges({ insert: [memory] }), said.now ?? NOW);
  if (outcome !== 'committed') throw new Error(`the memory was not kept: ${outcome}`);
  return { memory, message, taskId };
}

/** Tells the index nothing and forgets what it should have been told. */
export async function emptyOutbox(records: AllRecords): Promise<void> {
  for (;;) {
    const items = await records.outbox.next(500);
    if (items.length === 0) return;
    await records.outbox.acknowledge(items);
  }
}

export const contents = (messages: readonly Message[]): readonly string[] => messages.map((message) => message.content);
