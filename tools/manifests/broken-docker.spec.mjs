import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../launcher/environment.mjs';
import { commands, isSetting, operationsPaths } from './code-facts.mjs';
import {
  confinementProblems,
  dependencyProblems,
  interpolated,
  publishingProblems,
  schemaProblems,
  secretProblems,
  serviceProblems,
  variablesIn,
} from './compose-rules.mjs';
import { appProblems, dockerfileProblems, ignoreProblems } from './dockerfile-rules.mjs';
import { parseDocuments } from './yaml.mjs';

const read = (path) => readFileSync(join(rootFolder, path), 'utf8');
const DRAIN_MS = 6_000;

describe('interpolated', () => {
  it.each([
    ['${A}', { A: '1' }, '1'],
    ['${A:-x}', {}, 'x'],
    ['${A:-x}', { A: '' }, 'x'],
    ['${A-x}', { A: '' }, ''],
    ['${A-x}', {}, 'x'],
    ['${A:?say it}', { A: '1' }, '1'],
    ['a $${A} $$B', { A: '1' }, 'a ${A} $B'],
  ])('reads %s with %j as %s', (text, variables, expected) => {
    expect(interpolated(text, variables)).toBe(expected);
  });
});

describe('variablesIn', () => {
  it('finds what has to be there and what need not, and no doubled sign', () => {
    expect(variablesIn('${A:?say it} ${B:-x} $${C}')).toEqual([
      { name: 'A', required: true, rest: 'say it' },
      { name: 'B', required: false, rest: 'x' },
    ]);
  });
});

