import { join } from 'node:path';
import { type Memory, memoryId, type Message, type Scope, userSubject } from '@continuo/domain';
import type { InboxBatch } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { randomFrom } from '../trials/random.ts';
import { saying, type Saying } from './sayings.ts';
import { seededUnitVector } from './seeded-vectors.ts';

export interface FillPlan {
  readonly dataDirectory: string;
  readonly memories: number;
  readonly users: number;
  readonly seed: number;
  /** Whose vectors are searched; null: none are made. */
  readonly model: { readonly id: string; readonly dimension: number } | null;
}

/** Two statements a message, as people speak: half as many messages as memories. */
const STATEMENTS_PER_MESSAGE = 2;
const MESSAGES_PER_CONVERSATION = 20;
const VECTORS_PER_STORE = 500;
const PROJECT = 'default';
/** The first moment anything was said. */
const BEGAN_AT = Date.UTC(2026, 0, 5, 8);
const STEP_MS = 60_000;

export const userName = (number: number): string => `user-${number}`;

/** Fills a fresh data folder through the ports of the records: messages, the memories drawn from them, seeded vectors for both. */
export async function fillFolder(
  plan: FillPlan,
): Promise<{ readonly messages: number; readonly memories: number; readonly seconds: number }> {
  const began = performance.now();
  const records = await openSqliteRecords({ file: join(plan.dataDirectory, 'records.db') });
  try {
    await records.projects.create(PROJECT, BEGAN_AT);
    const filler = new Filler(records, plan);
    for (let user = 0; user < plan.users; user += 1) await filler.fillUser(user);
    await filler.finish();
    await records.checkpoint();
    return { messages: filler.messages, memories: filler.memories, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await records.close();
  }
}

class Filler {
  messages = 0;
  memories = 0;
  private readonly records: SqliteRecords;
  private readonly plan: FillPlan;
  private readonly random: () => number;
  private readonly vectorRandom: () => number;
  private number = 0;
  private vectors: { readonly id: string; readonly vector: Float32Array }[] = [];

  constructor(records: SqliteRecords, plan: FillPlan) {
    this.records = records;
    this.plan = plan;
    this.random = randomFrom(plan.seed);
    this.vectorRandom = randomFrom(plan.seed + 1);
  }

  async fillUser(user: number): Promise<void> {
    const scope: Scope = { projectId: PROJECT, subject: userSubject(userName(user)) };
    const share =
      Math.floor(((user + 1) * this.plan.memories) / this.plan.users) - Math.floor((user * this.plan.memories) / this.plan.users);
    for (let left = share, conversation = 0; left > 0; conversation += 1) {
      const count = Math.min(left, MESSAGES_PER_CONVERSATION * STATEMENTS_PER_MESSAGE);
      await this.converse(scope, `filled-${conversation}`, count);
      left -= count;
    }
  }

  /** The vectors that are left, and from now on they are searched. */
  async finish(): Promise<void> {
    if (this.plan.model === null) return;
    await this.storeVectors();
    await this.records.vectors.setCurrent(this.plan.model);
  }

  private async converse(scope: Scope, conversationId: string, count: number): Promise<void> {
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
        partial: false,
        recallable: true,
      })),
      labels: { tags: [], info: {}, appId: null, agentId: null },
      mode: 'turn',
      mine: true,
      now,
      answered: null,
      cutShort: null,
      replaces: [],
    });
    await this.remember(scope, messages, said, now);
  }

  private async remember(scope: Scope, messages: readonly Message[], said: readonly (readonly Saying[])[], now: number): Promise<void> {
    const batch = await this.records.inbox.readBatch(scope, { maxMessages: messages.length, maxCharacters: Number.MAX_SAFE_INTEGER, now });
    if (batch === null || batch.messages.length !== messages.length) throw new Error('what was said is not waiting to be mined');
    const insert = said.flatMap((statements, place) => statements.map((statement) => memoryOf(statement, batch, messages[place], now)));
    const outcome = await this.records.inbox.commit(batch, { insert, evidence: [], supersede: [], hide: [], reason: null }, now);
    if (outcome !== 'committed') throw new Error(`memories were not kept: ${outcome}`);
    this.messages += messages.length;
    this.memories += insert.length;
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
