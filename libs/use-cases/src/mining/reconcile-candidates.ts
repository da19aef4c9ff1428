import { AppError } from '@continuo/contracts';
import {
  type Candidate,
  forEachKind,
  isAlreadySaid,
  type Labels,
  type Memory,
  reconcile,
  RULES_EXTRACTOR,
  statementKey,
  type Verdict,
  withSlot,
} from '@continuo/domain';
import type { BatchChanges, InboxBatch, MemoryRecords, MessageRecords, RecallApi, StructuredModel, UsageRecords } from '@continuo/ports';
import { ApplyFeedback, isFeedback } from './apply-feedback.ts';
import { readVerdicts, RECONCILE_SCHEMA, reconcileMessages, type Undecided } from './reconcile-prompt.ts';
import { utcDay } from './utc-day.ts';

/** Neighbours shown to the model for each undecided candidate. */
const NEIGHBOURS = 4;
/** A neighbour less alike than this says something else. */
const NEIGHBOUR_RELATIVITY = 0.6;
/** What rules compare word by word they may look for further away: it costs no model, and what differs is told apart all the same. */
const COMPARED_BY_RULES = 12;
const COMPARED_RELATIVITY = 0.1;
const MAX_UNDECIDED = 12;
const SEARCHES_AT_ONCE = 4;
/** Without these what is near is not seen; a missing vector alone leaves the words. */
const BLINDING = ['words', 'overlay', 'check'];
const TIMEOUT_MS = 60_000;

/** Candidates against what is known: rules first, at most one model call for what they leave open. */
export class ReconcileCandidates {
  private readonly memories: Pick<MemoryRecords, 'neighbours' | 'byIds' | 'list'>;
  private readonly messages: Pick<MessageRecords, 'byIds'>;
  private readonly recall: RecallApi;
  private readonly model: StructuredModel;
  private readonly usage: UsageRecords;
  private readonly feedback: ApplyFeedback;
  /** What a model said of a batch, so that a race with another writer is not paid for twice. */
  private readonly verdicts = new WeakMap<InboxBatch, ReadonlyMap<number, Verdict>>();

  constructor(
    memories: Pick<MemoryRecords, 'neighbours' | 'byIds' | 'list'>,
    messages: Pick<MessageRecords, 'byIds'>,
    recall: RecallApi,
    model: StructuredModel,
    usage: UsageRecords,
  ) {
    this.memories = memories;
    this.messages = messages;
    this.recall = recall;
    this.model = model;
    this.usage = usage;
    this.feedback = new ApplyFeedback(memories, recall, model, usage);
  }

  /** The batch with what is to be read for memories: of feedback, only what it states. */
  toExtract(batch: InboxBatch): Promise<InboxBatch> {
    return isFeedback(batch) ? this.feedback.toExtract(batch) : Promise.resolve(batch);
  }

  /** From now on no model is asked what feedback in this batch means. */
  byRules(batch: InboxBatch): void {
    this.feedback.byRules(batch);
  }