describe('the rules for docker-compose.yml', () => {
  const text = read('docker-compose.yml');
  const variables = Object.fromEntries(
    variablesIn(text)
      .filter(({ required }) => required)
      .map(({ name }) => [name, 'a0b1']),
  );
  const whole = interpolated(text, variables);

  it.each([
    ['an unknown field of a service', whole.replace('    healthcheck:', '    healthchek:'), /services\/postgres.*additional properties/],
    ['an unknown field at the top', `${whole}\nservice: {}\n`, /instancePath="".*additional properties/],
    ['a wrong type', whole.replace("user: '999:999'", 'user: [999]'), /user/],
    ['a port without an address', whole.replace('127.0.0.1:8787:8787', '8787:8787'), /interface/],
    ['a version, which compose no longer reads', `version: '3'\n${whole}`, /version/],
    ['an image without a version', whole.replace('postgres:17.6-bookworm', 'postgres'), /postgres/],
  ])('notice %s', (_, broken, words) => {
    expect(broken).not.toBe(whole);
    expect(schemaProblems(broken).join('\n')).toMatch(words);
  });

  const problemsIn = (compose) => [
    ...confinementProblems(compose),
    ...dependencyProblems(compose),
    ...publishingProblems(compose),
    ...serviceProblems(compose, operationsPaths(), DRAIN_MS),
  ];
  it.each(
    Object.entries({
      'a service that writes into its image': [({ worker }) => (worker.read_only = false), /worker: read_only/],
      'a service that is root': [({ redis }) => delete redis.user, /redis: user undefined/],
      'a group that is root': [({ redis }) => (redis.user = '999:0'), /redis: user 999:0/],
      'a service with capabilities': [({ gateway }) => delete gateway.cap_drop, /gateway: does not drop all capabilities/],
      'a service that may gain privileges': [({ gateway }) => delete gateway.security_opt, /gateway: may gain privileges/],
      'a service on the network of the machine': [({ gateway }) => (gateway.network_mode = 'host'), /gateway: shares something/],
      'a service that nobody asks for its health': [({ recall }) => delete recall.healthcheck, /recall: has no health check/],
      'a wait for something that does not exist': [
        ({ worker }) => (worker.depends_on.valkey = { condition: 'service_started' }),
        /worker: depends on valkey/,
      ],
      'a wait for health that is never told': [
        ({ worker }) => (worker.depends_on.migration.condition = 'service_healthy'),
        /waits for the health of migration/,
      ],
      'a wait for the end of what never ends': [
        ({ worker }) => (worker.depends_on.redis.condition = 'service_completed_successfully'),
        /waits for the end of redis/,
      ],
      'a condition that is none': [({ worker }) => (worker.depends_on.redis.condition = 'healthy'), /healthy is no condition/],
      'a network that is not defined': [({ worker }) => worker.networks.push('stores'), /network stores is used and not defined/],
      'a volume that is not defined': [
        ({ redis }) => (redis.volumes = ['queue:/data']),
        /volume queue is used and not defined[\s\S]*volume broker is defined and not used/,
      ],
      'a second published port': [({ redis }) => (redis.ports = ['127.0.0.1:6379:6379']), /2 ports are published/],
      'a port published to everybody': [({ gateway }) => (gateway.ports = ['0.0.0.0:8787:8787']), /not on 127.0.0.1/],
      'a published port nobody listens on': [({ gateway }) => (gateway.ports = ['127.0.0.1:8787:80']), /publishes 80, but PORT is 8787/],
      'a variable that is no setting': [
        ({ gateway }) => (gateway.environment.CONTINUO_PORT = '8787'),
        /gateway: CONTINUO_PORT is not a setting/,
      ],
      'a value that the setting does not take': [
        ({ worker }) => (worker.environment.WORKER_CONCURRENCY = 'many'),
        /worker: WORKER_CONCURRENCY is "many"/,
      ],
      'a variable that is missing': [
        ({ worker }) => delete worker.environment.CONTINUO_BROKER_URL,
        /worker: CONTINUO_BROKER_URL is missing/,
      ],
      'an address that is for others': [
        ({ gateway }) => (gateway.environment.CONTINUO_INDEX_URL = 'http://opensearch:9200'),
        /CONTINUO_INDEX_URL is not for gateway[\s\S]*shares no network/,
      ],
      'an address of nobody': [
        ({ gateway }) => (gateway.environment.CONTINUO_RECALL_URL = 'dns:///recal:50051'),
        /names recal, which does not exist/,
      ],
      'an address with the wrong port': [
        ({ gateway }) => (gateway.environment.CONTINUO_RECALL_URL = 'dns:///recall:50052'),
        /names recall:50052, but that listens on 50051/,
      ],
      'a health check of another port': [
        ({ recall }) => (recall.environment.CONTINUO_OPERATIONS_PORT = '9465'),
        /asks 9464\/readyz, expected 9465\/readyz/,
      ],
      'a health check of another path': [
        ({ recall }) => (recall.healthcheck.test[3] = recall.healthcheck.test[3].replace('readyz', 'healthz')),
        /asks 9464\/healthz/,
      ],
      'too little time to stop': [({ generation }) => (generation.stop_grace_period = '10s'), /generation: stop_grace_period is 10s/],
      'a build of something that has no folder': [({ worker }) => (worker.build.args.APP = 'works'), /works/],
    }),
  )('notice %s', (_, [breakIt, words]) => {
    const compose = parseDocuments(whole)[0];
    expect(problemsIn(compose)).toEqual([]);
    const separate = structuredClone(compose);
    // Anchors make several services share one object.
    separate.services = Object.fromEntries(
      Object.entries(separate.services).map(([name, service]) => [name, JSON.parse(JSON.stringify(service))]),
    );
    breakIt(separate.services);
    const problems = problemsIn(separate);
    const built = Object.values(separate.services).flatMap(({ build }) => build?.args.APP ?? []);
    expect([...problems, ...appProblems([{ name: 'worker', starts: ['dist/main.js'] }], built)].join('\n')).toMatch(words);
  });

  it.each([
    ['a password with a default', 'x: ${REDIS_PASSWORD:-redis}', { REDIS_PASSWORD: '' }, /REDIS_PASSWORD has a default/],
    ['a secret that is required without a word', 'x: ${CONTINUO_SERVICE_TOKEN:?}', { CONTINUO_SERVICE_TOKEN: '' }, /without a word/],
    ['a variable the example does not name', 'x: ${PORT:-1}', {}, /does not name PORT/],
    ['an example of nothing', '', { PORT: '1' }, /names PORT, which nothing asks for/],
    ['an example of a secret', 'x: ${CONTINUO_API_KEY:?a key}', { CONTINUO_API_KEY: 'abc' }, /gives CONTINUO_API_KEY a value/],
  ])('notice %s', (_, broken, example, words) => {
    expect(secretProblems(broken, example).join('\n')).toMatch(words);
  });

  it('know the commands that containers are given', () => {
    expect(commands()).toEqual(expect.arrayContaining(['doctor']));
    expect(commands()).not.toContain('migrat');
  });
});

