import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '@continuo/contracts';
import { DEFAULT_PROJECT_SETTINGS, type Project, type ProjectRecords } from '@continuo/ports';

/** Keys are compared and kept by their SHA-256 alone. They are long and random, so a slow hash would only slow requests down. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A new key: `mpg-` and 256 random bits. */
export const newKey = (): string => `mpg-${randomBytes(32).toString('base64url')}`;

/** A key that is valid only while the setting holds it, and never stored. */
export interface TransientKey {
  readonly keyHash: string;
  readonly projectId: string;
}

/** How long a key found in the records is believed without asking again; a revoked key, or an old setting, stops within this time. */
const BELIEVED_MS = 5_000;
const MAX_BELIEVED = 10_000;

interface Believed {
  readonly project: Project;
  readonly until: number;
}

/** An API key into its project, with the settings of the project. */
export class AuthenticateKey {
  private readonly records: ProjectRecords;
  private readonly transientKey: TransientKey | null;
  private readonly believed = new Map<string, Believed>();

  constructor(records: ProjectRecords, transientKey: TransientKey | null) {
    this.records = records;
    this.transientKey = transientKey;
  }

  /** @throws AppError `unauthenticated` without a key, `key_invalid` for one that opens nothing. */
  async execute(key: string | null): Promise<Project> {
    if (key === null || key === '')
      throw new AppError('unauthenticated', 'an API key is required: send the header "Authorization: Token <key>"');
    const keyHash = hashOfKey(key);
    const known = this.believed.get(keyHash);
    if (known !== undefined && known.until > Date.now()) return known.project;
    if (keyHash === this.transientKey?.keyHash) return this.transientProject(this.transientKey, known ?? null);
    const project = await this.records.projectOfKey(keyHash);
    if (project === null) {
      this.believed.delete(keyHash);
      throw new AppError('key_invalid', 'the API key is not valid or was revoked');
    }
    return this.believe(keyHash, project);
  }

  /** The key itself needs no records: while they are away, or before they hold the project, its settings are those last known. */
  private async transientProject({ keyHash, projectId }: TransientKey, known: Believed | null): Promise<Project> {
    const found = await this.records.find(projectId).catch(() => null);
    if (found !== null) return this.believe(keyHash, found);
    return known?.project ?? { id: projectId, createdAt: 0, settings: DEFAULT_PROJECT_SETTINGS };
  }

  private believe(keyHash: string, project: Project): Project {
    if (this.believed.size >= MAX_BELIEVED) this.believed.clear();
    this.believed.set(keyHash, { project, until: Date.now() + BELIEVED_MS });
    return project;
  }
}
