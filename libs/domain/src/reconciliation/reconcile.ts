import { RULES_EXTRACTOR } from '../extraction/candidates.ts';
import type { Candidate, Denial, Memory, Statement } from '../memory.ts';
import { memoryId } from '../memory-identity.ts';
import type { Labels } from '../message.ts';
import type { Scope } from '../scope.ts';
import { statementKey } from '../text/fold.ts';
import { nearDuplicate } from '../text/near-duplicate.ts';
import { type Claim, claimOf, contradicts, isEndOf, repeats, saysMore } from './claim.ts';
import {
  differInSlot,
  evidenceOf,
  growing,
  isNewer,
  isOtherReading,
  isRival,
  isSamePerson,
  isStatement,
  sameSlotAndValue,
  union,
  wasRewritten,
} from './two-statements.ts';

/** What a model said of a candidate that the rules could not place; ids are checked before it gets here. */
export interface Verdict {
  readonly action: 'add' | 'same' | 'supersede';
  /** The known memory that is meant by `same` and `supersede`. */
  readonly memoryId: string | null;
}

export interface ReconcileInput {
  readonly scope: Scope;
  readonly conversationId: string;
  readonly candidates: readonly Candidate[];
  /** Known memories of any status that a candidate may collide with. */
  readonly known: readonly Memory[];
  readonly denials: readonly Denial[];
  /** `sequence` of every source message named by a candidate. */
  readonly sequences: ReadonlyMap<string, number>;
  /** Labels of the message, by message id. */
  readonly labels: ReadonlyMap<string, Labels>;
  /** By index of the candidate. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly now: number;
}

interface Evidence {
  readonly id: string;
  readonly sourceMessageIds: readonly string[];
  readonly quotes: readonly string[];
  readonly sourceSequence: number;
}

/** Everything one batch does, for one transaction. */
export interface Reconciliation {
  readonly insert: readonly Memory[];
  readonly evidence: readonly Evidence[];
  readonly supersede: readonly { readonly id: string; readonly by: string | null; readonly validTo: number }[];
  /** Messages that say what was superseded or denied; they are not to be recalled verbatim any more. */
  readonly hide: readonly string[];
  /** The words in which they say it. */
  readonly withhold: readonly { readonly messageId: string; readonly quotes: readonly string[] }[];
}

const NO_LABELS: Labels = { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] };

/**
 * Candidates against known memories: add, count as evidence, supersede, or ignore. Nothing is ever deleted or rewritten here;
 * what is replaced stays as history.
 *
 * In a slot (`topicKey`) one value lives at a time, the one stated last; a value that arrives late goes straight into history.
 * Statements that differ in negation, person, number, date or unit are never taken for the same.
 */
export function reconcile(input: ReconcileInput): Reconciliation {
  const work = new Workbench(input);
  input.candidates.forEach((candidate, index) => work.place(candidate, input.verdicts.get(index) ?? null));
  return work.result();
}

class Workbench {
  private readonly input: ReconcileInput;
  private readonly live = new Map<string, Memory>();
  private readonly known = new Map<string, Memory>();
  private readonly inserted = new Map<string, Memory>();
  private readonly evidence = new Map<string, Evidence>();
  private readonly superseded = new Map<string, { id: string; by: string | null; validTo: number }>();
  private readonly hidden = new Set<string>();
  private readonly withheld: Reconciliation['withhold'][number][] = [];
  private readonly claims = new Map<string, Claim>();

  constructor(input: ReconcileInput) {
    this.input = input;
    for (const memory of input.known) {
      this.known.set(memory.id, memory);
      if (memory.status === 'current') this.live.set(memory.id, memory);
    }
  }

  place(candidate: Candidate, verdict: Verdict | null): void {
    if (this.isDenied(candidate)) {
      this.hide(candidate);
      return;
    }
    if (this.wasDecided(candidate)) return;
    const same = this.sameStatement(candidate) ?? this.judged(verdict, 'same');
    if (same !== undefined) {
      this.addEvidence(same, candidate);
      return;
    }
    const readings = this.otherReadings(candidate);
    // A model has read these words already, and it reads better than the rules.
    if (candidate.extractor === RULES_EXTRACTOR && readings.length > 0) return;
    const judged = this.judged(verdict, 'supersede');
    const plainer = this.plainer(candidate);
    this.add(plainer.reduce(growing, candidate), [...(judged === undefined ? [] : [judged]), ...plainer, ...readings], evidenceOf(plainer));
  }

