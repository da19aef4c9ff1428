import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '@continuo/contracts';
import type { Project, ProjectRecords } from '@continuo/ports';

/** Keys are compared and kept by their SHA-256 alone. They are long and random, so a slow hash would only slow requests down. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A new key: `mpg-` and 256 random bits. */
export const newKey = (): string => `mpg-${randomBytes(32).toString('base64url')}`;

/** A key that is valid only while the setting holds it, and never stored. */
export interface TransientKey {
  readonly keyHash: string;
  readonly project: Project;
}

/** How long a key found in the records is believed without asking again; a revoked key stops within this time. */
const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 10_000;

/** An API key into its project. */
export class AuthenticateKey {
  private readonly records: ProjectRecords;
  private readonly transientKey: TransientKey | null;
  private readonly believed = new Map<string, { readonly project: Project; readonly until: number }>();

  constructor(records: ProjectRecords, transientKey: TransientKey | null) {
    this.records = records;
    this.transientKey = transientKey;
  }

  /** @throws AppError `unauthenticated` without a key, `key_invalid` for one that opens nothing. */
  async execute(key: string | null): Promise<Project> {
    if (key === null || key === '')
      throw new AppError('unauthenticated', 'an API key is required: send the header "Authorization: Token <key>"');
    const keyHash = hashOfKey(key);
    if (keyHash === this.transientKey?.keyHash) return this.transientKey.project;
    const known = this.believed.get(keyHash);
    if (known !== undefined && known.until > Date.now()) return known.project;
    const project = await this.records.projectOfKey(keyHash);
    if (project === null) {
      this.believed.delete(keyHash);
      throw new AppError('key_invalid', 'the API key is not valid or was revoked');
    }
    if (this.believed.size >= MAX_BELIEVED) this.believed.clear();
    this.believed.set(keyHash, { project, until: Date.now() + BELIEVED_MS });
    return project;
  }
}
