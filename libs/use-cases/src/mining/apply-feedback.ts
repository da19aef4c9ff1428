import {
  type Candidate,
  CORRECTED_CONFIDENCE,
  correctedBy,
  decideFeedback,
  detectLanguage,
  type FeedbackReading,
  forEachKind,
  type Memory,
  MEMORY_KINDS,
  readFeedback,
  RULES_EXTRACTOR,
  saidAt,
  type Scope,
  subjectKind,
  type Verdict,
} from '@continuo/domain';
import type { BatchChanges, InboxBatch, MemoryRecords, RecallApi, StructuredModel, UsageRecords } from '@continuo/ports';
import { utcDay } from './utc-day.ts';
import { FEEDBACK_SCHEMA, feedbackMessages, readWrong } from './feedback-prompt.ts';
import { isProviderTrouble } from './provider-trouble.ts';

/** Memories read from the records at a time. */
const PAGE_SIZE = 200;
/** Memories shown to the model. */
const LISTED = 12;
/** One less alike than this is about something else. */
const LISTED_RELATIVITY = 0.3;
const TIMEOUT_MS = 60_000;
const LONGEST_TITLE = 60;

type Changes = Omit<BatchChanges, 'reason'>;

interface Decided {
  readonly changes: Changes;
  /** The subject's revision it was decided at. */
  readonly revision: number;
}

/** Puts candidates beside what is known; `verdicts` are given by index of the candidate. */
export type Reconciling = (candidates: readonly Candidate[], verdicts: ReadonlyMap<number, Verdict>) => Promise<Decided>;

export const isFeedback = (batch: InboxBatch): boolean => batch.messages.some(({ purpose }) => purpose === 'feedback');

/**
 * What somebody says about what is remembered: words are replaced, wrong memories denied, and what is left is drawn from it as from
 * any message. Feedback about nothing known that states nothing changes nothing.
 */
export class ApplyFeedback {
  private readonly memories: Pick<MemoryRecords, 'neighbours' | 'list'>;
  private readonly recall: RecallApi;
  private readonly model: StructuredModel;
  private readonly usage: UsageRecords;
  /** What a model said of a batch, so that a race with another writer is not paid for twice. */
  private readonly wrong = new WeakMap<InboxBatch, readonly string[]>();

  constructor(memories: Pick<MemoryRecords, 'neighbours' | 'list'>, recall: RecallApi, model: StructuredModel, usage: UsageRecords) {
    this.memories = memories;
    this.recall = recall;
    this.model = model;
    this.usage = usage;
  }

  /** From now on what the rules see in this batch is all that is done. */
  byRules(batch: InboxBatch): void {
    this.wrong.set(batch, []);
  }

  /** The batch with no more in it than memories are to be drawn from. */
  async toExtract(batch: InboxBatch): Promise<InboxBatch> {
    const statements = isShared(batch.scope) ? '' : await this.statements(batch);
    return { ...batch, messages: batch.messages.map((message, place) => ({ ...message, content: place === 0 ? statements : '' })) };
  }

  async execute(batch: InboxBatch, candidates: readonly Candidate[], reconcile: Reconciling, signal: AbortSignal): Promise<Decided> {
    const reading = readFeedback(contentOf(batch));
    if (isShared(batch.scope)) return reconcile(asSaid(batch, reading), new Map());
    const { memories, revision } = await this.known(batch.scope, reading);
    const decision = decideFeedback(reading, memories);
    const believed = candidates.map((candidate) => ({ ...candidate, confidence: CORRECTED_CONFIDENCE }));
    const decided = await reconcile(believed, reading.corrects ? correctedBy(believed, memories) : new Map());
    const denied = new Set([...decision.deny, ...(await this.saidToBeWrong(batch, reading, decision, signal))]);
    // What never was is denied, although something else stands in its place now: it is no history.
    const supersede = decided.changes.supersede.filter(({ id }) => !denied.has(id));
    const rewrite = decision.rewrite.filter(({ id }) => !denied.has(id) && !supersede.some((each) => each.id === id));
    return {
      changes: { ...decided.changes, supersede, rewrite, deny: [...denied] },
      // What has changed since the first reading is met by the check of the commit.
      revision: Math.min(revision, decided.revision),
    };
  }

  private async statements(batch: InboxBatch): Promise<string> {
    const reading = readFeedback(contentOf(batch));
    return decideFeedback(reading, (await this.known(batch.scope, reading)).memories).statements;
  }

