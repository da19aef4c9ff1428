// Settings, from the environment or `.env`, beside those that the services read themselves:
//   CONTINUO_CLUSTER_REPLICAS   how many of each run; default gateway=1,recall=2,generation=2,worker=2
//   CONTINUO_RECORDS_URL, CONTINUO_INDEX_URL, CONTINUO_BROKER_URL   the stores; what is not named comes from `npm run stack`
//   PORT, HOST                  where the gateway listens; default 127.0.0.1:8787; port 0 is any
//   CONTINUO_API_KEY            default: the key in `api-key` in the data folder, made at the first start
//   CONTINUO_SERVICE_TOKEN      default: the token in `service-token` there, likewise
import { ExpectedError, requireUsablePlatform, rootFolder } from '../launcher/environment.mjs';
import { prepare } from '../launcher/prepare.mjs';
import { watchProcessesAbove } from '../launcher/supervise.mjs';
import { migrate } from './migrate.mjs';
import { planOf, SERVICES } from './plan.mjs';
import { lineWriter } from './prefixed-lines.mjs';
import { askForRestart, claimFolder, takeRequest, tellOutcome } from './requests.mjs';
import { readEnvironment } from './surroundings.mjs';
import { Supervisor } from './supervisor.mjs';

/** Installs and builds what changed, then does what is asked. Returns the exit code. */
export async function prepareAndRun(args) {
  requireUsablePlatform(process);
  const request = requestOf(args);
  return runClusterCommand(args, request.action === 'restart' ? process.execPath : await prepare({ say: (line) => console.error(line) }));
}

/** What is asked for: `{ action: 'start' }`, or `{ action: 'restart', service }` where no service means all of them. */
export function requestOf(args) {
  const [action = 'start', service, ...rest] = args;
  const isKnown = action === 'restart' ? service === undefined || SERVICES.includes(service) : action === 'start' && service === undefined;
  if (!isKnown || rest.length > 0) {
    throw new ExpectedError(`Usage: npm run cluster, or npm run cluster -- restart [${SERVICES.join('|')}]`, 2);
  }
  return { action, service };
}

/** The same on what is built already, by the given Node. */
export async function runClusterCommand(args, node) {
  const { action, service } = requestOf(args);
  const environment = await readEnvironment(rootFolder);
  if (action === 'restart') return askForRestart(environment.dataFolder, service);
  return runCluster(environment, node);
}

async function runCluster(surroundings, node) {
  const { dataFolder } = surroundings;
  const say = (line) => console.error(line);
  let supervisor;
  // Before anybody can know our process id: without a listener this signal would end us.
  process.on('SIGUSR2', () => {
    const { id, service } = takeRequest(dataFolder);
    const rolled = supervisor?.isReady ? supervisor.roll(service) : Promise.reject(new ExpectedError('The cluster is still starting.'));
    rolled.then(
      () => tellOutcome(dataFolder, { id }),
      (error) => tellOutcome(dataFolder, { id, problem: error.message }),
    );
  });
  const release = claimFolder(dataFolder);
  try {
    const plan = await planOf(surroundings, node, say);
    await migrate(plan, say);
    supervisor = supervisorOf(plan.services);
    return await runUntilStopped(supervisor, plan);
  } finally {
    release();
  }
}

function supervisorOf(services) {
  // Whoever read our output has gone: nobody is left to run for.
  const [out, err] = [process.stdout, process.stderr].map((stream) => lineWriter(stream, () => void supervisor.stop()));
  const supervisor = new Supervisor(services, { write: (line, isError) => (isError ? err : out)(line) });
  return supervisor;
}

async function runUntilStopped(supervisor, { readyUrl, startMessage }) {
  const stop = () => void supervisor.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  const watch = watchProcessesAbove(stop);
  try {
    if (await supervisor.start()) console.log(startMessage(await partsAt(readyUrl)));
    return await supervisor.ended();
  } finally {
    clearInterval(watch);
  }
}

/** What the gateway says of its parts; nothing when it does not. */
async function partsAt(url) {
  try {
    const { parts } = await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).json();
    return parts;
  } catch {
    return [];
  }
}
