import { type Memory, memoryId, type Message, type Scope, userSubject } from '@continuo/domain';
import type { InboxBatch, InboxRecords, MessageRecords, ProjectRecords, VectorRecords } from '@continuo/ports';
import { randomFrom } from '../trials/random.ts';
import { saying, type Saying } from './sayings.ts';
import { seededUnitVector } from './seeded-vectors.ts';

export interface RecordsFilling {
  readonly memories: number;
  readonly users: number;
  readonly seed: number;
  /** Whose vectors are searched; null: none are made. */
  readonly model: { readonly id: string; readonly dimension: number } | null;
}

export interface Filled {
  readonly messages: number;
  readonly memories: number;
  readonly seconds: number;
}

/** What is filled, whatever keeps it. */
interface FillableRecords {
  readonly projects: ProjectRecords;
  readonly messages: MessageRecords;
  readonly inbox: InboxRecords;
  readonly vectors: VectorRecords;
}

/** Two statements a message, as people speak: half as many messages as memories. */
const STATEMENTS_PER_MESSAGE = 2;
const MESSAGES_PER_CONVERSATION = 20;
const VECTORS_PER_STORE = 500;
const PROJECT = 'default';
/** The first moment anything was said. */
const BEGAN_AT = Date.UTC(2026, 0, 5, 8);
const STEP_MS = 60_000;
/** Keeps the seeds of users apart. */
const SEED_STEP = 7_919;

export const userName = (number: number): string => `user-${number}`;

/**
 * Fills empty records through their ports: messages, the memories drawn from them, seeded vectors for both. What comes out is the
 * same however many users are filled at once.
 */
export async function fillRecords(records: FillableRecords, plan: RecordsFilling, usersAtOnce: number): Promise<Filled> {
  const began = performance.now();
  await records.projects.create(PROJECT, BEGAN_AT);
  let [next, messages] = [0, 0];
  const fillSome = async (): Promise<void> => {
    for (let user = next++; user < plan.users; user = next++) {
      const filler = new UserFiller(records, plan, user);
      await filler.fill();
      messages += filler.messages;
    }
  };
  await Promise.all(Array.from({ length: usersAtOnce }, fillSome));
  if (plan.model !== null) await records.vectors.setCurrent(plan.model);
  return { messages, memories: plan.memories, seconds: (performance.now() - began) / 1_000 };
}

class UserFiller {
  messages = 0;
  private readonly records: FillableRecords;
  private readonly plan: RecordsFilling;
  private readonly scope: Scope;
  private readonly random: () => number;
  private readonly vectorRandom: () => number;
  private readonly last: number;
  /** Of what is said, over all users. */
  private number: number;
  private vectors: { readonly id: string; readonly vector: Float32Array }[] = [];

  constructor(records: FillableRecords, plan: RecordsFilling, user: number) {
    this.records = records;
    this.plan = plan;
    this.scope = { projectId: PROJECT, subject: userSubject(userName(user)) };
    this.random = randomFrom(plan.seed + user * SEED_STEP);
    this.vectorRandom = randomFrom(plan.seed + 1 + user * SEED_STEP);
    this.number = Math.floor((user * plan.memories) / plan.users);
    this.last = Math.floor(((user + 1) * plan.memories) / plan.users);
  }

  async fill(): Promise<void> {
    for (let conversation = 0; this.number < this.last; conversation += 1) {
      const count = Math.min(this.last - this.number, MESSAGES_PER_CONVERSATION * STATEMENTS_PER_MESSAGE);
      await this.converse(`filled-${conversation}`, count);
    }
    await this.storeVectors();
  }

  private async converse(conversationId: string, count: number): Promise<void> {
    const { scope } = this;
    const sayings = Array.from({ length: count }, () => saying(this.random, (this.number += 1)));
    const said = chunksOf(sayings, STATEMENTS_PER_MESSAGE);
    const now = BEGAN_AT + this.number * STEP_MS;
    const { messages } = await this.records.messages.append({
      scope,
      conversationId,
      messages: said.map((statements, place) => ({
        role: 'user',
        content: statements.map(({ text }) => text).join(' '),
        parts: null,
        chatTime: now + place * STEP_MS,
        roleName: null,
        speakerId: null,
        partial: false,
        recallable: true,
      })),
      labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
      purpose: 'said',
      extraction: null,
      copies: [],
      mode: 'turn',
      mine: true,
      now,
      answered: null,
      cutShort: null,
      replaces: [],
    });
    await this.remember(messages, said, now);
  }

  private async remember(messages: readonly Message[], said: readonly (readonly Saying[])[], now: number): Promise<void> {
    const batch = await this.records.inbox.readBatch(this.scope, {
      maxMessages: messages.length,
      maxCharacters: Number.MAX_SAFE_INTEGER,
      now,
    });
    if (batch === null || batch.messages.length !== messages.length) throw new Error('what was said is not waiting to be mined');
    const insert = said.flatMap((statements, place) => statements.map((statement) => memoryOf(statement, batch, messages[place], now)));
    const outcome = await this.records.inbox.commit(batch, { insert, evidence: [], supersede: [], hide: [], reason: null }, now);
    if (outcome !== 'committed') throw new Error(`memories were not kept: ${outcome}`);
    this.messages += messages.length;
    await this.giveVectors([...messages, ...insert].map(({ id }) => id));
  }

  private async giveVectors(ids: readonly string[]): Promise<void> {
    const { model } = this.plan;
    if (model === null) return;
    for (const id of ids) this.vectors.push({ id, vector: seededUnitVector(this.vectorRandom, model.dimension) });
    if (this.vectors.length >= VECTORS_PER_STORE) await this.storeVectors();
  }

  private async storeVectors(): Promise<void> {
    if (this.plan.model !== null && this.vectors.length > 0) await this.records.vectors.store(this.plan.model.id, this.vectors);
    this.vectors = [];
  }
}

function memoryOf(statement: Saying, batch: InboxBatch, source: Message | undefined, now: number): Memory {
  if (source === undefined) throw new Error('a statement has no message');
  return {
    id: memoryId(statement.kind, statement.text, source.id),
    scope: batch.scope,
    conversationId: batch.conversationId,
    kind: statement.kind,
    preferenceType: statement.kind === 'preference' ? 'explicit' : null,
    reasoning: '',
    title: statement.title,
    text: statement.text,
    language: statement.language,
    topicKey: null,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'user',
    entities: [...statement.keys],
    keyPhrases: [],
    eventTime: null,
    confidence: 0.9,
    details: {},
    sourceMessageIds: [source.id],
    quotes: [statement.text],
    evidence: 1,
    statedAt: now,
    sourceSequence: source.sequence,
    status: 'current',
    supersededBy: null,
    validFrom: now,
    validTo: null,
    labels: source.labels,
    extractor: 'bench',
    createdAt: now,
    updatedAt: now,
    indexVersion: 1,
  };
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) => items.slice(chunk * size, (chunk + 1) * size));
}
