import { z } from 'zod';

/** What the documentation and the messages say of a setting beside its description. */
export interface SettingMeta {
  readonly description: string;
  /** What a value must be, in words that complete "expected …". */
  readonly expected: string;
  /** How the default reads where it is not the default itself. */
  readonly defaultText?: string;
  /** Its value is never shown. */
  readonly secret?: true;
  /** An empty value says something; everywhere else it means that the setting is not there. */
  readonly emptyCounts?: true;
  readonly group: 'Serving' | 'Data' | 'Chat models' | 'Embeddings' | 'Behaviour' | 'Work and time' | 'Stores' | 'Services of a cluster';
}

/** Where every setting is described. */
export const notes = z.registry<SettingMeta>();
