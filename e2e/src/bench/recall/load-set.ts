import { loadOwn } from './own/own-set.ts';
import type { RecallSet } from './recall-set.ts';
import { loadBeam } from './sets/beam.ts';
import { loadLocomo } from './sets/locomo.ts';
import { loadMadial } from './sets/madial.ts';
import { loadMemorybank } from './sets/memorybank.ts';
import { loadPrefeval } from './sets/prefeval.ts';

const SCALES = ['100k', '500k', '1m'];

const LOADERS: Readonly<Record<string, (directory: string, scale: string) => Promise<RecallSet>>> = {
  locomo: loadLocomo,
  beam: loadBeam,
  'madial-zh': (directory) => loadMadial(directory, 'zh'),
  'madial-en': (directory) => loadMadial(directory, 'en'),
  prefeval: loadPrefeval,
  memorybank: loadMemorybank,
};

export const SET_NAMES = [...Object.keys(LOADERS), 'own'];

/** @param directory where the data sets lie; only our own needs none. @throws Error that says what is missing. */
export async function loadSet(name: string, directory: string | null, scale: string): Promise<RecallSet> {
  if (name === 'own') return loadOwn();
  const load = LOADERS[name];
  if (load === undefined) throw new Error(`there is no set "${name}": one of ${SET_NAMES.join(', ')}`);
  if (directory === null)
    throw new Error('--data is missing: the folder in which the data sets lie, for example one with locomo/locomo_*.json.gz');
  if (!SCALES.includes(scale)) throw new Error(`--scale is one of ${SCALES.join(', ')}`);
  return load(directory, scale);
}