describe('the rules for the Dockerfile', () => {
  const dockerfile = read('Dockerfile');
  const replaced = (from, to) => {
    expect(dockerfile).toContain(from);
    return dockerfile.replace(from, to);
  };

  it.each([
    ['no user', () => replaced('USER 1000:1000\n', ''), /USER is not a number/],
    ['a user by name, which Kubernetes cannot judge', () => replaced('USER 1000:1000', 'USER node'), /USER is not a number/],
    ['root in the end', () => `${dockerfile}USER 0\n`, /USER is not a number/],
    ['ADD from an address', () => `${dockerfile}ADD https://example.org/a.tar /a\n`, /ADD, which may fetch/],
    ['a download', () => replaced('RUN mkdir -p', 'RUN curl -O example.org/a && mkdir -p'), /fetches something/],
    ['dev dependencies', () => replaced('npm ci --omit=dev', 'npm ci'), /takes dev dependencies from production-dependencies/],
    ['the whole build', () => replaced('COPY --from=build /built ./', 'COPY --from=build /src ./'), /takes dev dependencies from build/],
    ['sources in the last stage', () => replaced('COPY --from=build /built ./', 'COPY . .'), /copies from the sources/],
    ['a stage that does not exist', () => replaced('COPY --from=build', 'COPY --from=built'), /--from=built, which is no earlier stage/],
    ['an install in the last stage', () => replaced('USER 1000', 'RUN npm install\nUSER 1000'), /installs something/],
    ['another process', () => replaced('["node", "dist/main.js"]', '["npm", "start"]'), /does not start node/],
    ['a shell as process 1', () => replaced('["node", "dist/main.js"]', 'node dist/main.js'), /does not start node/],
    ['an image of the latest version', () => replaced('node:24.21.0-bookworm-slim', 'node:latest'), /no default with a version/],
    ['a stage of another image', () => replaced('FROM ${NODE_IMAGE} AS run', 'FROM debian:12 AS run'), /begins with debian:12/],
    ['a secret that stays in the image', () => replaced('ARG APP', 'ARG NPM_TOKEN'), /would keep a secret/],
    ['a variable that is no setting', () => replaced('CONTINUO_DATA_DIR', 'CONTINUO_DATA_FOLDER'), /ENV CONTINUO_DATA_FOLDER/],
    ['an instruction that is none', () => `${dockerfile}ENTRYPOINTS ["node"]\n`, /ENTRYPOINTS is not an instruction/],
  ])('notice %s', (_, broken, words) => {
    expect(dockerfileProblems(broken(), isSetting).join('\n')).toMatch(words);
  });

  it('notice secrets in what the build sees', () => {
    expect(ignoreProblems(read('.dockerignore').replace(/^\.env$/m, ''))).toEqual(['.dockerignore does not leave out .env']);
  });

  it('notice an app without a beginning', () => {
    expect(appProblems([{ name: 'worker', starts: [] }], [])).toHaveLength(1);
  });
});
