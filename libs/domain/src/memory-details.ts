/** What a memory holds besides its text; each member belongs to some kinds alone. */
export interface MemoryDetails {
  /** Of facts and events with a time: what the event view shows. */
  readonly event?: EventDetails;
  /** Of the kind `tool`. */
  readonly tool?: ToolDetails;
  /** Of the kind `skill`. */
  readonly skill?: SkillDetails;
  /** Of the kind `profile`. */
  readonly profile?: ProfileDetails;
  /** Of what was read in a document. */
  readonly document?: DocumentDetails;
}

/** When, where and who, in the words of the conversation; each may be empty. */
export interface EventDetails {
  readonly times: readonly string[];
  readonly locations: readonly string[];
  readonly roles: readonly string[];
}

export interface ToolDetails {
  /** schema: what a tool is, as JSON text · trajectory: a situation, the calls and what came of them. */
  readonly type: 'schema' | 'trajectory';
  readonly used: readonly ToolUse[];
  /** What is to be learnt from it; empty: nothing. */
  readonly experience: string;
}

export interface ToolUse {
  readonly tool: string;
  /** Empty where every call went well. */
  readonly errorType: string;
  /** 0–1. */
  readonly successRate: number;
  readonly experience: string;
}

export interface SkillDetails {
  readonly name: string;
  readonly description: string;
  readonly procedure: string;
  readonly experience: readonly string[];
  readonly preference: readonly string[];
  readonly examples: readonly string[];
  /** Text of each script by its path. */
  readonly script: Readonly<Record<string, string>>;
  readonly others: Readonly<Record<string, string>>;
  /** The uploaded file it was read from; null: learnt from conversations. */
  readonly fileId: string | null;
}

export interface ProfileDetails {
  readonly templateId: string;
  /** Empty where the template has no categories. */
  readonly category: string;
  readonly field: string;
  /** `Category.Field`, the way the contract names it. */
  readonly path: string;
  /** As it was said or set. */
  readonly value: string;
  readonly algorithmUpdatable: boolean;
}

export interface DocumentDetails {
  readonly fileId: string;
  readonly fileName: string;
  /** From 0, in the order of the document. */
  readonly place: number;
  /** Titles above it, outermost first. */
  readonly headings: readonly string[];
  readonly page: number | null;
}
