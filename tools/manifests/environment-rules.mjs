import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationOf, isSetting, needsOf } from './code-facts.mjs';
import { isOurs, workloadsOf } from './workloads.mjs';

/** Where it listens and whom it calls: what a service could do without, and a cluster cannot. */
const SERVING = ['HOST', 'CONTINUO_SERVICE_PORT', 'CONTINUO_OPERATIONS_PORT'];
const CALLING = ['CONTINUO_RECALL_URL', 'CONTINUO_GENERATION_URL'];
const NEEDED = {
  gateway: ['HOST', 'PORT', ...CALLING],
  recall: SERVING,
  generation: SERVING,
  worker: ['HOST', 'CONTINUO_OPERATIONS_PORT', ...CALLING],
  'command-line': ['CONTINUO_RECORDS_URL'],
};
/** The variable behind each need that a service states before it starts. */
const VARIABLE_OF = {
  recordsUrl: 'CONTINUO_RECORDS_URL',
  index: 'CONTINUO_INDEX_URL',
  broker: 'CONTINUO_BROKER_URL',
  token: 'CONTINUO_SERVICE_TOKEN',
};

const needs = new Map();
function statedNeeds(app) {
  if (!needs.has(app)) needs.set(app, needsOf(app));
  return needs.get(app);
}

/** What only these may know: keys and addresses are given to those who use them. */
const KEPT_TO = [
  [/^CONTINUO_INDEX_/, ['recall', 'command-line']],
  [/^CONTINUO_MIGRATION_URL$/, ['command-line']],
  [/^CONTINUO_RECORDS_URL$/, ['gateway', 'recall', 'worker', 'command-line']],
  [/^CONTINUO_EMBEDDING_/, ['recall']],
  [/^(?:OPENAI_|CONTINUO_MODEL)/, ['generation']],
  [/^CONTINUO_API_KEY$/, ['gateway']],
];

/** What stands for a secret that is not here, where the configuration asks whether it is set. */
const FROM_OUTSIDE = { OPENAI_API_KEY: 'outside', CONTINUO_SERVICE_TOKEN: 'outside' };

/**
 * Whether a service understands its variables, has those it needs and only those that are for it.
 *
 * @param variables by name; undefined where a value comes from outside.
 */
export function variableProblems(app, variables) {
  const known = Object.entries(variables)
    .map(([name, value]) => [name, value ?? FROM_OUTSIDE[name]])
    .filter(([, value]) => value !== undefined);
  return [
    ...Object.keys(variables)
      .filter((name) => !isSetting(name))
      .map((name) => `${name} is not a setting`),
    ...configurationOf(Object.fromEntries(known)).mistakes.filter((mistake) => !/ is no setting/.test(mistake)),
    ...[...(NEEDED[app] ?? []), ...statedNeeds(app).map((need) => VARIABLE_OF[need] ?? need)]
      .filter((name) => !(name in variables))
      .map((name) => `${name} is missing`),
    ...KEPT_TO.flatMap(([names, services]) =>
      services.includes(app) ? [] : Object.keys(variables).filter((name) => names.test(name) && variables[name] !== ''),
    ).map((name) => `${name} is not for ${app}`),
  ];
}

/** Which app an image or a container of ours runs. */
export const appOf = ({ image }) => /(?:^|\/)continuo-([a-z-]+)(?::|$)/.exec(image)?.[1];

/** The variables of a container, by name; undefined where the value is not among the objects. */
export function variablesOf({ env = [], envFrom = [] }, objects) {
  const dataOf = (kind, name) => {
    const { data = {}, stringData = {} } = objects.find((object) => object.kind === kind && object.metadata.name === name) ?? {};
    const decoded =
      kind === 'Secret'
        ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
        : data;
    return { ...decoded, ...stringData };
  };
  return {
    ...Object.assign(
      {},
      ...envFrom.map(({ configMapRef, secretRef }) =>
        configMapRef ? dataOf('ConfigMap', configMapRef.name) : dataOf('Secret', secretRef.name),
      ),
    ),
    ...Object.fromEntries(
      env.map(({ name, value, valueFrom = {} }) => {
        const { secretKeyRef, configMapKeyRef } = valueFrom;
        if (secretKeyRef) return [name, dataOf('Secret', secretKeyRef.name)[secretKeyRef.key]];
        return [name, configMapKeyRef ? dataOf('ConfigMap', configMapKeyRef.name)[configMapKeyRef.key] : value];
      }),
    ),
  };
}

/** Checks the variables of every container of ours, and that ports and addresses among them are those of the manifests. */
export function environmentProblems(objects) {
  return workloadsOf(objects).flatMap((workload) =>
    workload.containers
      .filter(isOurs)
      .flatMap((container) =>
        withModelsFile(variablesOf(container, objects), workload, container, objects, (variables) => [
          ...variableProblems(appOf(container), variables),
          ...portProblems(container, variables),
          ...addressProblems(variables, objects),
        ]).map((problem) => `${workload.kind} ${workload.name}: ${problem}`),
      ),
  );
}

/** The models file that a ConfigMap brings lies on this machine while it is read. */
function withModelsFile(variables, { pod }, { volumeMounts = [] }, objects, work) {
  const file = variables.CONTINUO_MODELS_FILE;
  if (file === undefined) return work(variables);
  const mount = volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));
  const name = pod.volumes?.find((volume) => volume.name === mount?.name)?.configMap?.name;
  const text = objects.find((object) => object.kind === 'ConfigMap' && object.metadata.name === name)?.data?.[
    file.slice((mount?.mountPath.length ?? 0) + 1)
  ];
  if (text === undefined) return [`CONTINUO_MODELS_FILE is ${file}, which no ConfigMap puts there`];
  const folder = mkdtempSync(join(tmpdir(), 'continuo-models-'));
  try {
    const here = join(folder, 'models.json');
    writeFileSync(here, text);
    return work({ ...variables, CONTINUO_MODELS_FILE: here }).map((problem) => problem.replaceAll(here, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variable that decides a port, by the name the port has in the manifests. */
const PORT_SETTINGS = { http: 'PORT', grpc: 'CONTINUO_SERVICE_PORT', operations: 'CONTINUO_OPERATIONS_PORT' };

function portProblems({ ports = [] }, variables) {
  return ports.flatMap(({ name, containerPort }) => {
    const setting = PORT_SETTINGS[name];
    if (setting === undefined) return [`port ${name} is decided by no setting`];
    return Number(variables[setting]) === containerPort
      ? []
      : [`port ${name} is ${containerPort}, but ${setting} is ${variables[setting]}`];
  });
}

/** Addresses without a dot are Services of the same namespace. */
function addressProblems(variables, objects) {
  const services = objects.filter(({ kind }) => kind === 'Service');
  return Object.entries(variables).flatMap(([name, value]) => {
    const { host, port } = addressIn(name, value ?? '');
    if (host === undefined || host.includes('.')) return [];
    const service = services.find(({ metadata }) => metadata.name === host);
    return service?.spec.ports.some((each) => each.port === port) ? [] : [`${name} names ${host}:${port}, which no Service is`];
  });
}

/** Host and port of a store or a service; neither for anything else. */
export function addressIn(name, value) {
  if (!/^CONTINUO_(?:RECORDS|MIGRATION|INDEX|BROKER|RECALL|GENERATION)_URL$/.test(name)) return {};
  const [, host, port] = /^(?:[a-z+]+:\/\/)?(?:\/|[^@/]*@)?([\w.-]+):(\d+)/.exec(value) ?? [];
  return { host, port: Number(port) };
}
