import { configurationOf, defaults, operationsPaths, reportedMetrics } from './code-facts.mjs';
import { appOf, environmentProblems, variablesOf } from './environment-rules.mjs';
import { schemaProblems } from './kubernetes-schema.mjs';
import { policyProblems, reachable } from './network-rules.mjs';
import { drainProblems, resourceProblems, securityProblems } from './pod-rules.mjs';
import { metricProblems, scalingProblems } from './scaling-rules.mjs';
import { ingressProblems, probeProblems, referenceProblems, serviceProblems, volumeProblems } from './wiring-rules.mjs';

export const SERVICES = ['gateway', 'recall', 'generation', 'worker'];

const PATHS = operationsPaths();
const METRICS = reportedMetrics();

/** Who may reach whom among the services; what is not here must be closed. */
const AMONG_SERVICES = ['gateway → generation:50052', 'gateway → recall:50051', 'worker → generation:50052', 'worker → recall:50051'];
const TO_STORES = [
  ...['gateway', 'migration', 'recall', 'worker'].map((name) => `${name} → postgres:5432`),
  ...['gateway', 'generation', 'worker'].map((name) => `${name} → redis:6379`),
  'recall → opensearch:9200',
];
const OF_ADMINISTRATOR = ['recall:50051', 'generation:50052', 'postgres:5432', 'redis:6379', 'opensearch:9200'].map(
  (port) => `administration → ${port}`,
);

/**
 * Everything that is wrong with the objects of an overlay.
 *
 * @param external Secrets that come from outside, with their keys; undefined where it is not known which those are.
 */
export async function kubernetesProblems(objects, external) {
  return [
    ...(await Promise.all(objects.map(schemaProblems))).flat(),
    ...twice(objects),
    ...securityProblems(objects),
    ...resourceProblems(objects),
    ...drainProblems(objects, (workload, container) => drainMsOf(workload, container, objects)),
    ...serviceProblems(objects),
    ...ingressProblems(objects, {
      prefix: defaults.http.prefix,
      chatTimeoutMs: defaults.chatTimeoutMs,
      maxBodyBytes: defaults.http.maxBodyBytes,
    }),
    ...probeProblems(objects, PATHS),
    ...volumeProblems(objects),
    ...(external ? referenceProblems(objects, external) : []),
    ...scalingProblems(objects, SERVICES),
    ...metricProblems(objects, METRICS),
    ...policyProblems(objects),
    ...reachProblems(objects),
    ...environmentProblems(objects),
  ];
}

function twice(objects) {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return names.filter((name, position) => names.indexOf(name) !== position).map((name) => `${name} stands twice`);
}

/** Of the services, which drain; a job or a store is stopped in its own way. */
function drainMsOf({ name }, container, objects) {
  if (!SERVICES.includes(appOf(container)) || !SERVICES.includes(name)) return undefined;
  const { CONTINUO_DRAIN_MS } = variablesOf(container, objects);
  return configurationOf({ ...(CONTINUO_DRAIN_MS && { CONTINUO_DRAIN_MS }) }).configuration?.http.drainMs ?? 0;
}

/** Compares what the policies open with what has to be open, pod by pod. */
export function reachProblems(objects) {
  const has = (name) => objects.some(({ kind, metadata }) => /^(?:Deployment|StatefulSet|Job)$/.test(kind) && metadata.name === name);
  const expected = [...AMONG_SERVICES, ...TO_STORES, ...OF_ADMINISTRATOR].filter((way) => {
    const [from, to] = way.split(' → ');
    return has(from) && has(to.split(':')[0]);
  });
  const open = reachable(objects);
  return [
    ...expected.filter((way) => !open.includes(way)).map((way) => `${way} is closed by the network policies`),
    ...open.filter((way) => !expected.includes(way)).map((way) => `${way} is open and has no need to be`),
  ];
}
