import {
  type ExtractionOptions,
  forEachKind,
  type Labels,
  MEMORY_KINDS,
  type MemoryDetails,
  type ProfileTree,
  SUBJECT_KEY,
  type SubjectKey,
} from '@continuo/domain';
import type {
  ArchivedConversation,
  ArchivedDenial,
  ArchivedJournal,
  ArchivedKey,
  ArchivedMemory,
  ArchivedMessage,
  ArchivedProfile,
  ArchivedSubject,
  ArchivedTask,
  ArchivedUsage,
  ArchivedVector,
} from '@continuo/ports';
import type { ArchiveField } from './archive-field.ts';

const REASONS = ['no_facts', 'duplicate', 'parse_failed', 'provider_unavailable', 'budget_exceeded', 'erased'] as const;
const STATUSES = ['current', 'superseded', 'deleted'] as const;

export function subjectKey(field: ArchiveField): SubjectKey {
  const text = field.id();
  if (!SUBJECT_KEY.test(text)) throw field.error('a user, an agent, a knowledge base or the public space');
  return text as SubjectKey;
}

export const parseKey = (row: ArchiveField): ArchivedKey => ({
  id: row.member('id').id(),
  keyHash: row.member('keyHash').id(),
  hint: row.member('hint').text(),
  label: row.member('label').text(),
  createdAt: row.member('createdAt').whole(),
  revokedAt: row.member('revokedAt').orNull((at) => at.whole()),
});

export function parseUsage(row: ArchiveField): ArchivedUsage {
  const day = row.member('day');
  if (!/^\d{4}-\d{2}-\d{2}(?: chat (?:requests|answers))?$/.test(day.text())) throw day.error('a day');
  return { day: day.text(), tokens: row.member('tokens').whole(0) };
}

export const parseSubject = (row: ArchiveField): ArchivedSubject => ({
  subject: subjectKey(row.member('subject')),
  epoch: row.member('epoch').count(),
  revision: row.member('revision').count(),
  createdAt: row.member('createdAt').whole(),
});

export const parseConversation = (row: ArchiveField): ArchivedConversation => ({
  id: row.member('id').id(),
  nextPlace: row.member('nextPlace').count(),
  dueAt: row.member('dueAt').whole(),
  attempts: row.member('attempts').count(),
});

export const parseTask = (row: ArchiveField): ArchivedTask => ({
  id: row.member('id').id(),
  status: row.member('status').oneOf(['running', 'completed', 'failed']),
  added: row.member('added').count(),
  updated: row.member('updated').count(),
  deleted: row.member('deleted').count(),
  parentId: row.member('parentId').orElse(null, (parent) => parent.orNull((id) => id.id())),
  memoryIds: forEachKind((kind) =>
    row
      .member('memoryIds')
      .member(kind)
      .orElse([], (ids) => ids.texts()),
  ),
  reason: row.member('reason').orNull((reason) => reason.oneOf(REASONS)),
  createdAt: row.member('createdAt').whole(),
  finishedAt: row.member('finishedAt').orNull((at) => at.whole()),
});

export const parseMessage = (row: ArchiveField): ArchivedMessage => ({
  id: row.member('id').id(),
  conversationId: row.member('conversationId').id(),
  rank: row.member('rank').count(1),
  epoch: row.member('epoch').count(),
  place: row.member('place').count(),
  role: row.member('role').oneOf(['user', 'assistant', 'system', 'tool']),
  content: row.member('content').text(),
  parts: row.member('parts').json(),
  chatTime: row.member('chatTime').orNull((at) => at.whole()),
  roleName: row.member('roleName').orNull((name) => name.text()),
  speakerId: row.member('speakerId').orElse(null, (speaker) => speaker.orNull((id) => id.text())),
  purpose: row.member('purpose').orElse('said', (purpose) => purpose.oneOf(['said', 'feedback'])),
  extraction: row.member('extraction').orElse(null, (extraction) => extraction.orNull(parseExtraction)),
  state: row.member('state').oneOf(['pending', 'processed', 'unmined']),
  partial: row.member('partial').flag(),
  recallable: row.member('recallable').flag(),
  hidden: row.member('hidden').flag(),
  withheld: row.member('withheld').orElse([], (words) => words.texts()),
  labels: parseLabels(row.member('labels')),
  taskId: row.member('taskId').id(),
  batchId: row.member('batchId').orNull((id) => id.id()),
  indexVersion: row.member('indexVersion').count(),
  embeddedWith: row.member('embeddedWith').orNull((model) => model.id()),
  createdAt: row.member('createdAt').whole(),
});

