// The three real stores in one folder.
//
//   const stack = openStack({ folder });         // nothing happens yet
//   await stack.up();                            // [{ name, title, version, setting, url, started }]; `started` names what this call started
//   stack.urls();                                // { CONTINUO_RECORDS_URL, CONTINUO_INDEX_URL, CONTINUO_BROKER_URL }, once they were started
//   await stack.status();                        // [{ name, title, setting, url, isUp, reason }]
//   await stack.down();                          // the titles of what was stopped; the data stay
//   await stack.part('redis').start();           // one store alone: 'postgres', 'opensearch' or 'redis'
//   await stack.part('redis').stop({ kill: true });   // `kill`: SIGKILL instead of an orderly end
//   await stack.part('redis').wipe();            // stops it and removes its data; the next start begins with nothing
//
// Ports and passwords are chosen at the first start and kept in the folder, so a store that is started again has the same URL
// unless somebody else has taken its port. All calls may be made at the same time, also from several processes.
//
// The stores listen on 127.0.0.1 alone. Postgres and Redis want a password as well, because whoever may command them can write
// files as the user who runs them; OpenSearch has no such door in the artefacts that are to be had.
//
// Run by root, the stores run as the user with the id 65534, who must be able to reach the folder: its parents must be a+x.
//
// Settings:
//   CONTINUO_STACK_DIR      the folder; default `.stack` in the root of this clone
//   CONTINUO_STACK_HEAP     heap of OpenSearch; default 512m
//   CONTINUO_STACK_FAST     on: OpenSearch starts in half the time and searches slower ever after
//   CONTINUO_STACK_DURABLE  on: Postgres survives a power failure too, not only its own death
//   CONTINUO_STACK_JAVA_HOME  a Java of version 21 or newer, when the usual places do not hold one
//   CONTINUO_CACHE_DIR      where downloads are kept for all clones; default: this user's cache folder

import { settingsOf } from './settings.mjs';
import { opensearch } from './opensearch.mjs';
import { StackPart } from './part.mjs';
import { postgres } from './postgres.mjs';
import { redis } from './redis.mjs';

const STORES = [postgres, opensearch, redis];

/** The stores of a folder. `say` hears one line per thing that takes time. */
export function openStack({ folder, environment = process.env, say = () => {} } = {}) {
  const settings = settingsOf(environment, folder, say);
  const parts = new Map(STORES.map((store) => [store.name, new StackPart(store, settings)]));
  const all = [...parts.values()];
  return {
    folder: settings.folder,
    part(name) {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`the stack has no part "${name}"`);
      return part;
    },
    up: () => startAll(all),
    status: () => Promise.all(all.map((part) => part.status())),
    urls: () => Object.fromEntries(all.map((part) => [part.setting, part.url()])),
    async down() {
      const stopped = await Promise.all(all.map(async (part) => ((await part.stop()) ? [part.title] : [])));
      return stopped.flat();
    },
  };
}

// One that fails must not leave the others half started: all are waited for before the first failure is told.
async function startAll(parts) {
  const outcomes = await Promise.allSettled(parts.map((part) => part.start()));
  const failed = outcomes.filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  const unexpected = failed.find(({ expected }) => !expected);
  if (unexpected) throw unexpected;
  if (failed.length > 0) throw Object.assign(failed[0], { message: [...new Set(failed.map(({ message }) => message))].join('\n') });
  return outcomes.map(({ value }) => value);
}
