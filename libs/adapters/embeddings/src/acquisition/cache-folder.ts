import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads go: `CONTINUO_CACHE_DIR` if set, else this user's cache folder as the platform has it. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const configured = environment['CONTINUO_CACHE_DIR'];
  if (configured !== undefined && configured !== '') return configured;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'continuo');
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'continuo', 'cache');
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'continuo');
}