  result(): Reconciliation {
    return {
      insert: [...this.inserted.values()],
      evidence: [...this.evidence.values()],
      supersede: [...this.superseded.values()],
      hide: [...this.hidden],
      withhold: this.withheld,
    };
  }

  private isDenied(candidate: Candidate): boolean {
    const sequence = this.sequenceOf(candidate);
    const key = statementKey(candidate.text);
    return this.input.denials.some(
      (denial) =>
        (sequence <= denial.throughSequence || candidate.statedAt <= denial.statedAt) &&
        (denial.normalisedText === key ||
          (denial.topicKey !== null && denial.topicKey === candidate.topicKey && denial.topicValue === candidate.topicValue)),
    );
  }

  /** Mined before from the same words: whatever became of it then, stays. */
  private wasDecided(candidate: Candidate): boolean {
    const key = statementKey(candidate.text);
    return [...this.known.values()].some(
      (memory) =>
        memory.kind === candidate.kind &&
        ((statementKey(memory.text) === key && candidate.sourceMessageIds.every((id) => memory.sourceMessageIds.includes(id))) ||
          (memory.status !== 'current' && isOtherReading(memory, candidate)) ||
          wasRewritten(memory, candidate)),
    );
  }

  private sameStatement(candidate: Candidate): Memory | undefined {
    const key = statementKey(candidate.text);
    return [...this.live.values()].find(
      (memory) =>
        memory.kind === candidate.kind &&
        memory.negated === candidate.negated &&
        (this.saysMore(memory, candidate) ||
          (isSamePerson(memory.about, candidate.about) &&
            (statementKey(memory.text) === key ||
              (sameSlotAndValue(memory, candidate) && !this.saysMore(candidate, memory)) ||
              (isStatement(candidate) && !differInSlot(memory, candidate) && this.saysTheSame(memory, candidate))))),
    );
  }

  /** What is known in fewer words than the candidate has for it; of one person, whatever each of the two calls them. */
  private plainer(candidate: Candidate): readonly Memory[] {
    return [...this.live.values()].filter((memory) => this.saysMore(candidate, memory));
  }

  private saysTheSame(memory: Memory, candidate: Candidate): boolean {
    return nearDuplicate(memory.text, candidate.text) || repeats(this.claimOf(memory), this.claimOf(candidate));
  }

  private saysMore(fuller: Statement, plain: Statement): boolean {
    const alike = fuller.kind === plain.kind && fuller.negated === plain.negated && isStatement(fuller) && isStatement(plain);
    return alike && saysMore(this.claimOf(fuller), this.claimOf(plain));
  }

  private claimOf({ text }: Pick<Candidate, 'text'>): Claim {
    const claim = this.claims.get(text) ?? claimOf(text);
    this.claims.set(text, claim);
    return claim;
  }

  private otherReadings(candidate: Candidate): readonly Memory[] {
    return [...this.live.values()].filter((memory) => isOtherReading(memory, candidate));
  }

  private judged(verdict: Verdict | null, action: Verdict['action']): Memory | undefined {
    return verdict?.action === action && verdict.memoryId !== null ? this.live.get(verdict.memoryId) : undefined;
  }

  private addEvidence(memory: Memory, candidate: Candidate): void {
    const earlier = this.evidence.get(memory.id);
    const sources = union(earlier?.sourceMessageIds ?? memory.sourceMessageIds, candidate.sourceMessageIds);
    const quotes = union(earlier?.quotes ?? memory.quotes, candidate.quotes);
    const sourceSequence = Math.max(memory.sourceSequence, this.sequenceOf(candidate));
    const inserted = this.inserted.get(memory.id);
    if (inserted === undefined) {
      this.evidence.set(memory.id, { id: memory.id, sourceMessageIds: sources, quotes, sourceSequence });
      return;
    }
    const grown = { ...inserted, sourceMessageIds: sources, quotes, sourceSequence, evidence: inserted.evidence + 1 };
    this.inserted.set(memory.id, grown);
    if (this.live.has(memory.id)) this.live.set(memory.id, grown);
  }

