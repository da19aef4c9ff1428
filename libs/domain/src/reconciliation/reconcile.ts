import { RULES_EXTRACTOR } from '../extraction/candidates.ts';
import type { Candidate, Denial, Memory } from '../memory.ts';
import { memoryId } from '../memory-identity.ts';
import type { Labels } from '../message.ts';
import type { Scope } from '../scope.ts';
import { statementKey } from '../text/fold.ts';
import { nearDuplicate, statementTraits } from '../text/near-duplicate.ts';
import { EDITED_EXTRACTOR } from './edited-memory.ts';

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

  constructor(input: ReconcileInput) {
    this.input = input;
    for (const memory of input.known) {
      this.known.set(memory.id, memory);
      if (memory.status === 'current') this.live.set(memory.id, memory);
    }
  }

  place(candidate: Candidate, verdict: Verdict | null): void {
    if (this.isDenied(candidate)) {
      this.hide(candidate.sourceMessageIds);
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
    this.add(candidate, judged === undefined ? readings : [judged, ...readings]);
  }

  result(): Reconciliation {
    return {
      insert: [...this.inserted.values()],
      evidence: [...this.evidence.values()],
      supersede: [...this.superseded.values()],
      hide: [...this.hidden],
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
        memory.about === candidate.about &&
        memory.negated === candidate.negated &&
        (statementKey(memory.text) === key ||
          sameSlotAndValue(memory, candidate) ||
          (isStatement(candidate) && nearDuplicate(memory.text, candidate.text))),
    );
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

  private add(candidate: Candidate, alsoReplaces: readonly Memory[]): void {
    const memory = this.asMemory(candidate);
    if (this.known.has(memory.id) || this.inserted.has(memory.id)) return;
    const rivals = [...this.live.values()].filter((known) => !alsoReplaces.includes(known) && isRival(known, memory));
    const newer = rivals.find((rival) => isNewer(rival, memory));
    if (newer !== undefined) {
      this.keep({ ...memory, status: 'superseded', supersededBy: newer.id, validTo: Math.max(memory.validFrom, newer.validFrom) });
      if (isStatement(memory)) this.hide(memory.sourceMessageIds, newer);
      return;
    }
    for (const rival of [...rivals, ...alsoReplaces]) this.replace(rival, memory);
    this.keep(memory);
    this.live.set(memory.id, memory);
  }

  private replace(old: Memory, by: Memory): void {
    this.live.delete(old.id);
    if (isStatement(old)) this.hide(old.sourceMessageIds, by);
    const validTo = Math.max(old.validFrom, by.validFrom);
    const inserted = this.inserted.get(old.id);
    if (inserted === undefined) this.superseded.set(old.id, { id: old.id, by: by.id, validTo });
    else this.inserted.set(old.id, { ...inserted, status: 'superseded', supersededBy: by.id, validTo });
  }

  /** A message that what replaces it rests on, too, says something true as well. */
  private hide(messageIds: readonly string[], by?: Memory): void {
    for (const id of messageIds) if (by?.sourceMessageIds.includes(id) !== true) this.hidden.add(id);
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

/** What the rules made of the words that a model has now read, or the other way round: mining again must double nothing. */
const isOtherReading = (memory: Memory, candidate: Candidate): boolean =>
  memory.kind === candidate.kind &&
  isStatement(memory) &&
  isStatement(candidate) &&
  memory.about === candidate.about &&
  (memory.extractor === RULES_EXTRACTOR) !== (candidate.extractor === RULES_EXTRACTOR) &&
  memory.sourceMessageIds.some((id) => candidate.sourceMessageIds.includes(id)) &&
  sharesMostWords(memory.text, candidate.text);

/** What a person has made of these words since: no reading of them says it better. */
const wasRewritten = (memory: Memory, candidate: Candidate): boolean =>
  memory.extractor === EDITED_EXTRACTOR &&
  isStatement(memory) === isStatement(candidate) &&
  memory.about === candidate.about &&
  memory.sourceMessageIds.some((id) => candidate.sourceMessageIds.includes(id)) &&
  sharesMostWords(memory.text, candidate.text);

/** Most words of the shorter text are in the other: enough for two readings of one message, and for nothing else. */
function sharesMostWords(a: string, b: string): boolean {
  const [shorter, longer] = [statementTraits(a).words, statementTraits(b).words].toSorted((left, right) => left.size - right.size);
  if (shorter === undefined || longer === undefined) return false;
  return [...shorter].filter((word) => longer.has(word)).length * 2 > shorter.size;
}

/**
 * What tools did, how a task is done and what a file says is no sentence of anybody's: it repeats another word for word or not at all,
 * and the message it came with goes on standing.
 */
const isStatement = ({ kind, origin }: Pick<Candidate, 'kind' | 'origin'>): boolean =>
  kind !== 'tool' && kind !== 'skill' && origin !== 'document';

/** By the tag (the contract's) clients know what was read in a file. */
const labelsOf = ({ origin }: Candidate, labels: Labels): Labels =>
  origin === 'document' ? { ...labels, tags: [...new Set([...labels.tags, 'multimodal:file'])] } : labels;

/** Slots whose value is a state of one thing (`habit.smoking`: stopped), so that any other state replaces it. */
const STATE_SLOT = /^(?:person\.[^.]+\.)?(?:habit|preference)\./u;

/** True when both fill one slot and cannot hold at the same time: where one is brought back, the other one ends. */
export const excludeEachOther = (one: Memory, other: Memory): boolean => one.id !== other.id && isRival(one, other);

/**
 * Two values of one slot of one person. What denies a value stands against that value alone: "I no longer live in Paris" says
 * nothing against Lyon.
 */
function isRival(known: Memory, memory: Memory): boolean {
  if (memory.topicKey === null || known.topicKey !== memory.topicKey || known.about !== memory.about) return false;
  const denies = (known.negated || memory.negated) && !STATE_SLOT.test(memory.topicKey);
  return !denies || known.topicValue === null || memory.topicValue === null || known.topicValue === memory.topicValue;
}

/** What was stated later wins; at equal times, what arrived later: an edit knew of every message that had come. */
const isNewer = (known: Memory, memory: Memory): boolean =>
  known.statedAt > memory.statedAt ||
  (known.statedAt === memory.statedAt &&
    (known.sourceSequence > memory.sourceSequence ||
      (known.extractor === EDITED_EXTRACTOR && known.sourceSequence === memory.sourceSequence)));

const sameSlotAndValue = (memory: Memory, candidate: Candidate): boolean =>
  candidate.topicKey !== null &&
  candidate.topicValue !== null &&
  memory.topicKey === candidate.topicKey &&
  memory.topicValue === candidate.topicValue;

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];
