import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as util from 'node:util';
import { ExpectedError } from '../launcher/environment.mjs';

/** The environment as the services will see it, `.env` included, and the data folder it names. */
export async function readEnvironment(root, own = process.env) {
  const file = join(root, '.env');
  const values = { ...(existsSync(file) ? valuesIn(readFileSync(file, 'utf8')) : {}), ...own };
  const valueOf = (name) => (values[name]?.trim() ? values[name].trim() : undefined);
  return { root, own, valueOf, dataFolder: resolve(root, valueOf('CONTINUO_DATA_DIR') ?? 'data') };
}

function valuesIn(text) {
  if (util.parseEnv === undefined) throw new ExpectedError('Reading .env needs Node 20.12 or newer.');
  return util.parseEnv(text);
}

/** The key that opens the default project and the token between the services: as set, else made once and kept for the owner alone. */
export function secretsOf({ valueOf, dataFolder }) {
  const kept = (name, make) => {
    const file = join(dataFolder, name);
    if (!existsSync(file)) {
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
      writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: 'wx' });
    }
    return readFileSync(file, 'utf8').trim();
  };
  const isFirstStart = valueOf('CONTINUO_API_KEY') === undefined && !existsSync(join(dataFolder, 'api-key'));
  return {
    /** The key was made now: it is shown this once. */
    isNewKey: isFirstStart,
    apiKey: valueOf('CONTINUO_API_KEY') ?? kept('api-key', () => `mpg-${randomUUID()}`),
    serviceToken: valueOf('CONTINUO_SERVICE_TOKEN') ?? kept('service-token', () => randomBytes(32).toString('hex')),
  };
}