  private add(candidate: Candidate, alsoReplaces: readonly Memory[], earlierEvidence: number): void {
    const memory = { ...this.asMemory(candidate), evidence: earlierEvidence + 1 };
    if (this.known.has(memory.id) || this.inserted.has(memory.id)) return;
    const rivals = [...this.live.values()].filter(
      (known) => !alsoReplaces.includes(known) && (isRival(known, memory) || this.isOver(known, memory)),
    );
    const newer = rivals.find((rival) => isNewer(rival, memory));
    if (newer !== undefined) {
      this.keep({ ...memory, status: 'superseded', supersededBy: newer.id, validTo: Math.max(memory.validFrom, newer.validFrom) });
      if (isStatement(memory)) this.hide(memory, newer);
      return;
    }
    for (const rival of [...rivals, ...alsoReplaces]) this.replace(rival, memory);
    this.keep(memory);
    this.live.set(memory.id, memory);
  }

  /** One of them says that the other has come to an end, or the opposite of it. */
  private isOver(known: Memory, memory: Memory): boolean {
    if (known.about !== memory.about || !isStatement(known) || !isStatement(memory)) return false;
    const [one, other] = [this.claimOf(known), this.claimOf(memory)];
    return isEndOf(one, other) || isEndOf(other, one) || contradicts(one, other);
  }

  private replace(old: Memory, by: Memory): void {
    this.live.delete(old.id);
    if (isStatement(old)) this.hide(old, by);
    const validTo = Math.max(old.validFrom, by.validFrom);
    const inserted = this.inserted.get(old.id);
    if (inserted === undefined) this.superseded.set(old.id, { id: old.id, by: by.id, validTo });
    else this.inserted.set(old.id, { ...inserted, status: 'superseded', supersededBy: by.id, validTo });
  }

  /** A message that what replaces it rests on, too, says something true as well. */
  private hide({ sourceMessageIds, quotes }: Pick<Candidate, 'sourceMessageIds' | 'quotes'>, by?: Memory): void {
    for (const messageId of sourceMessageIds) {
      if (by?.sourceMessageIds.includes(messageId) === true) continue;
      this.hidden.add(messageId);
      this.withheld.push({ messageId, quotes });
    }
  }

  private keep(memory: Memory): void {
    this.inserted.set(memory.id, memory);
    this.known.set(memory.id, memory);
  }

  private sequenceOf(candidate: Candidate): number {
    return Math.max(...candidate.sourceMessageIds.map((id) => this.input.sequences.get(id) ?? 0));
  }

  private asMemory(candidate: Candidate): Memory {
    const { scope, conversationId, now } = this.input;
    const first = candidate.sourceMessageIds[0] ?? '';
    const last = candidate.sourceMessageIds.at(-1) ?? first;
    const began = candidate.eventTime !== null && candidate.topicKey !== null && candidate.eventTime.from <= candidate.statedAt;
    return {
      ...candidate,
      id: memoryId(candidate.kind, candidate.text, first),
      scope,
      conversationId,
      evidence: 1,
      sourceSequence: this.sequenceOf(candidate),
      status: 'current',
      supersededBy: null,
      validFrom: began && candidate.eventTime !== null ? candidate.eventTime.from : candidate.statedAt,
      validTo: null,
      labels: labelsOf(candidate, this.input.labels.get(last) ?? NO_LABELS),
      createdAt: now,
      updatedAt: now,
      indexVersion: 1,
    };
  }
}

/** By the tag (the contract's) clients know what was read in a file. */
const labelsOf = ({ origin }: Candidate, labels: Labels): Labels =>
  origin === 'document' ? { ...labels, tags: [...new Set([...labels.tags, 'multimodal:file'])] } : labels;
