import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the embedding model and other downloads are kept between runs: `CONTINUO_CACHE_DIR`, else this user's cache folder. */
export function cacheFolder(): string {
  const configured = process.env['CONTINUO_CACHE_DIR'] ?? '';
  if (configured !== '') return configured;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'continuo');
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'continuo');
}
