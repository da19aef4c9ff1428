import { createHash } from 'node:crypto';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { ExpectedError, rootFolder } from '../launcher/environment.mjs';
import { canBeReached, isRoot } from './unprivileged.mjs';

const HEAP = /^[1-9][0-9]*[mg]$/i;

/** What the environment says about the stack. `folder` given by the caller wins. */
export function settingsOf(environment, folder, say) {
  const configured = folder ?? valueOf(environment, 'CONTINUO_STACK_DIR');
  const home = configured === undefined ? usualFolder(environment, say) : resolve(configured);
  const heap = valueOf(environment, 'CONTINUO_STACK_HEAP') ?? '512m';
  if (!HEAP.test(heap)) throw new ExpectedError(`CONTINUO_STACK_HEAP is "${heap}"; expected a size such as 512m or 2g.`);
  const cache = join(cacheFolder(environment), 'stack');
  return {
    folder: home,
    downloads: join(cache, 'downloads'),
    // Assembled once for all clones where the stores' user gets in; else once in this clone.
    programs: canBeReached(cache) ? join(cache, 'programs') : join(configured === undefined ? home : usualFolder(environment), 'programs'),
    heap,
    isFast: isOn(environment, 'CONTINUO_STACK_FAST'),
    isDurable: isOn(environment, 'CONTINUO_STACK_DURABLE'),
    javaHome: valueOf(environment, 'CONTINUO_STACK_JAVA_HOME'),
    environment,
    say,
  };
}

/** `.stack` in the root of this clone; for root in a clone that is closed to others, a folder of root's among the temporary ones. */
function usualFolder(environment, say = () => {}) {
  const inClone = join(rootFolder, '.stack');
  if (canBeReached(inClone)) return inClone;
  const name = createHash('sha256').update(rootFolder).digest('hex').slice(0, 12);
  const elsewhere = join(tmpdir(), `continuo-stack-${userInfo().uid}-${name}`);
  say(
    `${rootFolder} is closed to the user who runs the stores for root; they live in ${elsewhere}. CONTINUO_STACK_DIR names another folder.`,
  );
  return elsewhere;
}

/** Where downloads are shared between clones, as the product itself chooses it. */
export function cacheFolder(environment, platform = process.platform) {
  const configured = valueOf(environment, 'CONTINUO_CACHE_DIR');
  if (configured !== undefined) return resolve(configured);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'continuo');
  return join(valueOf(environment, 'XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'continuo');
}

function isOn(environment, name) {
  const value = valueOf(environment, name) ?? 'off';
  if (value !== 'on' && value !== 'off') throw new ExpectedError(`${name} is "${value}"; expected on or off.`);
  return value === 'on';
}

function valueOf(environment, name) {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

/** Throws the sentence that says what to set when the stores' user cannot get into the folder. */
export function requireReachable({ folder }) {
  if (!isRoot() || canBeReached(folder)) return;
  throw new ExpectedError(
    `The stores do not run as root, and the user who runs them cannot reach ${folder}. ` +
      'Set CONTINUO_STACK_DIR to a folder whose parents everybody may pass through (chmod a+x).',
  );
}
