import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { print, type Printed, UsageError } from './commands/output.ts';

/** Each is loaded when it is called: an administrator waits for every command. */
const commands = {
  calibrate: () => import('./commands/calibrate.ts'),
  doctor: () => import('./commands/doctor.ts'),
  export: () => import('./commands/export.ts'),
  import: () => import('./commands/import.ts'),
  jobs: () => import('./commands/jobs.ts'),
  keys: () => import('./commands/keys.ts'),
  migrate: () => import('./commands/migrate.ts'),
  mine: () => import('./commands/mine.ts'),
  projects: () => import('./commands/projects.ts'),
  rebuildIndex: () => import('./commands/rebuild-index.ts'),
  reembed: () => import('./commands/reembed.ts'),
  verifyIndex: () => import('./commands/verify-index.ts'),
};

/** Exit codes: 0 done · 1 it did not work, or something was found wrong · 2 the command line itself is wrong. */
const FAILED = 1;
const USAGE = 2;

const program = new Command('continuo')
  .description('Administers a Continuo, a single server or a cluster; works beside its running services.')
  .option('--json', 'print JSON')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

const run = (work: () => Promise<Printed>, stream?: NodeJS.WritableStream) => async (): Promise<void> => {
  const printed = await work();
  print(printed, program.opts<{ json?: boolean }>().json === true, stream);
  if (printed.failed === true) process.exitCode = FAILED;
};

const projects = program.command('projects').description('spaces that are apart from each other');
projects
  .command('list')
  .description('all projects')
  .action(run(async () => (await commands.projects()).listProjects()));
projects
  .command('create <id>')
  .description('a new project; 1 to 64 characters of a-z, 0-9, - and _')
  .action((id: string) => run(async () => (await commands.projects()).createProject(id))());

projects
  .command('show <id>')
  .description('how a project is set')
  .action((id: string) => run(async () => (await commands.projects()).showProject(id))());
projects
  .command('set <id> <setting=value...>')
  .description('changes how a project is set, for example requests-per-minute=600; "show" names the settings')
  .action((id: string, changes: string[]) => run(async () => (await commands.projects()).setProject(id, changes))());

const keys = program.command('keys').description('API keys; each opens one project');
keys
  .command('list')
  .description('keys without their values')
  .option('--project <id>', 'only of this project')
  .action((options: { project?: string }) => run(async () => (await commands.keys()).listKeys(options.project ?? null))());
keys
  .command('create')
  .description('a new key, shown this once')
  .option('--project <id>', 'what it opens', 'default')
  .option('--label <text>', 'what it is for', '')
  .action((options: { project: string; label: string }) =>
    run(async () => (await commands.keys()).createKey(options.project, options.label))(),
  );
keys
  .command('rotate <key-id>')
  .description('a new key in the place of another, shown this once')
  .option('--grace-minutes <number>', 'how long the old one works beside it', wholeNumberOrZero, 60)
  .action((id: string, options: { graceMinutes: number }) =>
    run(async () => (await commands.keys()).rotateKey(id, options.graceMinutes))(),
  );
keys
  .command('revoke <key-id>')
  .description('ends a key within seconds')
  .action((id: string) => run(async () => (await commands.keys()).revokeKey(id))());

program
  .command('mine')
  .description('reads stored messages again, for example after a model was plugged in')
  .option('--project <id>', 'only of this project')
  .option('--since <time>', 'only messages from this time on, for example 2026-11-01')
  .action((options: { project?: string; since?: string }) =>
    run(async () => (await commands.mine()).mine(options.project ?? null, options.since ?? null))(),
  );
program
  .command('reembed')
  .description('makes vectors of another embedding model while the present one serves; the next start uses them')
  .requiredOption('--to <model>', 'multilingual-e5-small/int8, or the name of a model at CONTINUO_EMBEDDING_BASE_URL')
  .action((options: { to: string }) => run(async () => (await commands.reembed()).reembed(options.to))());
program
  .command('calibrate')
  .description('measures where the cosines of the configured embedding model lie, and prints the curve and the setting')
  .action(run(async () => (await commands.calibrate()).calibrate()));
program
  .command('doctor')
  .description('tries every part and says what is wrong and what to do')
  .action(run(async () => (await commands.doctor()).doctor()));

program
  .command('migrate')
  .description('brings the schema of the records up to date')
  .action(run(async () => (await commands.migrate()).migrate()));

const index = program.command('index').description('the memory index, which follows the records');
index
  .command('verify')
  .description('compares the index with the records; exit code 1 when they differ')
  .option('--repair', 'puts right what differs')
  .action((options: { repair?: true }) => run(async () => (await commands.verifyIndex()).verifyIndex(options.repair === true))());
index
  .command('rebuild')
  .description('fills the index anew from the records while it serves')
  .action(run(async () => (await commands.rebuildIndex()).rebuildIndex()));

index
  .command('swap')
  .description('lets the index built by "reembed" serve, once every service was started again with that model')
  .action(run(async () => (await commands.rebuildIndex()).swapIndex()));

const jobs = program.command('jobs').description('background work');
jobs
  .command('failed')
  .description('jobs that failed for good, the newest first')
  .option('--limit <number>', 'at most so many', wholeNumber, 100)
  .action((options: { limit: number }) => run(async () => (await commands.jobs()).failedJobs(options.limit))());
jobs
  .command('retry <id>')
  .description('asks for a failed job anew; "all" for every one')
  .action((id: string) => run(async () => (await commands.jobs()).retryJobs(id))());
jobs
  .command('depth')
  .description('how much waits, and for how long')
  .action(run(async () => (await commands.jobs()).jobsDepth()));

program
  .command('export')
  .description('writes a project to standard output as lines of JSON: ids, times, history, denials, vectors')
  .option('--project <id>', 'which project', 'default')
  .option('--no-vectors', 'leaves vectors out; they are made again where it is imported')
  .action((options: { project: string; vectors: boolean }) =>
    run(async () => (await commands.export()).exportProject(options.project, options.vectors, process.stdout), process.stderr)(),
  );
program
  .command('import')
  .description('reads an export from standard input; what is there already stays as it is')
  .option('--project <id>', 'into which project; made when it is not there', 'default')
  .action((options: { project: string }) => run(async () => (await commands.import()).importProject(options.project, process.stdin))());

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('A whole number from 1 is expected.');
  return number;
}

function wholeNumberOrZero(text: string): number {
  return text === '0' ? 0 : wholeNumber(text);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? USAGE : FAILED;
  }
}
