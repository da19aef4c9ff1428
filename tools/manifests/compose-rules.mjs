import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { addressIn, variableProblems } from './environment-rules.mjs';

/** Orders of keys and services, which say nothing about what runs; ours follow the story. */
const RULES = Object.fromEntries(
  [
    'top-level-properties-order',
    'services-alphabetical-order',
    'service-keys-order',
    'service-dependencies-alphabetical-order',
    'service-ports-alphabetical-order',
    'no-quotes-in-volumes',
  ].map((name) => [name, 0]),
);

/** They run once and end, so there is nothing to ask whether it is well. */
const ENDS = new Set(['migration', 'administration']);
/** OpenSearch writes its keystore beside its configuration, inside the image. */
const WRITES_INTO_IMAGE = new Set(['opensearch']);
const CONDITIONS = new Set(['service_started', 'service_healthy', 'service_completed_successfully']);
/** After CONTINUO_DRAIN_MS, as in k8s/. */
const RESERVE_MS = 5_000;

/** `${NAME}`, `${NAME:-default}`, `${NAME-default}` and `${NAME:?what to do}`, and the doubled `$` of one that is meant. */
const VARIABLE = /\$(?:(\$)|\{(\w+)(?:(:?[-?])([^{}]*))?\})/g;

/** The names a text asks for, each with what is said where it is missing. */
export function variablesIn(text) {
  return [...text.matchAll(VARIABLE)]
    .filter(([, escaped]) => !escaped)
    .map(([, , name, operator, rest]) => ({ name, required: operator?.endsWith('?') ?? false, rest: rest ?? '' }));
}

/** The text as compose reads it with these variables. */
export function interpolated(text, variables) {
  return text.replace(VARIABLE, (_, escaped, name, operator = '', rest = '') => {
    if (escaped) return '$';
    const value = variables[name];
    if (value !== undefined && (value !== '' || !operator.startsWith(':'))) return value;
    return operator.endsWith('-') ? rest : '';
  });
}

