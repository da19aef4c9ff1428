import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findRedis } from './find-redis.mjs';
import { giveToStoreUser } from './unprivileged.mjs';

const ANSWER_WITHIN_MS = 2_000;

/** Keeps nothing on disk: whatever Redis holds in this system may be lost at any time. */
const configurationOf = ({ port, password, folder }) => `port ${port}
bind 127.0.0.1
protected-mode yes
requirepass ${password}
dir ${JSON.stringify(folder)}
save ""
appendonly no
# Evicting keys would lose jobs without a word.
maxmemory-policy noeviction
daemonize no
`;

/** The Redis, or Valkey, of the stack. */
export const redis = {
  name: 'redis',
  title: 'Redis',
  setting: 'CONTINUO_BROKER_URL',
  endSignal: 'SIGTERM',
  find: findRedis,

  prepare(details) {
    const file = configurationFile(details.folder);
    writeFileSync(file, configurationOf(details), { mode: 0o600 });
    giveToStoreUser(file);
  },

  command: ({ program, folder }) => ({ file: program.file, args: [configurationFile(folder)], cwd: folder, env: program.environment }),
  isReady: async (access) => (await ask(access, 'PING')).includes('+PONG'),
  url: ({ port, password }) => `redis://:${password}@127.0.0.1:${port}`,

  async version(access) {
    const about = await ask(access, 'INFO server');
    const valkey = /valkey_version:(\S+)/.exec(about)?.[1];
    return valkey === undefined ? (/redis_version:(\S+)/.exec(about)?.[1] ?? 'of an unknown version') : `(Valkey) ${valkey}`;
  },

  passes: () => false,
};

const configurationFile = (folder) => join(folder, 'redis.conf');

/** Sends one command and returns all that comes back until the server says goodbye; nothing when there is no answer. */
function ask({ port, password }, command) {
  return new Promise((resolve) => {
    const chunks = [];
    const socket = connect({ host: '127.0.0.1', port });
    const end = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString());
    };
    socket.setTimeout(ANSWER_WITHIN_MS, end);
    socket.on('connect', () => socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
  });
}
