import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ExpectedError } from '../launcher/environment.mjs';
import { foldersIn, isAtLeast, mustRun, programFolders, runProgram, versionIn } from './programs.mjs';
import { asStoreUser, canRun, giveToStoreUser } from './unprivileged.mjs';

/** The oldest that its makers still keep. */
const LEAST_VERSION = '14';
const NAME = 'continuo';
const ANSWER_WITHIN_MS = 2_000;
/** Version 3.0 of the protocol. */
const PROTOCOL = 196_608;
/** First byte of the answer that asks for a password: Postgres is past its recovery and lets people in. */
const ASKS_FOR_PASSWORD = 'R'.charCodeAt(0);

/** The Postgres of the stack. */
export const postgres = {
  name: 'postgres',
  title: 'Postgres',
  setting: 'CONTINUO_RECORDS_URL',
  /** Its fast end: clients are cut, nothing that was committed is lost. */
  endSignal: 'SIGINT',
  find: findPostgres,

  async prepare({ program, folder, password }) {
    const data = dataFolder(folder);
    // A first start that was cut short leaves a folder of which nothing is known.
    if (existsSync(join(data, 'complete'))) return;
    rmSync(data, { recursive: true, force: true });
    await createDatabase(program, folder, password);
    writeFileSync(join(data, 'complete'), '');
  },

  command: ({ program, folder, port, settings }) => ({
    file: join(program.folder, 'postgres'),
    args: ['-D', dataFolder(folder), ...optionsOf({ port, isDurable: settings.isDurable }).flatMap((option) => ['-c', option])],
    cwd: folder,
    env: program.environment,
  }),

  isReady: ({ port }) => letsPeopleIn(port),
  url: ({ port, password }) => `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}`,
  version: async ({ environment }) => (await findPostgres({ environment })).version,

  /** After a kill -9 of the first process the others need a moment to notice. */
  passes: (log) => /pre-existing shared memory block|lock file ".*" already exists/.test(log),
};

const dataFolder = (folder) => join(folder, 'data');

function optionsOf({ port, isDurable }) {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    // Their paths may be no longer than a hundred characters; the network does as well.
    'unix_socket_directories=',
    // Seven services and the tests have their pools side by side.
    'max_connections=300',
    'timezone=UTC',
    // What was committed lies in the system's memory at once and so survives kill -9; only a power failure could lose it.
    // full_page_writes and synchronous_commit stay on: a kill may well come in the middle of a page or before a commit is written.
    ...(isDurable ? [] : ['fsync=off']),
  ];
}

async function createDatabase({ folder: programs, environment }, folder, password) {
  const options = { cwd: folder, env: environment, ...asStoreUser() };
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveToStoreUser(passwordFile);
  try {
    const form = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-sync', '--no-instructions'];
    const command = [join(programs, 'initdb'), '-D', dataFolder(folder), '-U', NAME, `--pwfile=${passwordFile}`, ...form];
    await mustRun(command, 'Postgres could not make its data folder:', options);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const single = [join(programs, 'postgres'), '--single', '-D', dataFolder(folder), '-c', 'fsync=off', 'postgres'];
  await mustRun(single, 'Postgres could not make its database:', { ...options, input: `CREATE DATABASE ${NAME}\n` });
}

async function findPostgres({ environment }) {
  for (const folder of candidates(environment)) {
    const [server, creator] = ['postgres', 'initdb'].map((name) => join(folder, name));
    if (!existsSync(server) || !existsSync(creator) || !canRun(server) || !canRun(creator)) continue;
    const { exitCode, output } = await runProgram([server, '--version'], asStoreUser());
    const version = versionIn(output);
    if (exitCode === 0 && version !== undefined && isAtLeast(version, LEAST_VERSION)) {
      return { folder, version, environment: { PATH: environment.PATH ?? '', LC_ALL: 'C' } };
    }
  }
  throw new ExpectedError(
    `There is no Postgres ${LEAST_VERSION} or newer here: initdb and postgres are looked for on the PATH and in the folders where packages ` +
      'put them (/usr/lib/postgresql/*/bin). Install the package postgresql; its service need not run.',
  );
}

function candidates(environment) {
  const versioned = [
    '/usr/lib/postgresql',
    '/usr/libexec',
    '/opt/homebrew/opt',
    '/usr/local/opt',
    '/Applications/Postgres.app/Contents/Versions',
  ];
  const beside = foldersIn('/usr').filter((folder) => folder.startsWith('/usr/pgsql-'));
  const packaged = [...versioned.flatMap(foldersIn), ...beside].map((folder) => join(folder, 'bin'));
  return [...programFolders(environment), ...packaged];
}

/** Says who we are, as a client does first, and looks at the kind of the answer: while it starts up it sends an error instead. */
function letsPeopleIn(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (isIn) => {
      socket.destroy();
      resolve(isIn);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => end(false));
    socket.on('connect', () => socket.write(firstWords()));
    socket.on('data', (chunk) => end(chunk[0] === ASKS_FOR_PASSWORD));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}

function firstWords() {
  const text = Buffer.from(`user\0${NAME}\0database\0${NAME}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + text.length, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, text]);
}