  /** Every current memory of the subject: a word to be replaced may stand in any. Nothing is read for a plain statement. */
  private async known(
    scope: Scope,
    { parts, corrects }: FeedbackReading,
  ): Promise<{ readonly memories: readonly Memory[]; readonly revision: number }> {
    if (!corrects && parts.every(({ replacement, denied }) => replacement === null && denied === null))
      return { memories: [], revision: Number.POSITIVE_INFINITY };
    const { revision } = await this.memories.neighbours(scope, { topicKeys: [], statementKeys: [], ids: [] });
    const memories: Memory[] = [];
    for (const kind of MEMORY_KINDS)
      for (let page = 1, total = 1; (page - 1) * PAGE_SIZE < total; page += 1) {
        const read = await this.memories.list(scope, { kind, filter: null, page, size: PAGE_SIZE });
        memories.push(...read.items);
        total = read.total;
      }
    return { memories, revision };
  }

  /** Where the rules see nothing to change, a model may say which memories are declared wrong: of those it is shown, and no others. */
  private async saidToBeWrong(
    batch: InboxBatch,
    { parts }: FeedbackReading,
    { rewrite, deny }: { readonly rewrite: readonly unknown[]; readonly deny: readonly unknown[] },
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (parts.length === 0 || rewrite.length + deny.length > 0 || !this.model.available('reconcile')) return [];
    const before = this.wrong.get(batch);
    if (before !== undefined) return before;
    const wrong = await this.ask(batch, signal);
    this.wrong.set(batch, wrong);
    return wrong;
  }

  /** An unreadable answer is a safe one: nothing is denied on a guess. A provider in trouble has not answered, and is asked again. */
  private async ask(batch: InboxBatch, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const content = contentOf(batch);
      const listed = await this.near(batch.scope, content, signal);
      if (listed.length === 0) return [];
      const reply = await this.model.complete(
        {
          scope: batch.scope,
          role: 'reconcile',
          name: 'feedback',
          messages: feedbackMessages(content, listed),
          schema: FEEDBACK_SCHEMA,
          itemsKey: 'wrong',
          maxTokens: 800,
        },
        { signal, deadlineAt: Date.now() + TIMEOUT_MS },
      );
      await this.usage.add(batch.scope.projectId, utcDay(Date.now()), reply.usage.promptTokens + reply.usage.answerTokens);
      return readWrong(reply.items, content, listed);
    } catch (error) {
      signal.throwIfAborted();
      if (isProviderTrouble(error)) throw error;
      return [];
    }
  }

  private async near(scope: Scope, query: string, signal: AbortSignal): Promise<readonly Memory[]> {
    const found = await this.recall.search(
      {
        scope,
        others: [],
        query,
        conversationId: null,
        filter: null,
        limits: forEachKind(() => LISTED),
        together: null,
        minRelativity: LISTED_RELATIVITY,
        explainIds: [],
      },
      { signal },
    );
    return [...found.facts, ...found.preferences, ...found.events].flatMap((item) => item.memory ?? []).slice(0, LISTED);
  }
}

/** What belongs to many is not rewritten by one: what they say stands beside it. */
const isShared = ({ subject }: Scope): boolean => subjectKind(subject) === 'base' || subjectKind(subject) === 'public';

const contentOf = (batch: InboxBatch): string => batch.messages.map(({ content }) => content).join('\n');

/** The feedback itself as a fact; nothing where it only thanks or asks. */
function asSaid(batch: InboxBatch, { parts }: FeedbackReading): readonly Candidate[] {
  const text = contentOf(batch).replace(/\s+/g, ' ').trim();
  const first = batch.messages[0];
  if (parts.length === 0 || first === undefined || /[?？]$/u.test(text)) return [];
  return [
    {
      kind: 'fact',
      preferenceType: null,
      reasoning: '',
      title: text.slice(0, LONGEST_TITLE),
      text,
      language: detectLanguage(text),
      topicKey: null,
      topicValue: null,
      negated: false,
      about: null,
      origin: 'user',
      entities: [],
      keyPhrases: [],
      eventTime: null,
      confidence: CORRECTED_CONFIDENCE,
      details: {},
      sourceMessageIds: batch.messages.map(({ id }) => id),
      quotes: batch.messages.map(({ content }) => content),
      statedAt: saidAt(first),
      extractor: RULES_EXTRACTOR,
    },
  ];
}
