import {
  type Candidate,
  cleanForMining,
  extractByRules,
  inViews,
  isWanted,
  type Memory,
  type Message,
  skillsLearnt,
  toolSchemasIn,
  trajectoriesIn,
} from '@continuo/domain';
import type { InboxBatch, MemoryRecords, PartReader, StructuredModel, UsageRecords } from '@continuo/ports';
import { readExtractionItems } from './extraction-items.ts';
import { extractionMessages, EXTRACTION_SCHEMA } from './extraction-prompt.ts';
import type { FillProfiles } from './fill-profiles.ts';
import type { Extraction } from './journal.ts';
import { partCandidates, type PartOptions, type PartsRead } from './part-candidates.ts';
import { utcDay } from './utc-day.ts';

export interface ExtractionSettings {
  readonly timeZone: string;
  readonly timeoutMs: number;
  readonly maxTokens: number;
  /** Background tokens a project may spend a day before the rules take over; null: no limit. */
  readonly tokensPerDay: number | null;
}

/** What an installation may have besides; null: it has not. */
export interface ExtractionParts {
  /** Fills profiles from what was found, whatever else the caller wants made of it. */
  readonly profiles: Pick<FillProfiles, 'execute'> | null;
  /** Reads the files in messages. */
  readonly parts: PartReader | null;
}

/** The newest rounds of tool calls in which a skill is looked for. */
const ROUNDS_LOOKED_AT = 200;

/**
 * Messages into candidates: what people say by the model of the role `extract`, else by rules, with one model call a batch; what was done
 * with tools, and the skills that come of it, by rules.
 */
export class ExtractCandidates {
  private readonly model: StructuredModel;
  private readonly usage: UsageRecords;
  private readonly memories: Pick<MemoryRecords, 'list'>;
  private readonly settings: ExtractionSettings;
  private readonly more: ExtractionParts;

  constructor(
    model: StructuredModel,
    usage: UsageRecords,
    memories: Pick<MemoryRecords, 'list'>,
    settings: ExtractionSettings,
    more: ExtractionParts = { profiles: null, parts: null },
  ) {
    this.model = model;
    this.usage = usage;
    this.memories = memories;
    this.settings = settings;
    this.more = more;
  }

  /**
   * @param isLastAttempt whether files that cannot be read now are left out, instead of being worth another try.
   * @throws AppError the codes of `StructuredModel.complete` and of `PartReader.describe`.
   */
  async execute(batch: InboxBatch, signal: AbortSignal, isLastAttempt = true): Promise<Extraction> {
    // First, because the model has to be paid again for whatever goes wrong behind it.
    const others = await this.besidesStatements(batch, { signal, isLastAttempt });
    const { statements, reason, byModel } = await this.statements(batch, signal);
    const why = reason ?? (others.unread > 0 ? 'parse_failed' : null);
    return { candidates: await this.together(batch, statements, others.candidates), reason: why, byModel };
  }

  /** Everything that needs no model. @throws AppError the codes of `PartReader.describe`. */
  async byRules(batch: InboxBatch, signal: AbortSignal, isLastAttempt = true): Promise<readonly Candidate[]> {
    const others = await this.besidesStatements(batch, { signal, isLastAttempt });
    return this.together(batch, this.statementsByRules(batch), others.candidates);
  }

  private async besidesStatements(batch: InboxBatch, options: PartOptions): Promise<PartsRead> {
    const { parts } = this.more;
    const { candidates, unread } = parts === null ? { candidates: [], unread: 0 } : await partCandidates(batch.messages, parts, options);
    return { candidates: [...candidates, ...(await this.ofTools(batch))], unread };
  }

  private async together(batch: InboxBatch, statements: readonly Candidate[], others: readonly Candidate[]): Promise<readonly Candidate[]> {
    const { profiles } = this.more;
    const found = profiles === null ? statements : await profiles.execute(batch, statements);
    return wanted([...found, ...others], batch);
  }

  private async statements(
    batch: InboxBatch,
    signal: AbortSignal,
  ): Promise<Omit<Extraction, 'candidates'> & { readonly statements: readonly Candidate[] }> {
    const messages = cleaned(batch.messages);
    if (!messages.some((message) => message.role === 'user' && message.content !== '' && wantsStatements(message)))
      return { statements: [], reason: null, byModel: false };
    if (!this.model.available('extract')) return { statements: this.statementsByRules(batch), reason: null, byModel: false };
    const projectId = batch.scope.projectId;
    if (await this.overBudget(projectId)) return { statements: this.statementsByRules(batch), reason: 'budget_exceeded', byModel: false };

    const { timeZone, timeoutMs, maxTokens } = this.settings;
    const context = cleaned(batch.context);
    const reply = await this.model.complete(
      {
        scope: batch.scope,
        role: 'extract',
        name: 'memories',
        messages: extractionMessages(messages, context, timeZone),
        schema: EXTRACTION_SCHEMA,
        itemsKey: 'memories',
        maxTokens,
      },
      { signal, deadlineAt: Date.now() + timeoutMs },
    );
    await this.usage.add(projectId, utcDay(Date.now()), reply.usage.promptTokens + reply.usage.answerTokens);
    const statements = readExtractionItems(reply.items, { messages, context, modelName: reply.modelName, timeZone });
    return { statements, reason: null, byModel: true };
  }

  private statementsByRules(batch: InboxBatch): readonly Candidate[] {
    return extractByRules({ messages: cleaned(batch.messages), context: cleaned(batch.context), timeZone: this.settings.timeZone });
  }

  /** Skills are learnt of all that the subject did with tools, in any conversation. */
  private async ofTools(batch: InboxBatch): Promise<readonly Candidate[]> {
    const schemas = toolSchemasIn(batch.messages);
    const trajectories = trajectoriesIn({ messages: cleaned(batch.messages), context: cleaned(batch.context) });
    if (trajectories.length === 0) return schemas;
    const known = [...(await this.newest(batch, 'tool')), ...(await this.newest(batch, 'skill'))];
    return [...schemas, ...trajectories.map(({ candidate }) => candidate), ...skillsLearnt({ trajectories, known })];
  }

  private async newest({ scope }: InboxBatch, kind: 'tool' | 'skill'): Promise<readonly Memory[]> {
    return (await this.memories.list(scope, { kind, filter: null, page: 1, size: ROUNDS_LOOKED_AT })).items;
  }

  private async overBudget(projectId: string): Promise<boolean> {
    if (this.settings.tokensPerDay === null) return false;
    return (await this.usage.spent(projectId, utcDay(Date.now()))) >= this.settings.tokensPerDay;
  }
}

/** What we once put into a prompt is not evidence when it comes back. */
const cleaned = (messages: readonly Message[]): readonly Message[] =>
  messages.map((message) => ({ ...message, content: cleanForMining(message.content, []) }));

const wantsStatements = ({ extraction }: Message): boolean =>
  (['fact', 'preference', 'event', 'profile'] as const).some((kind) => isWanted(kind, extraction?.views ?? null));

/** What the caller wanted made of the newest message that a candidate rests on. */
function wanted(candidates: readonly Candidate[], { messages, context }: InboxBatch): readonly Candidate[] {
  const said = [...context, ...messages];
  return candidates.flatMap((candidate) => {
    const newest = said.findLast(({ id }) => candidate.sourceMessageIds.includes(id));
    return inViews(candidate, newest?.extraction?.views ?? null) ?? [];
  });
}