export const parseJournal = (row: ArchiveField): ArchivedJournal => ({
  batchId: row.member('batchId').id(),
  journal: row.member('journal').json(),
  createdAt: row.member('createdAt').whole(),
});

export const parseMemory = (row: ArchiveField): ArchivedMemory => ({
  id: row.member('id').id(),
  conversationId: row.member('conversationId').text(),
  epoch: row.member('epoch').count(),
  ...parseStatement(row),
  sourceMessageIds: row.member('sourceMessageIds').texts(),
  quotes: row.member('quotes').texts(),
  evidence: row.member('evidence').count(),
  statedAt: row.member('statedAt').whole(),
  sourceRank: row.member('sourceRank').count(1),
  status: row.member('status').oneOf(STATUSES),
  supersededBy: row.member('supersededBy').orNull((id) => id.id()),
  validFrom: row.member('validFrom').whole(),
  validTo: row.member('validTo').orNull((at) => at.whole()),
  labels: parseLabels(row.member('labels')),
  extractor: row.member('extractor').text(),
  createdAt: row.member('createdAt').whole(),
  updatedAt: row.member('updatedAt').whole(),
  indexVersion: row.member('indexVersion').count(),
  embeddedWith: row.member('embeddedWith').orNull((model) => model.id()),
  editedAt: row.member('editedAt').orElse(null, (edited) => edited.orNull((at) => at.whole())),
  versions: row.member('versions').orElse([], (versions) => versions.list(parseVersion)),
});

const parseVersion = (version: ArchiveField) => ({
  text: version.member('text').text(),
  title: version.member('title').text(),
  status: version.member('status').oneOf(STATUSES),
  endedBy: version.member('endedBy').oneOf(['edit', 'feedback']),
  endedAt: version.member('endedAt').whole(),
});

const parseExtraction = (extraction: ArchiveField): ExtractionOptions => ({
  views: extraction.member('views').orNull((views) => views.texts()),
  instructions: extraction.member('instructions').object() as ExtractionOptions['instructions'],
});

const parseStatement = (row: ArchiveField) => ({
  kind: row.member('kind').oneOf(MEMORY_KINDS),
  preferenceType: row.member('preferenceType').orNull((type) => type.oneOf(['explicit', 'implicit'])),
  reasoning: row.member('reasoning').text(),
  title: row.member('title').text(),
  text: row.member('text').text(),
  language: row.member('language').oneOf(['en', 'zh', 'ja', 'other']),
  topicKey: row.member('topicKey').orNull((key) => key.text()),
  topicValue: row.member('topicValue').orNull((value) => value.text()),
  negated: row.member('negated').flag(),
  about: row.member('about').orNull((name) => name.text()),
  origin: row.member('origin').oneOf(['user', 'assistant', 'tool', 'document']),
  entities: row.member('entities').texts(),
  keyPhrases: row.member('keyPhrases').texts(),
  eventTime: row.member('eventTime').orNull((time) => ({ from: time.member('from').whole(), to: time.member('to').whole() })),
  confidence: row.member('confidence').fraction(),
  details: row.member('details').orElse({}, (details) => details.object() as MemoryDetails),
});

export const parseDenial = (row: ArchiveField): ArchivedDenial => ({
  normalisedText: row.member('normalisedText').text(),
  topicKey: row.member('topicKey').orNull((key) => key.text()),
  topicValue: row.member('topicValue').orNull((value) => value.text()),
  throughRank: row.member('throughRank').count(1),
  statedAt: row.member('statedAt').whole(),
  createdAt: row.member('createdAt').whole(),
});

export const parseProfile = (row: ArchiveField): ArchivedProfile => ({
  id: row.member('id').id(),
  templateId: row.member('templateId').id(),
  epoch: row.member('epoch').count(),
  properties: row.member('properties').object() as unknown as ProfileTree,
  createdAt: row.member('createdAt').whole(),
  updatedAt: row.member('updatedAt').whole(),
});

export function parseVector(row: ArchiveField): ArchivedVector {
  const vector = row.member('vector');
  const text = vector.text();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0 || bytes.toString('base64') !== text) throw vector.error('numbers of 32 bits as Base64');
  return { itemId: row.member('itemId').id(), model: row.member('model').id(), vector: text };
}

const parseLabels = (labels: ArchiveField): Labels => ({
  tags: labels.member('tags').texts(),
  info: labels.member('info').object(),
  appId: labels.member('appId').orNull((id) => id.text()),
  agentId: labels.member('agentId').orNull((id) => id.text()),
  relatedIds: labels.member('relatedIds').orElse([], (ids) => ids.texts()),
});