  /** The changes, and the revision of the subject they were decided at. */
  async execute(
    batch: InboxBatch,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<{ readonly changes: Omit<BatchChanges, 'reason'>; readonly revision: number }> {
    if (!isFeedback(batch)) return this.compare(batch, candidates, new Map(), signal);
    return this.feedback.execute(batch, candidates, (drawn, decided) => this.compare(batch, drawn, decided, signal), signal);
  }

  /** @param decided verdicts that need no model; by index of the candidate. */
  private async compare(
    batch: InboxBatch,
    extracted: readonly Candidate[],
    decided: ReadonlyMap<number, Verdict>,
    signal: AbortSignal,
  ): Promise<{ readonly changes: Omit<BatchChanges, 'reason'>; readonly revision: number }> {
    const candidates = extracted.map(withSlot);
    const near = await this.nearNeighbours(batch, candidates, signal);
    const sources = await this.sources(batch, candidates);
    const { revision, memories, denials } = await this.memories.neighbours(batch.scope, {
      topicKeys: unique(candidates.flatMap((candidate) => candidate.topicKey ?? [])),
      statementKeys: unique(candidates.map((candidate) => statementKey(candidate.text))),
      ids: unique([
        ...[...near.values()].flat().map((memory) => memory.id),
        ...[...decided.values()].flatMap((each) => each.memoryId ?? []),
      ]),
      sourceMessageIds: unique(candidates.flatMap((candidate) => candidate.sourceMessageIds)),
    });
    const verdicts = await this.judge(batch, candidates, near, memories, signal);
    const { insert, evidence, supersede, hide, withhold } = reconcile({
      scope: batch.scope,
      conversationId: batch.conversationId,
      candidates,
      known: memories,
      denials,
      sequences: new Map(sources.map((message) => [message.id, message.sequence])),
      labels: new Map(sources.map((message): [string, Labels] => [message.id, message.labels])),
      verdicts: new Map([...verdicts, ...decided]),
      now: Date.now(),
    });
    return { changes: { insert, evidence, supersede, hide, withhold }, revision };
  }

  private async sources(batch: InboxBatch, candidates: readonly Candidate[]): ReturnType<MessageRecords['byIds']> {
    const here = [...batch.messages, ...batch.context];
    const missing = unique(candidates.flatMap((candidate) => candidate.sourceMessageIds)).filter(
      (id) => !here.some((message) => message.id === id),
    );
    return missing.length === 0 ? here : [...here, ...(await this.messages.byIds(batch.scope, missing))];
  }

  /** Memories that say something like a candidate, by recall, unless a model named the slot that it fills; by index of the candidate. */
  private async nearNeighbours(
    batch: InboxBatch,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly Memory[]>> {
    const open = [...candidates.entries()].filter(([, { topicKey, extractor }]) => topicKey === null || extractor === RULES_EXTRACTOR);
    const near = new Map<number, readonly Memory[]>();
    // A few at a time: the searches of people who wait go between.
    for (let start = 0; start < open.length; start += SEARCHES_AT_ONCE) {
      const group = open.slice(start, start + SEARCHES_AT_ONCE);
      const found = await Promise.all(group.map(([, candidate]) => this.alike(batch, candidate, signal)));
      group.forEach(([index], position) => near.set(index, found[position] ?? []));
    }
    return near;
  }

  private async alike(batch: InboxBatch, candidate: Candidate, signal: AbortSignal): Promise<readonly Memory[]> {
    const { kind, text, extractor } = candidate;
    const byRules = extractor === RULES_EXTRACTOR;
    const most = byRules ? COMPARED_BY_RULES : NEIGHBOURS;
    const limits = forEachKind((each) => (each !== kind ? 0 : each === 'fact' ? most * 2 : most));
    const result = await this.recall.search(
      {
        scope: batch.scope,
        others: [],
        query: text,
        conversationId: null,
        filter: null,
        limits,
        together: null,
        minRelativity: byRules ? COMPARED_RELATIVITY : NEIGHBOUR_RELATIVITY,
        explainIds: [],
        // Without a model to judge them only neighbours in the same words count, and those are found by words.
        embed: !byRules,
      },
      { signal },
    );
    // Blind, a candidate would be put beside what it repeats or replaces, for good: the batch waits instead. What rules extract is
    // compared word by word with what the records hold.
    if (!byRules && result.missingArms.some((arm) => BLINDING.includes(arm)))
      throw new AppError('index_unavailable', 'the memories near a candidate could not be looked for');
    return [...result.facts, ...result.preferences].flatMap((item) => item.memory ?? []).slice(0, most);
  }

  /** Asks the model about candidates with near neighbours that no rule places; at most once a batch. */
  private async judge(
    batch: InboxBatch,
    candidates: readonly Candidate[],
    near: ReadonlyMap<number, readonly Memory[]>,
    known: readonly Memory[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Verdict>> {
    const before = this.verdicts.get(batch);
    if (before !== undefined) return before;
    const undecided = candidates.flatMap((candidate, index): Undecided[] => {
      const neighbours = (near.get(index) ?? []).filter(
        (memory) => !memory.sourceMessageIds.some((id) => candidate.sourceMessageIds.includes(id)),
      );
      const decided = neighbours.length === 0 || candidate.extractor === RULES_EXTRACTOR || isPlacedByRules(candidate, known);
      return decided ? [] : [{ index, candidate, neighbours }];
    });
    if (
      undecided.length === 0 ||
      !this.model.available('reconcile') ||
      candidates.every((candidate) => candidate.extractor === RULES_EXTRACTOR)
    )
      return new Map();
    const verdicts = await this.ask(batch, undecided.slice(0, MAX_UNDECIDED), signal);
    this.verdicts.set(batch, verdicts);
    return verdicts;
  }

  /** No verdict is a safe verdict: without one a candidate is added, and nothing is lost. */
  private async ask(batch: InboxBatch, undecided: readonly Undecided[], signal: AbortSignal): Promise<ReadonlyMap<number, Verdict>> {
    try {
      const reply = await this.model.complete(
        {
          scope: batch.scope,
          role: 'reconcile',
          name: 'decisions',
          messages: reconcileMessages(undecided),
          schema: RECONCILE_SCHEMA,
          itemsKey: 'decisions',
          maxTokens: 1_500,
        },
        { signal, deadlineAt: Date.now() + TIMEOUT_MS },
      );
      await this.usage.add(batch.scope.projectId, utcDay(Date.now()), reply.usage.promptTokens + reply.usage.answerTokens);
      return readVerdicts(reply.items, undecided);
    } catch {
      signal.throwIfAborted();
      return new Map();
    }
  }
}

function isPlacedByRules(candidate: Candidate, known: readonly Memory[]): boolean {
  const key = statementKey(candidate.text);
  return known.some(
    (memory) =>
      memory.status === 'current' &&
      memory.kind === candidate.kind &&
      (statementKey(memory.text) === key || isAlreadySaid(memory, candidate)),
  );
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
