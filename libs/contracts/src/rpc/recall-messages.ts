import { LabelsMessage, MessageRole, Origin, ScopeMessage, TimeRangeMessage } from './value-messages.ts';
import { DetailsMessage, ExtractionMessage } from './details-message.ts';
import { FilterMessage } from './filter-message.ts';
import { double, int32, int64, json, mapOf, message, nullable, oneOf, repeated, text, truth } from './wire-schema.ts';

const MemoryMessage = message('Memory', {
  id: text(),
  scope: ScopeMessage,
  kind: oneOf('MemoryKind', ['fact', 'preference', 'event', 'tool', 'skill', 'profile']),
  preferenceType: nullable(oneOf('PreferenceType', ['explicit', 'implicit'])),
  reasoning: text(),
  title: text(),
  text: text(),
  language: oneOf('Language', ['en', 'zh', 'ja', 'other']),
  topicKey: nullable(text()),
  topicValue: nullable(text()),
  negated: truth(),
  about: nullable(text()),
  origin: Origin,
  entities: repeated(text()),
  keyPhrases: repeated(text()),
  eventTime: nullable(TimeRangeMessage),
  confidence: double(),
  details: DetailsMessage,
  conversationId: text(),
  sourceMessageIds: repeated(text()),
  quotes: repeated(text()),
  evidence: int64(),
  statedAt: int64(),
  sourceSequence: int64(),
  status: oneOf('MemoryStatus', ['current', 'superseded', 'deleted']),
  supersededBy: nullable(text()),
  validFrom: int64(),
  validTo: nullable(int64()),
  labels: LabelsMessage,
  extractor: text(),
  createdAt: int64(),
  updatedAt: int64(),
  indexVersion: int64(),
});

const MessageMessage = message('Message', {
  id: text(),
  scope: ScopeMessage,
  conversationId: text(),
  role: MessageRole,
  content: text(),
  parts: json(),
  chatTime: nullable(int64()),
  roleName: nullable(text()),
  speakerId: nullable(text()),
  sequence: int64(),
  place: int32(),
  withheld: repeated(text()),
  state: oneOf('MessageState', ['pending', 'processed', 'unmined']),
  partial: truth(),
  labels: LabelsMessage,
  purpose: oneOf('MessagePurpose', ['said', 'feedback']),
  extraction: ExtractionMessage,
  taskId: text(),
  createdAt: int64(),
});

const ScoreExplanationMessage = message('ScoreExplanation', {
  coverage: double(),
  lexicalPart: double(),
  cosinePart: nullable(double()),
  fit: oneOf('ScoreFit', ['both', 'words', 'vectors']),
  boosts: mapOf(double()),
  matched: repeated(text()),
  lexicalRank: nullable(int32()),
  cosine: nullable(double()),
});

const RecalledItemMessage = message('RecalledItem', {
  memory: nullable(MemoryMessage),
  turn: nullable(MessageMessage),
  relativity: double(),
  explanation: ScoreExplanationMessage,
});

const Reason = oneOf('AbsenceReason', [
  'unknown',
  'superseded',
  'deleted',
  'hidden',
  'not_found_by_any_arm',
  'below_threshold',
  'near_duplicate',
  'covered_by_memory',
  'over_limit',
  'filtered',
]);

export const SearchRequest = message('SearchRequest', {
  scope: ScopeMessage,
  others: repeated(message('RecallSpace', { scope: ScopeMessage, filter: nullable(FilterMessage) })),
  query: text(),
  conversationId: nullable(text()),
  filter: nullable(FilterMessage),
  limits: message('RecallLimits', {
    fact: int32(),
    preference: int32(),
    event: int32(),
    tool: int32(),
    skill: int32(),
    profile: int32(),
  }),
  together: nullable(int32()),
  minRelativity: double(),
  explainIds: repeated(text()),
  embed: truth(),
  without: repeated(text()),
});

export const SearchReply = message('SearchReply', {
  state: oneOf('RecallState', ['ok', 'empty', 'below_threshold', 'degraded', 'timeout']),
  facts: repeated(RecalledItemMessage),
  preferences: repeated(RecalledItemMessage),
  events: repeated(RecalledItemMessage),
  tools: repeated(RecalledItemMessage),
  skills: repeated(RecalledItemMessage),
  profiles: repeated(RecalledItemMessage),
  absences: repeated(message('Absence', { id: text(), reason: Reason, relativity: nullable(double()) })),
  missingArms: repeated(text()),
  configuration: message('RecallConfiguration', { embeddingModel: nullable(text()), without: repeated(text()), candidates: int32() }),
  timings: message('RecallTimings', { embedMs: double(), indexMs: double(), totalMs: double() }),
});
