import { Command, CommanderError } from 'commander';
import { doctor } from './command-line/doctor.ts';
import { createKey, listKeys, revokeKey } from './command-line/keys.ts';
import { mine } from './command-line/mine.ts';
import { print, type Printed, UsageError } from './command-line/output.ts';
import { createProject, listProjects } from './command-line/projects.ts';
import { reembed } from './command-line/reembed.ts';

/** Exit codes: 0 done · 1 it did not work, or `doctor` found something wrong · 2 the command line itself is wrong. */
const FAILED = 1;
const USAGE = 2;

const program = new Command('continuo')
  .description('Administers a Continuo on this machine; works beside a running server.')
  .option('--json', 'print JSON')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

const run = (work: () => Promise<Printed>) => async (): Promise<void> => {
  const printed = await work();
  print(printed, program.opts<{ json?: boolean }>().json === true);
  if (printed.failed === true) process.exitCode = FAILED;
};

const projects = program.command('projects').description('spaces that are apart from each other');
projects.command('list').description('all projects').action(run(listProjects));
projects
  .command('create <id>')
  .description('a new project; 1 to 64 characters of a-z, 0-9, - and _')
  .action((id: string) => run(() => createProject(id))());

const keys = program.command('keys').description('API keys; each opens one project');
keys
  .command('list')
  .description('keys without their values')
  .option('--project <id>', 'only of this project')
  .action((options: { project?: string }) => run(() => listKeys(options.project ?? null))());
keys
  .command('create')
  .description('a new key, shown this once')
  .option('--project <id>', 'what it opens', 'default')
  .option('--label <text>', 'what it is for', '')
  .action((options: { project: string; label: string }) => run(() => createKey(options.project, options.label))());
keys
  .command('revoke <key-id>')
  .description('ends a key within seconds')
  .action((id: string) => run(() => revokeKey(id))());

program
  .command('mine')
  .description('reads stored messages again, for example after a model was plugged in')
  .option('--project <id>', 'only of this project')
  .option('--since <time>', 'only messages from this time on, for example 2026-11-01')
  .action((options: { project?: string; since?: string }) => run(() => mine(options.project ?? null, options.since ?? null))());
program
  .command('reembed')
  .description('makes vectors of another embedding model while the present one serves; the next start uses them')
  .requiredOption('--to <model>', 'multilingual-e5-small/int8, or the name of a model at CONTINUO_EMBEDDING_BASE_URL')
  .action((options: { to: string }) => run(() => reembed(options.to))());
program.command('doctor').description('tries every part and says what is wrong and what to do').action(run(doctor));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? USAGE : FAILED;
  }
}
