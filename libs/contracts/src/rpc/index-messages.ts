import { LabelsMessage, MessageRole, Origin, ScopeMessage, TimeRangeMessage } from './value-messages.ts';
import { int32, int64, message, nullable, oneOf, repeated, text, vector } from './wire-schema.ts';

const IndexedDocumentMessage = message('IndexedDocument', {
  id: text(),
  scope: ScopeMessage,
  kind: oneOf('DocumentKind', ['fact', 'preference', 'turn', 'event', 'tool', 'skill', 'profile']),
  role: nullable(MessageRole),
  origin: Origin,
  about: nullable(text()),
  conversationId: text(),
  place: nullable(int32()),
  sourceMessageIds: repeated(text()),
  text: text(),
  keys: repeated(text()),
  source: text(),
  labels: LabelsMessage,
  statedAt: int64(),
  createdAt: int64(),
  updatedAt: int64(),
  eventTime: nullable(TimeRangeMessage),
  indexVersion: int64(),
  vector: nullable(vector()),
  vectorModelId: nullable(text()),
});

const IndexEntryMessage = message('IndexEntry', { id: text(), scope: ScopeMessage, indexVersion: int64() });

export const UpsertRequest = message('UpsertRequest', { documents: repeated(IndexedDocumentMessage) });
export const UpsertReply = message('UpsertReply', {});
export const RemoveRequest = message('RemoveRequest', { removals: repeated(IndexEntryMessage) });
export const RemoveReply = message('RemoveReply', {});
export const RemoveScopeRequest = message('RemoveScopeRequest', { scope: ScopeMessage });
export const RemoveScopeReply = message('RemoveScopeReply', { removed: int64() });
export const CountRequest = message('CountRequest', { scope: nullable(ScopeMessage) });
export const CountReply = message('CountReply', { count: int64() });
export const SweepTombstonesRequest = message('SweepTombstonesRequest', { beforeMs: int64() });
export const SweepTombstonesReply = message('SweepTombstonesReply', {});
export const EntriesRequest = message('EntriesRequest', { afterId: nullable(text()), limit: int32() });
export const EntriesReply = message('EntriesReply', { entries: repeated(IndexEntryMessage) });
export const NeedsRefillRequest = message('NeedsRefillRequest', {});
export const NeedsRefillReply = message('NeedsRefillReply', { name: nullable(text()) });
export const ConfirmRefillRequest = message('ConfirmRefillRequest', { name: text() });
export const ConfirmRefillReply = message('ConfirmRefillReply', {});
