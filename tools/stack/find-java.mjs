import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../launcher/environment.mjs';
import { foldersIn, programsNamed, runProgram } from './programs.mjs';
import { asStoreUser, canRun } from './unprivileged.mjs';

/** What OpenSearch 3 is compiled for. */
const LEAST_MAJOR = 21;

/** A Java that can run OpenSearch: `{ file, major }`. */
export async function findJava({ environment, javaHome }) {
  const told = [javaHome, environment.OPENSEARCH_JAVA_HOME, environment.JAVA_HOME].filter(
    (folder) => folder !== undefined && folder !== '',
  );
  const usual = [
    ...foldersIn('/usr/lib/jvm'),
    ...foldersIn('/opt').filter((folder) => /jdk|jre|java/i.test(folder)),
    ...foldersIn(join(homedir(), '.sdkman/candidates/java')),
    ...foldersIn('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents/Home')),
  ];
  const inFolder = (folder) => join(folder, 'bin', 'java');
  const files = [...told.map(inFolder), ...programsNamed('java', environment), ...usual.map(inFolder)];
  for (const file of new Set(files)) {
    const major = existsSync(file) && canRun(file) ? await majorOf(file) : undefined;
    if (major !== undefined && major >= LEAST_MAJOR) return { file, major };
  }
  throw new ExpectedError(
    `OpenSearch needs Java ${LEAST_MAJOR} or newer, and none was found. Install one, or name its folder in CONTINUO_STACK_JAVA_HOME.`,
  );
}

async function majorOf(file) {
  const { exitCode, output } = await runProgram([file, '-version'], asStoreUser());
  return exitCode === 0 ? javaMajorIn(output) : undefined;
}

/** The number that counts in what `java -version` says: 21 of "21.0.5"; undefined when it says something else. */
export function javaMajorIn(text) {
  const major = /version "(\d+)/.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}
