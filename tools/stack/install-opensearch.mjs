import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ExpectedError } from '../launcher/environment.mjs';
import { exclusively } from '../launcher/exclusive.mjs';
import { mustRun, runProgram, unpack } from './programs.mjs';
import { makeFolder, openToAll } from './unprivileged.mjs';

/** The newest server whose k-NN plugin is published as an artefact; the two versions must be equal. */
const VERSION = '3.6.0';
const SERVER = {
  coordinate: `org.opensearch.distribution.integ-test-zip:opensearch:${VERSION}:zip`,
  file: `opensearch-${VERSION}.zip`,
  sha256: 'a91faa1dc1cadc78cb278b4f63847e19e1627a4e9de698e14e7efc14ee37b286',
};
/** Published without a checksum beside it: the hash here is what protects us. */
const VECTORS = {
  coordinate: `org.opensearch.plugin:opensearch-knn:${VERSION}.0:zip`,
  file: `opensearch-knn-${VERSION}.0.zip`,
  sha256: 'ac392ca28a39b3bf290648a422ef30cb149dda2963a9d7feb26060e932341c9a',
};
/** Without a version Maven takes one of 2014 that cannot do it. */
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
/** HTTP; scripts, which two others demand; languages of text; deletion by query; and what the plugin demands. */
const MODULES = ['transport-netty4', 'lang-painless', 'analysis-common', 'reindex', 'transport-grpc'];
/** Counts up when the assembly below changes. */
const LAYOUT = 1;

/** The server's folder, assembled when it is not there yet. */
export async function installOpensearch(settings) {
  const folder = join(settings.programs, `opensearch-${VERSION}-${LAYOUT}`);
  const home = { folder, agentClasses: join(folder, 'agent', `opensearch-agent-bootstrap-${VERSION}.jar`) };
  const isThere = () => existsSync(join(folder, 'complete'));
  if (isThere()) return home;
  makeFolder(settings.programs);
  await exclusively(join(settings.programs, '.lock-opensearch'), async () => {
    if (!isThere()) await assemble(folder, settings);
  });
  return home;
}

async function assemble(folder, settings) {
  const server = await fetchArtefact(SERVER, settings);
  const vectors = await fetchArtefact(VECTORS, settings);
  settings.say('Assembling OpenSearch ...');
  const fresh = `${folder}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  makeFolder(fresh);
  const top = `opensearch-${VERSION}`;
  const wanted = ['lib', 'agent', 'config', ...MODULES.map((name) => `modules/${name}`)];
  await unpack(
    server,
    fresh,
    wanted.map((name) => `${top}/${name}`),
  );
  const home = join(fresh, top);
  removeOthers(join(home, 'modules'), MODULES);
  await unpack(vectors, makeBelow(home, 'plugins/opensearch-knn'));
  // The server's own rules want the folder to be there.
  makeBelow(home, 'bin');
  openToAll(home);
  writeFileSync(join(home, 'complete'), '');
  rmSync(folder, { recursive: true, force: true });
  renameSync(home, folder);
  rmSync(fresh, { recursive: true, force: true });
}

function makeBelow(home, name) {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

// Whatever unpacked the file may have unpacked the whole of it.
function removeOthers(folder, kept) {
  for (const name of readdirSync(folder)) if (!kept.includes(name)) rmSync(join(folder, name), { recursive: true });
}

/** The path of a checked file: the kept one, else what Maven brings. */
async function fetchArtefact({ coordinate, file, sha256 }, { downloads, say }) {
  makeFolder(downloads);
  const kept = join(downloads, file);
  if (existsSync(kept) && (await sha256Of(kept)) === sha256) return kept;
  return exclusively(join(downloads, `.lock-${file}`), async () => {
    if (existsSync(kept) && (await sha256Of(kept)) === sha256) return kept;
    if ((await runProgram(['mvn', '--version'])).exitCode === 127) {
      throw new ExpectedError('OpenSearch comes by Maven, and there is no mvn here. Install Maven.');
    }
    say(`Fetching ${coordinate} ...`);
    const folder = join(downloads, `${basename(file)}.fresh`);
    const options = [`-Dartifact=${coordinate}`, `-DoutputDirectory=${folder}`, '-Dmdep.overWriteReleases=true'];
    await mustRun(['mvn', '--batch-mode', '--quiet', COPY, ...options], `Maven could not bring ${coordinate}:`, { cwd: dirname(folder) });
    const actual = await sha256Of(join(folder, file));
    if (actual !== sha256) throw new ExpectedError(`${coordinate} is not what it was: its sha256 is ${actual}, expected was ${sha256}.`);
    renameSync(join(folder, file), kept);
    rmSync(folder, { recursive: true });
    return kept;
  });
}

async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
