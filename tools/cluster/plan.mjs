import { join, relative } from 'node:path';
import { CODE_NODE_FLAGS, codeEnvironment, ExpectedError } from '../launcher/environment.mjs';
import { freePort, isFree } from '../stack/ports.mjs';
import { openStack } from '../stack/stack.mjs';
import { secretsOf } from './surroundings.mjs';

/** In the order in which they start; two that stand side by side start together. They end the other way round. */
const STAGES = [['recall', 'generation'], ['worker'], ['gateway']];
export const SERVICES = STAGES.flat();
const USUAL_REPLICAS = { gateway: 1, recall: 2, generation: 2, worker: 2 };
const MOST_REPLICAS = 64;
const USUAL_PORT = 8787;
const STORES = ['CONTINUO_RECORDS_URL', 'CONTINUO_INDEX_URL', 'CONTINUO_BROKER_URL'];

/** How many of each service run: those that the text does not name as usual. */
export function replicasOf(text = '') {
  const replicas = { ...USUAL_REPLICAS };
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, service, count] = /^([a-z]+)=(\d+)$/.exec(entry) ?? [];
    if (!SERVICES.includes(service) || Number(count) < 1 || Number(count) > MOST_REPLICAS) {
      throw new ExpectedError(
        `CONTINUO_CLUSTER_REPLICAS has "${entry}"; expected SERVICE=NUMBER, separated by commas, of ${SERVICES.join(', ')}, from 1 to ${MOST_REPLICAS}.`,
      );
    }
    replicas[service] = Number(count);
  }
  return replicas;
}

/** Everything that is to run: the services with their ports and environments, the migration, and the start message. */
export async function planOf(surroundings, node, say) {
  const { root, valueOf } = surroundings;
  const replicas = replicasOf(valueOf('CONTINUO_CLUSTER_REPLICAS'));
  const host = valueOf('HOST') ?? '127.0.0.1';
  const port = await portOfGateway(valueOf('PORT'), host);
  const addresses = await addressesOf(replicas, new Set([port]));
  const secrets = secretsOf(surroundings);
  const shared = { ...codeEnvironment(root), ...surroundings.own, ...(await storesOf(valueOf, say)), ...formatOf(valueOf) };
  shared.CONTINUO_SERVICE_TOKEN = secrets.serviceToken;
  const environmentOf = (service, { service: servicePort, operations }) => ({
    ...shared,
    ...(service === 'gateway'
      ? { HOST: host, PORT: String(port), CONTINUO_API_KEY: secrets.apiKey, CONTINUO_SHARE_PORT: 'true' }
      : { HOST: '127.0.0.1' }),
    ...(servicePort === undefined ? {} : { CONTINUO_SERVICE_PORT: String(servicePort) }),
    ...(operations === undefined ? {} : { CONTINUO_OPERATIONS_PORT: String(operations) }),
    CONTINUO_RECALL_URL: addresses.recall.map((address) => `127.0.0.1:${address.service}`).join(','),
    CONTINUO_GENERATION_URL: addresses.generation.map((address) => `127.0.0.1:${address.service}`).join(','),
  });
  const origin = `http://${reachable(host)}:${port}`;
  const serviceOf = (service, stage) => ({
    name: service,
    stage,
    // A gateway takes the place of another on the same port; the others have ports of their own.
    sharedPort: service === 'gateway' ? port : undefined,
    replicas: addresses[service].map((address) => ({
      command: { file: node, args: [...CODE_NODE_FLAGS, join(root, 'apps', service, 'dist/main.js')], cwd: root },
      environment: environmentOf(service, address),
      readyUrl: `${service === 'gateway' ? origin : `http://127.0.0.1:${address.operations}`}/readyz`,
    })),
  });
  return {
    services: STAGES.flatMap((names, stage) => names.map((name) => serviceOf(name, stage))),
    migration: {
      command: [node, ...CODE_NODE_FLAGS, join(root, 'apps/command-line/dist/cli.js'), 'migrate'],
      cwd: root,
      environment: shared,
    },
    readyUrl: `${origin}/readyz`,
    startMessage: (parts) => startMessage({ surroundings, origin, replicas, secrets, parts }),
  };
}

async function portOfGateway(text, host) {
  const asked = text === undefined ? USUAL_PORT : Number(text);
  if (!Number.isInteger(asked) || asked < 0 || asked > 65_535)
    throw new ExpectedError(`PORT is "${text}"; expected a whole number from 0 to 65535.`);
  if (asked === 0) return freePort();
  // A second gateway may listen beside the first, so a stranger on the port would go unnoticed.
  if (!(await isFree(asked, host)))
    throw new ExpectedError(`Port ${asked} is taken by another program. Stop that, or choose another one with PORT.`);
  return asked;
}

/** `{ recall: [{ service, operations }, …], … }`: a port for calls where a service answers any, and one to look after it. */
async function addressesOf(replicas, taken) {
  const another = async () => {
    const port = await freePort(taken);
    taken.add(port);
    return port;
  };
  const addresses = {};
  for (const service of SERVICES) {
    addresses[service] = [];
    for (let index = 0; index < replicas[service]; index += 1) {
      const isCalled = service === 'recall' || service === 'generation';
      addresses[service].push({
        service: isCalled ? await another() : undefined,
        operations: service === 'gateway' ? undefined : await another(),
      });
    }
  }
  return addresses;
}

/** The stores that are named, and those of the stack in place of the others. */
async function storesOf(valueOf, say) {
  const named = Object.fromEntries(STORES.map((name) => [name, valueOf(name)]).filter(([, value]) => value !== undefined));
  if (Object.keys(named).length === STORES.length) return named;
  const stack = openStack({ say });
  for (const { title, version, started } of await stack.up())
    if (started) say(`${title} ${version} started; it keeps running. npm run stack -- down stops it.`);
  return { ...stack.urls(), ...named };
}

// The services write into a pipe; for a person at a terminal they must be told that they are read.
function formatOf(valueOf) {
  return valueOf('CONTINUO_LOG_FORMAT') === undefined && process.stderr.isTTY ? { CONTINUO_LOG_FORMAT: 'text' } : {};
}

const reachable = (host) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host);

function startMessage({ surroundings: { root, valueOf, dataFolder }, origin, replicas, secrets, parts }) {
  const base = `${origin}${valueOf('CONTINUO_PREFIX') ?? '/api/openmem/v1'}`;
  const file = relative(root, join(dataFolder, 'api-key'));
  const shown = file.startsWith('..') ? join(dataFolder, 'api-key') : file;
  const isSet = valueOf('CONTINUO_API_KEY') !== undefined;
  const key = secrets.isNewKey
    ? `${secrets.apiKey}\n             shown this once, kept in ${shown}`
    : isSet
      ? 'the one in CONTINUO_API_KEY'
      : `in ${shown}`;
  const wordsOf = (name) => parts.find((part) => part.name === name)?.words ?? 'not known yet';
  return `
  Continuo is listening.

  Base URL   ${base}
  API key    ${key}
  Chat model ${wordsOf('generation')}
  Embedder   ${wordsOf('embeddings')}
  Cluster    ${SERVICES.map((service) => `${replicas[service]} x ${service}`).join(', ')}
  API pages  ${origin}/docs

  Try it: tell it something, then ask.

  curl -s ${base}/chat -H "Authorization: Token ${isSet ? '$CONTINUO_API_KEY' : `$(cat '${shown}')`}" -H 'Content-Type: application/json' \\
    -d '{"user_id":"ana","query":"My name is Ana, I live in Lyon and I never eat seafood."}'; echo

  Ctrl-C stops it.
`;
}
