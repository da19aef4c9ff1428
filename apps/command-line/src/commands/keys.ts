import { hashOfKey, newKey } from '@continuo/use-cases';
import { moment, type Printed, table } from './output.ts';
import { requireProject, withRecords } from './with-records.ts';

const MINUTE_MS = 60_000;

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

/** A new key in the place of another, which works for a while longer so that its users can change over. */
export const rotateKey = (keyId: string, graceMinutes: number): Promise<Printed> =>
  withRecords(async (records) => {
    const now = Date.now();
    const old = (await records.projects.listKeys(null)).find(
      ({ id, revokedAt }) => id === keyId && (revokedAt === null || revokedAt > now),
    );
    if (old === undefined) return { value: { id: keyId, rotated: false }, lines: [`There is no live key ${keyId}.`], failed: true };
    const { projectId, label } = old;
    const key = newKey();
    const stored = await records.projects.addKey({ projectId, keyHash: hashOfKey(key), hint: key.slice(0, 8), label, now });
    const endsAt = now + graceMinutes * MINUTE_MS;
    await records.projects.revokeKey(keyId, endsAt);
    const end = graceMinutes === 0 ? 'is refused within 5 seconds' : `works until ${moment(endsAt)} UTC`;
    return {
      value: { ...stored, key, replaces: keyId, replacedUntil: endsAt },
      lines: [key, `It opens project ${projectId} and is shown this once. Key ${keyId} ${end}.`],
    };
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
