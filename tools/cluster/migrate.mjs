import { ExpectedError } from '../launcher/environment.mjs';
import { runQuietly } from '../launcher/prepare.mjs';

/** Brings the records' schema up to date, before anybody works on it. */
export async function migrate({ migration: { command, cwd, environment } }, say) {
  say('Migrating the records ...');
  const { exitCode, output } = await runQuietly(command, { cwd, env: environment });
  if (exitCode !== 0) throw new ExpectedError(`${output.trimEnd()}\nThe records could not be migrated; the reason is above.`);
}
