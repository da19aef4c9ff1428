import type { ProfileTree } from '@continuo/domain';
import {
  type ArchivedBase,
  type ArchivedFile,
  type ArchivedFilePart,
  type ArchivedProject,
  type ArchivedTemplate,
  DEFAULT_PROJECT_SETTINGS,
  type ProjectSettings,
} from '@continuo/ports';
import type { ArchiveField } from './archive-field.ts';

export const parseProject = (row: ArchiveField): ArchivedProject => ({
  createdAt: row.member('createdAt').whole(),
  settings: row.member('settings').orElse(DEFAULT_PROJECT_SETTINGS, parseSettings),
});

function parseSettings(settings: ArchiveField): ProjectSettings {
  const choice = (name: string) => settings.member(name).orNull((value) => value.flag());
  const limit = (name: string) =>
    settings
      .member('limits')
      .member(name)
      .orNull((value) => value.whole(0));
  return {
    independentAgents: settings.member('independentAgents').flag(),
    strict: choice('strict'),
    legacyStatusList: choice('legacyStatusList'),
    retentionDays: settings.member('retentionDays').orNull((days) => days.count(1)),
    limits: {
      requestsPerMinute: limit('requestsPerMinute'),
      inputTokensPerMinute: limit('inputTokensPerMinute'),
      chatRequestTokensPerDay: limit('chatRequestTokensPerDay'),
      chatAnswerTokensPerDay: limit('chatAnswerTokensPerDay'),
    },
  };
}

export const parseTemplate = (row: ArchiveField): ArchivedTemplate => ({
  id: row.member('id').id(),
  name: row.member('name').text(),
  metadata: row.member('metadata').object() as unknown as ProfileTree,
  createdAt: row.member('createdAt').whole(),
  updatedAt: row.member('updatedAt').whole(),
});

export const parseBase = (row: ArchiveField): ArchivedBase => ({
  id: row.member('id').id(),
  name: row.member('name').text(),
  description: row.member('description').text(),
  createdAt: row.member('createdAt').whole(),
  linkedAt: row.member('linkedAt').orNull((at) => at.whole()),
});

export const parseFile = (row: ArchiveField): ArchivedFile => ({
  id: row.member('id').id(),
  baseId: row.member('baseId').id(),
  type: row.member('type').oneOf(['document', 'skill']),
  name: row.member('name').text(),
  declaredType: row.member('declaredType').orNull((type) => type.text()),
  size: row.member('size').whole(0),
  url: row.member('url').orNull((url) => url.text()),
  status: row.member('status').oneOf(['running', 'completed', 'failed']),
  reason: row.member('reason').orNull((reason) => reason.text()),
  chunks: row.member('chunks').count(),
  attempts: row.member('attempts').count(),
  dueAt: row.member('dueAt').whole(),
  createdAt: row.member('createdAt').whole(),
  finishedAt: row.member('finishedAt').orNull((at) => at.whole()),
  parts: row.member('parts').count(),
});

export function parseFilePart(row: ArchiveField): ArchivedFilePart {
  const bytes = row.member('bytes');
  const text = bytes.text();
  if (Buffer.from(text, 'base64').toString('base64') !== text) throw bytes.error('bytes as Base64');
  return { fileId: row.member('fileId').id(), place: row.member('place').count(), bytes: text };
}
