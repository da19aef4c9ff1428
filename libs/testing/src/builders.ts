import type { Candidate, Denial, Labels, Memory, Message, NewMessage, Scope } from '@continuo/domain';
import type { AppendInput, RecallResult, RequestBegin } from '@continuo/ports';

/** Noon of 1 May 2026, UTC: the moment at which specs happen unless they say otherwise. */
export const NOW = Date.UTC(2026, 4, 1, 12);

export const aScope = (overrides: Partial<Scope> = {}): Scope => ({ projectId: 'default', subject: 'user:ana', ...overrides });

export const someLabels = (overrides: Partial<Labels> = {}): Labels => ({
  tags: [],
  info: {},
  appId: null,
  agentId: null,
  relatedIds: [],
  ...overrides,
});

export const aNewMessage = (overrides: Partial<NewMessage> = {}): NewMessage => ({
  role: 'user',
  content: 'I drink green tea every morning',
  parts: null,
  chatTime: null,
  roleName: null,
  speakerId: null,
  ...overrides,
});

/** A message of an append; a string is what the user says. */
export function aSentMessage(said: string | Partial<AppendInput['messages'][number]> = {}): AppendInput['messages'][number] {
  return { ...aNewMessage(), partial: false, recallable: true, ...(typeof said === 'string' ? { content: said } : said) };
}

export const anAppend = (
  overrides: Partial<Omit<AppendInput, 'messages'>> & {
    readonly messages?: readonly (string | Partial<AppendInput['messages'][number]>)[];
  } = {},
): AppendInput => ({
  scope: aScope(),
  conversationId: 'monday',
  labels: someLabels(),
  purpose: 'said',
  extraction: null,
  copies: [],
  mode: 'history',
  mine: true,
  now: NOW,
  answered: null,
  cutShort: null,
  replaces: [],
  ...overrides,
  messages: (overrides.messages ?? ['I drink green tea every morning']).map(aSentMessage),
});

export const aMessage = (overrides: Partial<Message> = {}): Message => ({
  ...aNewMessage(),
  id: 'message-1',
  scope: aScope(),
  conversationId: 'monday',
  sequence: 1,
  place: 0,
  withheld: [],
  state: 'pending',
  partial: false,
  labels: someLabels(),
  purpose: 'said',
  extraction: null,
  taskId: 'task-1',
  createdAt: NOW,
  ...overrides,
});

export const aCandidate = (overrides: Partial<Candidate> = {}): Candidate => ({
  kind: 'fact',
  preferenceType: null,
  reasoning: '',
  title: 'Green tea',
  text: 'I drink green tea every morning',
  language: 'en',
  topicKey: null,
  topicValue: null,
  negated: false,
  about: null,
  origin: 'user',
  entities: [],
  keyPhrases: ['green tea'],
  eventTime: null,
  confidence: 0.9,
  details: {},
  sourceMessageIds: ['message-1'],
  quotes: ['I drink green tea every morning'],
  statedAt: NOW,
  extractor: 'rules',
  ...overrides,
});

export const aMemory = (overrides: Partial<Memory> = {}): Memory => ({
  ...aCandidate(),
  id: 'memory-1',
  scope: aScope(),
  conversationId: 'monday',
  evidence: 1,
  sourceSequence: 1,
  status: 'current',
  supersededBy: null,
  validFrom: NOW,
  validTo: null,
  labels: someLabels(),
  createdAt: NOW,
  updatedAt: NOW,
  indexVersion: 1,
  ...overrides,
});

export const aDenial = (overrides: Partial<Denial> = {}): Denial => ({
  normalisedText: 'i drink green tea every morning',
  topicKey: null,
  topicValue: null,
  throughSequence: 1,
  statedAt: NOW,
  ...overrides,
});

export const aRequest = (overrides: Partial<RequestBegin> = {}): RequestBegin => ({
  scope: aScope(),
  kind: 'chat',
  fingerprint: 'fingerprint-1',
  idempotencyKey: null,
  owner: 'process-1',
  now: NOW,
  leaseMs: 15_000,
  keepMs: 600_000,
  ...overrides,
});

/** A search that found nothing; say what the test is about. */
export const aRecallResult = (parts: Partial<RecallResult> = {}): RecallResult => ({
  state: 'empty',
  facts: [],
  preferences: [],
  events: [],
  tools: [],
  skills: [],
  profiles: [],
  absences: [],
  missingArms: [],
  configuration: { embeddingModel: null, without: [], candidates: 0 },
  timings: { embedMs: 0, indexMs: 0, totalMs: 0 },
  ...parts,
});