/** Compares a compose file with its schema, in which nothing unknown may stand, and with the linter's rules. */
export function schemaProblems(text) {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-compose-'));
  try {
    const file = join(folder, 'docker-compose.yml');
    writeFileSync(file, text);
    return new DCLinter({ rules: RULES, quiet: false, debug: false, exclude: [] })
      .lintFiles([file], false)
      .flatMap(({ messages }) => messages.map(({ rule, line, message }) => `line ${line}: ${rule}: ${message}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variables of the file and those of the example are the same, and no secret has a value anybody could know. */
export function secretProblems(text, example) {
  const asked = variablesIn(text);
  const names = new Set(asked.map(({ name }) => name));
  return [
    ...[...names].filter((name) => !(name in example)).map((name) => `.env.example does not name ${name}`),
    ...Object.keys(example)
      .filter((name) => !names.has(name))
      .map((name) => `.env.example names ${name}, which nothing asks for`),
    ...asked
      .filter(({ name, required, rest }) => /PASSWORD|TOKEN|KEY/.test(name) && !required && rest !== '')
      .map(({ name }) => `${name} has a default`),
    ...asked.filter(({ required, rest }) => required && rest === '').map(({ name }) => `${name} is required without a word on what to do`),
    ...Object.entries(example)
      .filter(([name, value]) => /PASSWORD|TOKEN|KEY/.test(name) && value !== '')
      .map(([name]) => `.env.example gives ${name} a value`),
  ];
}

/** What every service of the file has to say about its rights. */
export function confinementProblems({ services }) {
  return Object.entries(services).flatMap(([name, service]) => {
    const problems = [];
    if (service.read_only !== true && !WRITES_INTO_IMAGE.has(name)) problems.push('read_only is not true');
    if (!/^[1-9]\d*:[1-9]\d*$/.test(service.user ?? '')) problems.push(`user ${service.user} is not two numbers above 0`);
    if (!service.cap_drop?.includes('ALL') || service.cap_add) problems.push('does not drop all capabilities');
    if (!service.security_opt?.includes('no-new-privileges:true')) problems.push('may gain privileges');
    if (service.privileged || service.network_mode || service.pid) problems.push('shares something of the machine');
    if (!service.build && !/:[\w][\w.-]*$/.test(service.image ?? '')) problems.push(`image ${service.image} names no version`);
    if (!service.healthcheck && !ENDS.has(name)) problems.push('has no health check');
    return problems.map((problem) => `${name}: ${problem}`);
  });
}

/** Services wait for ones that exist, and for a state they can reach; networks and volumes exist and are used. */
export function dependencyProblems({ services, networks = {}, volumes = {} }) {
  const problems = Object.entries(services).flatMap(([name, { depends_on: dependencies = {} }]) =>
    Object.entries(dependencies).flatMap(([other, { condition }]) => {
      if (!services[other]) return [`${name}: depends on ${other}, which does not exist`];
      if (!CONDITIONS.has(condition)) return [`${name}: ${condition} is no condition`];
      if (condition === 'service_healthy' && !services[other].healthcheck)
        return [`${name}: waits for the health of ${other}, which has no check`];
      const ends = /^(?:no|on-failure(?::\d+)?)$/.test(services[other].restart ?? 'no');
      return condition === 'service_completed_successfully' && !ends
        ? [`${name}: waits for the end of ${other}, which is started again`]
        : [];
    }),
  );
  const sameNames = (what, defined, used) => [
    ...[...used].filter((each) => !(each in defined)).map((each) => `${what} ${each} is used and not defined`),
    ...Object.keys(defined)
      .filter((each) => !used.has(each))
      .map((each) => `${what} ${each} is defined and not used`),
  ];
  const all = Object.values(services);
  const named = all.flatMap(({ volumes: mounts = [] }) =>
    mounts.map((mount) => mount.split(':')[0]).filter((source) => /^\w/.test(source)),
  );
  return [
    ...problems,
    ...sameNames('network', networks, new Set(all.flatMap((service) => service.networks ?? ['default']))),
    ...sameNames('volume', volumes, new Set(named)),
  ];
}

/** One port is published, on an address of this machine alone unless somebody says otherwise. */
export function publishingProblems({ services }) {
  const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, port })));
  if (published.length !== 1) return [`${published.length} ports are published, expected 1`];
  const [{ name, port }] = published;
  const [, container] = /^127\.0\.0\.1:\d+:(\d+)$/.exec(port) ?? [];
  if (container === undefined) return [`${name}: publishes ${port}, which is not on 127.0.0.1`];
  const { PORT } = environmentOf(services[name]);
  return PORT === container ? [] : [`${name}: publishes ${container}, but PORT is ${PORT}`];
}

/** Our services understand their variables, reach those they name, are asked for their health where they answer, and may drain. */
export function serviceProblems({ services }, pathsOf, drainMs) {
  return Object.entries(services)
    .filter(([, { build }]) => build)
    .flatMap(([name, service]) => {
      const app = service.build.args?.APP;
      const variables = environmentOf(service);
      const problems = [
        ...variableProblems(app, variables),
        ...Object.entries(variables).flatMap(([variable, value]) =>
          reachProblems(service, addressIn(variable, value), services).map((problem) => `${variable} ${problem}`),
        ),
        ...healthProblems(service, pathsOf(name)),
      ];
      if (!ENDS.has(name) && !(seconds(service.stop_grace_period) * 1_000 >= drainMs + RESERVE_MS))
        problems.push(`stop_grace_period is ${service.stop_grace_period}, less than its drain and a reserve`);
      return problems.map((problem) => `${name}: ${problem}`);
    });
}

/** A process gets text, whatever YAML made of it. */
const environmentOf = ({ environment = {} }) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value ?? '')]));

const seconds = (duration) => Number(/^(\d+)s$/.exec(duration ?? '')?.[1]);

/** A port of ours is where its setting puts it; a store's is fixed by its image. */
const STORE_PORTS = { postgres: 5432, redis: 6379, opensearch: 9200 };

function reachProblems(service, { host, port }, services) {
  if (host === undefined) return [];
  const target = services[host];
  if (!target) return [`names ${host}, which does not exist`];
  if (!service.networks.some((network) => target.networks.includes(network))) return [`names ${host}, with which it shares no network`];
  const listening = STORE_PORTS[host] ?? Number(target.environment.CONTINUO_SERVICE_PORT);
  return listening === port ? [] : [`names ${host}:${port}, but that listens on ${listening}`];
}

function healthProblems(service, paths) {
  const { healthcheck } = service;
  if (!healthcheck) return [];
  const environment = environmentOf(service);
  const [, port, path] = /http:\/\/127\.0\.0\.1:(\d+)(\/[a-z]+)/.exec(healthcheck.test.join(' ')) ?? [];
  const listening = environment.CONTINUO_OPERATIONS_PORT ?? environment.PORT;
  return port === listening && path === '/readyz' && paths.includes(path)
    ? []
    : [`its health check asks ${port}${path}, expected ${listening}/readyz`];
}
