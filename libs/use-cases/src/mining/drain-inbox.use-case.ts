import { AppError, type ErrorCode, indexOutbox } from '@continuo/contracts';
import { type Candidate, type Scope, scopeKey } from '@continuo/domain';
import type { BatchChanges, InboxBatch, InboxRecords, JobQueue, TaskReason } from '@continuo/ports';
import type { ExtractCandidates } from './extract-candidates.ts';
import { journalOf, readJournal } from './journal.ts';
import { isProviderTrouble } from './provider-trouble.ts';
import type { ReconcileCandidates } from './reconcile-candidates.ts';

export interface MiningSettings {
  readonly maxMessages: number;
  /** A batch holds messages up to about this size; one longer message is a batch by itself. */
  readonly maxCharacters: number;
  /** A model that answers unreadably is asked this often before the batch fails. */
  readonly maxAttempts: number;
  /** How long a batch waits for a provider that is down before the rules take over. */
  readonly providerPatienceMs: number;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number;
}

/** Not the batch's fault, and not for a model to mend: tried again without counting. */
const SURROUNDINGS: readonly ErrorCode[] = ['records_unavailable', 'index_unavailable', 'draining'];

const MAX_BACKOFF_MS = 60_000;
/** Who has not seen a subject wait for this share of the patience does not know that it has been waiting. */
const FORGOTTEN_SHARE = 4;
/** Leaves the lane to others after this many batches; the job is raised again. */
const MAX_BATCHES = 50;
/** Nobody else writes to a subject's memories for long; this many changes under our feet mean a fault. */
const MAX_RACES = 20;

/**
 * Mines one subject's pending messages: extract, journal, reconcile, commit. Poison input ends as a failed task and never
 * blocks the lane; a crash at any point leaves pending messages and, once paid for, a journal.
 */
export class DrainInbox {
  private readonly inbox: InboxRecords;
  private readonly extract: ExtractCandidates;
  private readonly reconcile: ReconcileCandidates;
  private readonly jobs: JobQueue;
  private readonly settings: MiningSettings;
  private readonly now: () => number;
  /** Since when the provider has been failing a subject, and when that was last seen, as far as this process knows. */
  private readonly trouble = new Map<string, { readonly since: number; readonly seen: number }>();

  constructor(inbox: InboxRecords, extract: ExtractCandidates, reconcile: ReconcileCandidates, jobs: JobQueue, settings: MiningSettings) {
    this.inbox = inbox;
    this.extract = extract;
    this.reconcile = reconcile;
    this.jobs = jobs;
    this.settings = settings;
    this.now = settings.now ?? Date.now;
  }

  /** Returns `more` when it stopped with work left, so that the caller raises the job again. */
  async execute(scope: Scope, signal: AbortSignal): Promise<'empty' | 'more'> {
    for (let count = 0; count < MAX_BATCHES && !signal.aborted; count += 1) {
      const batch = await this.inbox.readBatch(scope, {
        maxMessages: this.settings.maxMessages,
        maxCharacters: this.settings.maxCharacters,
        now: this.now(),
      });
      if (batch === null) return 'empty';
      await this.mine(batch, signal);
      await this.jobs.enqueue(indexOutbox, {});
    }
    return 'more';
  }

  /** Whatever goes wrong with a batch counts against it, so that it cannot block its lane for ever; what is wrong around it does not. */
  private async mine(batch: InboxBatch, signal: AbortSignal): Promise<void> {
    try {
      await this.extractAndCommit(batch, signal);
    } catch (error) {
      if (!signal.aborted && !SURROUNDINGS.some((code) => AppError.is(error, code))) await this.countAttempt(batch);
      throw error;
    }
  }

  private async extractAndCommit(batch: InboxBatch, signal: AbortSignal): Promise<void> {
    const extraction = await this.extraction(await this.reconcile.toExtract(batch), signal);
    if (extraction === null) return;
    for (let race = 0; race < MAX_RACES; race += 1) {
      const decided = await this.decide(batch, extraction.candidates, signal);
      if (decided === null) return;
      const { changes, revision, byRules } = decided;
      const reason = changesSomething(changes) ? null : byRules ? 'provider_unavailable' : this.reasonForNothing(extraction);
      const outcome = await this.inbox.commit({ ...batch, revision }, { ...changes, reason }, this.now());
      if (outcome === 'moved') continue;
      this.trouble.delete(scopeKey(batch.scope));
      return;
    }
    throw new AppError('internal', 'the memories of one subject changed too often while a batch was being written');
  }

