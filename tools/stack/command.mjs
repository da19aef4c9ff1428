import { ExpectedError } from '../launcher/environment.mjs';
import { openStack } from './stack.mjs';

const ACTIONS = ['up', 'status', 'down'];

/** What is asked for: the first word, or `up` when there is none. */
export function actionOf(args) {
  const [action = 'up', ...rest] = args;
  if (!ACTIONS.includes(action) || rest.length > 0) throw new ExpectedError('Usage: npm run stack -- [up|status|down]', 2);
  return action;
}

/** Runs `npm run stack -- <args>`. Returns the exit code. */
export async function runStackCommand(args, { print = (line) => console.log(line), say = (line) => console.error(line) } = {}) {
  const action = actionOf(args);
  const stack = openStack({ say });
  if (action === 'down') return down(stack, say);
  if (action === 'up') for (const { title, version } of await stack.up()) print(`${title} ${version}`);
  return status(stack, print, say);
}

async function down(stack, say) {
  const stopped = await stack.down();
  say(stopped.length === 0 ? 'Nothing was running.' : `Stopped ${stopped.join(', ')}.`);
  return 0;
}

async function status(stack, print, say) {
  const parts = await stack.status();
  for (const { setting, url } of parts) if (url !== undefined) print(`${setting}=${url}`);
  const missing = parts.filter(({ isUp }) => !isUp);
  for (const { title, reason } of missing) say(`${title} is down: ${reason}. Start it with: npm run stack`);
  return missing.length === 0 ? 0 : 1;
}
