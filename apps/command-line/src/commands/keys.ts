import { hashOfKey, newKey } from '@continuo/use-cases';
import { moment, type Printed, table } from './output.ts';
import { requireProject, withRecords } from './with-records.ts';

export const listKeys = (projectId: string | null): Promise<Printed> =>
  withRecords(async (records) => {
    await requireProject(records, projectId);
    const keys = await records.projects.listKeys(projectId);
    const rows = keys.map((key) => [
      key.id,
      key.projectId,
      `${key.hint}…`,
      key.label,
      moment(key.createdAt),
      key.revokedAt === null ? '' : moment(key.revokedAt),
    ]);
    return { value: keys, lines: table([['ID', 'PROJECT', 'KEY', 'LABEL', 'CREATED', 'REVOKED'], ...rows]) };
  });

export const createKey = (projectId: string, label: string): Promise<Printed> =>
  withRecords(async (records) => {
    await requireProject(records, projectId);
    const key = newKey();
    const stored = await records.projects.addKey({ projectId, keyHash: hashOfKey(key), hint: key.slice(0, 8), label, now: Date.now() });
    return { value: { ...stored, key }, lines: [key, `It opens project ${projectId} and is shown this once.`] };
  });

export const revokeKey = (keyId: string): Promise<Printed> =>
  withRecords(async (records) => {
    const revoked = await records.projects.revokeKey(keyId, Date.now());
    return {
      value: { id: keyId, revoked },
      lines: [revoked ? `Key ${keyId} is revoked; a running server refuses it within 5 seconds.` : `There is no live key ${keyId}.`],
      failed: !revoked,
    };
  });
