import { AppError } from '@continuo/contracts';
import type { Candidate, Message, Scope } from '@continuo/domain';
import type { CallOptions, InboxBatch } from '@continuo/ports';
import type { ExtractCandidates } from './extract-candidates.ts';
import { isProviderTrouble } from './provider-trouble.ts';

export interface ExtractInput {
  readonly projectId: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant' | 'system'; readonly content: string }[];
  readonly facts: boolean;
  readonly preferences: boolean;
  readonly now: number;
}

/** A kind that was not asked for is empty. */
export interface ExtractResult {
  readonly facts: readonly Candidate[];
  readonly preferences: readonly Candidate[];
}

/** Nobody waits longer: a model that is away or babbles leaves it to the rules. */
const isModelTrouble = (error: unknown): boolean => isProviderTrouble(error) || AppError.is(error, 'model_unreadable');

/** What would be remembered of some messages. Nothing is kept. */
export class ExtractMemories {
  private readonly extract: ExtractCandidates;

  constructor(extract: ExtractCandidates) {
    this.extract = extract;
  }

  async execute(input: ExtractInput, options: CallOptions): Promise<ExtractResult> {
    const batch = asBatch(input);
    const candidates = await this.candidatesOf(batch, options.signal ?? new AbortController().signal);
    return {
      facts: candidates.filter(({ kind }) => kind === 'fact' || kind === 'event'),
      preferences: candidates.filter(({ kind }) => kind === 'preference'),
    };
  }

  private async candidatesOf(batch: InboxBatch, signal: AbortSignal): Promise<readonly Candidate[]> {
    try {
      return (await this.extract.execute(batch, signal)).candidates;
    } catch (error) {
      if (signal.aborted || !isModelTrouble(error)) throw error;
      return this.extract.byRules(batch, signal);
    }
  }
}

/** The messages as if they had been stored: of nobody, in no conversation. */
function asBatch({ projectId, messages, facts, preferences, now }: ExtractInput): InboxBatch {
  const scope: Scope = { projectId, subject: 'user:nobody' };
  const views = [...(facts ? ['detail_factual', 'event'] : []), ...(preferences ? ['preference'] : [])];
  return {
    scope,
    conversationId: 'none',
    epoch: 0,
    revision: 0,
    context: [],
    journal: null,
    attempts: 0,
    messages: messages.map(({ role, content }, place): Message => ({
      id: `message-${place + 1}`,
      role,
      content,
      parts: null,
      chatTime: null,
      roleName: null,
      speakerId: null,
      scope,
      conversationId: 'none',
      sequence: place + 1,
      place,
      withheld: [],
      state: 'pending',
      partial: false,
      labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
      purpose: 'said',
      extraction: { views, instructions: {} },
      taskId: 'none',
      createdAt: now,
    })),
  };
}