  /** Null: the batch was put off. */
  private async decide(
    batch: InboxBatch,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<(Awaited<ReturnType<ReconcileCandidates['execute']>> & { readonly byRules: boolean }) | null> {
    try {
      return { ...(await this.reconcile.execute(batch, candidates, signal)), byRules: false };
    } catch (error) {
      if (signal.aborted || !isProviderTrouble(error)) throw error;
      if (await this.putOff(batch, error)) return null;
      this.reconcile.byRules(batch);
      return { ...(await this.reconcile.execute(batch, candidates, signal)), byRules: true };
    }
  }

  private reasonForNothing(extraction: { readonly candidates: readonly Candidate[]; readonly reason: TaskReason | null }): TaskReason {
    return extraction.reason ?? (extraction.candidates.length === 0 ? 'no_facts' : 'duplicate');
  }

  /** Null: the batch was put off or has failed. */
  private async extraction(
    batch: InboxBatch,
    signal: AbortSignal,
  ): Promise<{ readonly candidates: readonly Candidate[]; readonly reason: TaskReason | null } | null> {
    const journaled = readJournal(batch.journal);
    if (journaled !== null) return journaled;
    try {
      const extraction = await this.extract.execute(batch, signal, this.isLastAttempt(batch));
      // What the rules find costs nothing and comes out the same: only a model's reading is worth a write.
      if (extraction.byModel) await this.inbox.writeJournal(batch, journalOf(extraction), this.now());
      return extraction;
    } catch (error) {
      if (signal.aborted) throw error;
      return this.afterFailure(batch, error, signal);
    }
  }

  private async afterFailure(
    batch: InboxBatch,
    error: unknown,
    signal: AbortSignal,
  ): Promise<{ readonly candidates: readonly Candidate[]; readonly reason: TaskReason | null } | null> {
    if (!AppError.is(error)) throw error;
    const { code } = error;
    if (isProviderTrouble(error)) {
      if (await this.putOff(batch, error)) return null;
      return { candidates: await this.extract.byRules(batch, signal, this.isLastAttempt(batch)), reason: 'provider_unavailable' };
    }
    if (code !== 'model_unreadable' && code !== 'file_invalid') throw error;
    await this.countAttempt(batch, code === 'file_invalid' ? batch.attempts + 2 : batch.attempts);
    return null;
  }

  /** False: it has waited long enough, and the rules take over. */
  private async putOff(batch: InboxBatch, error: AppError): Promise<boolean> {
    const now = this.now();
    if (now - this.troubleSince(batch.scope, now) >= this.settings.providerPatienceMs) return false;
    const retryAt = now + Math.min(MAX_BACKOFF_MS, error.options.retryAfterMs ?? backoffMs(batch.attempts + 2));
    await this.inbox.postpone(batch, { retryAt, countsAsAttempt: false, reason: 'provider_unavailable' });
    return true;
  }

  /** Since when, without a break: a batch that waits comes back every minute, unless another process has mined it meanwhile. */
  private troubleSince(scope: Scope, now: number): number {
    for (const [key, { seen }] of this.trouble)
      if (now - seen > this.settings.providerPatienceMs / FORGOTTEN_SHARE) this.trouble.delete(key);
    const key = scopeKey(scope);
    const since = this.trouble.get(key)?.since ?? now;
    this.trouble.set(key, { since, seen: now });
    return since;
  }

  private isLastAttempt(batch: InboxBatch): boolean {
    return batch.attempts + 1 >= this.settings.maxAttempts;
  }

  /** @param backoff the step to wait at; addresses of files are away for longer than a model babbles. */
  private async countAttempt(batch: InboxBatch, backoff: number = batch.attempts): Promise<void> {
    const now = this.now();
    if (this.isLastAttempt(batch)) await this.inbox.fail(batch, 'parse_failed', now);
    else await this.inbox.postpone(batch, { retryAt: now + backoffMs(backoff), countsAsAttempt: true, reason: 'parse_failed' });
  }
}

const changesSomething = ({ insert, supersede, rewrite = [], deny = [] }: Omit<BatchChanges, 'reason'>): boolean =>
  insert.length + supersede.length + rewrite.length + deny.length > 0;

/** 1 s, 2 s, 4 s … a minute at most. */
const backoffMs = (attempts: number): number => Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** attempts);
