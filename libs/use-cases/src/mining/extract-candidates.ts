import { type Candidate, cleanForMining, extractByRules, type Message } from '@continuo/domain';
import type { InboxBatch, StructuredModel, UsageRecords } from '@continuo/ports';
import { readExtractionItems } from './extraction-items.ts';
import { extractionMessages, EXTRACTION_SCHEMA } from './extraction-prompt.ts';
import type { Extraction } from './journal.ts';
import { utcDay } from './utc-day.ts';

export interface ExtractionSettings {
  readonly timeZone: string;
  readonly timeoutMs: number;
  readonly maxTokens: number;
  /** Background tokens a project may spend a day before the rules take over; null: no limit. */
  readonly tokensPerDay: number | null;
}

/** Messages into candidates: by the model of the role `extract`, else by rules. One model call a batch. */
export class ExtractCandidates {
  private readonly model: StructuredModel;
  private readonly usage: UsageRecords;
  private readonly settings: ExtractionSettings;

  constructor(model: StructuredModel, usage: UsageRecords, settings: ExtractionSettings) {
    this.model = model;
    this.usage = usage;
    this.settings = settings;
  }

  /** @throws AppError the codes of `StructuredModel.complete`. */
  async execute(batch: InboxBatch, signal: AbortSignal): Promise<Extraction> {
    const messages = cleaned(batch.messages);
    if (!messages.some((message) => message.role === 'user' && message.content !== ''))
      return { candidates: [], reason: null, byModel: false };
    if (!this.model.available('extract')) return { candidates: this.byRules(batch), reason: null, byModel: false };
    const projectId = batch.scope.projectId;
    if (await this.overBudget(projectId)) return { candidates: this.byRules(batch), reason: 'budget_exceeded', byModel: false };

    const context = cleaned(batch.context);
    const reply = await this.model.complete(
      {
        scope: batch.scope,
        role: 'extract',
        name: 'memories',
        messages: extractionMessages(messages, context, this.settings.timeZone),
        schema: EXTRACTION_SCHEMA,
        itemsKey: 'memories',
        maxTokens: this.settings.maxTokens,
      },
      { signal, deadlineAt: Date.now() + this.settings.timeoutMs },
    );
    await this.usage.add(projectId, utcDay(Date.now()), reply.usage.promptTokens + reply.usage.answerTokens);
    return { candidates: readExtractionItems(reply.items, { messages, context, modelName: reply.modelName }), reason: null, byModel: true };
  }

  byRules(batch: InboxBatch): readonly Candidate[] {
    return extractByRules({ messages: cleaned(batch.messages), context: cleaned(batch.context), timeZone: this.settings.timeZone });
  }

  private async overBudget(projectId: string): Promise<boolean> {
    if (this.settings.tokensPerDay === null) return false;
    return (await this.usage.spent(projectId, utcDay(Date.now()))) >= this.settings.tokensPerDay;
  }
}

/** What we once put into a prompt is not evidence when it comes back. */
const cleaned = (messages: readonly Message[]): readonly Message[] =>
  messages.map((message) => ({ ...message, content: cleanForMining(message.content, []) }));
