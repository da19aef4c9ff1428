import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { servicePrivileges } from '../../libs/adapters/records/dist/postgres/privileges.js';
import { rootFolder } from '../launcher/environment.mjs';
import { apps, commands, configurationOf, defaults, isSetting, operationsPaths } from './code-facts.mjs';
import {
  confinementProblems,
  dependencyProblems,
  interpolated,
  publishingProblems,
  schemaProblems,
  secretProblems,
  serviceProblems,
} from './compose-rules.mjs';
import { appProblems, dockerfileProblems, ignoreProblems } from './dockerfile-rules.mjs';
import { unbuilt } from './kustomize.mjs';
import { parseDocuments } from './yaml.mjs';

const read = (path) => readFileSync(join(rootFolder, path), 'utf8');
const text = read('docker-compose.yml');
const example = parseEnv(read('.env.example'));
const secrets = Object.fromEntries(
  Object.keys(example)
    .filter((name) => /PASSWORD|TOKEN|^CONTINUO_API_KEY/.test(name))
    .map((name) => [name, 'a0b1c2']),
);
const variables = { ...example, ...secrets };
const compose = parseDocuments(interpolated(text, variables))[0];

describe('docker-compose.yml', () => {
  it('keeps its schema and the rules of the linter', () => {
    expect(schemaProblems(interpolated(text, variables))).toEqual([]);
  });

  it('confines every service', () => {
    expect(confinementProblems(compose)).toEqual([]);
  });

  it('waits for services that exist, and names networks and volumes that do', () => {
    expect(dependencyProblems(compose)).toEqual([]);
  });

  it('publishes the gateway and nothing else', () => {
    expect(publishingProblems(compose)).toEqual([]);
  });

  it('gives the services variables that they understand, and ports and probes that they have', () => {
    expect(serviceProblems(compose, operationsPaths(), defaults.http.drainMs)).toEqual([]);
  });

  it('asks for every secret, and .env.example names all that it asks for', () => {
    expect(secretProblems(text, example)).toEqual([]);
  });

  it('lets nobody but recall and the administrator share a network with OpenSearch', () => {
    const beside = Object.entries(compose.services).filter(([, { networks }]) => networks.includes('index'));
    expect(beside.map(([name]) => name).toSorted()).toEqual(['administration', 'opensearch', 'recall']);
    expect(compose.networks.index).toEqual({ internal: true });
  });

  it('mounts files that exist', () => {
    const files = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]),
    );
    expect(files.filter((file) => !existsSync(join(rootFolder, file)))).toEqual([]);
  });
});

describe('the role of the services in Postgres', () => {
  const script = read('k8s/overlays/dev/create-service-role.sql');
  const statements = servicePrivileges({ database: 'continuo', migration: 'continuo_owner', service: 'continuo_service' });

  it('has the rights that the records ask for and no others', () => {
    const granted = script.split('\n').filter((line) => /^(?:grant|revoke|alter)/.test(line));
    expect(granted.map((line) => line.replace(/;$/, ''))).toEqual(statements);
  });

  it('is who the addresses of the services name', () => {
    const users = Object.values(compose.services).flatMap(({ environment = {} }) => environment.CONTINUO_RECORDS_URL ?? []);
    expect(new Set(users.map((url) => new URL(url).username))).toEqual(new Set(['continuo_service']));
    expect(compose.services.postgres.environment).toMatchObject({ POSTGRES_USER: 'continuo_owner', POSTGRES_DB: 'continuo' });
  });
});

describe('.env.example', () => {
  it('is understood by the server as well, which reads the same file', () => {
    expect(configurationOf(example).mistakes).toEqual([]);
  });
});

describe('Dockerfile', () => {
  it('makes images that run as nobody special, hold no tools of development and fetch nothing unnamed', () => {
    expect(dockerfileProblems(read('Dockerfile'), isSetting)).toEqual([]);
  });

  it('builds every app, and the apps that compose and Kubernetes run', () => {
    const built = Object.values(compose.services).flatMap(({ build }) => build?.args.APP ?? []);
    expect(built).toHaveLength(6);
    expect(appProblems(apps(), built)).toEqual([]);
  });

  it('is given commands that the command line has', () => {
    const given = Object.values(compose.services).flatMap(({ entrypoint, command }) => (entrypoint ? command : []));
    const jobs = unbuilt('base').filter(({ kind }) => kind === 'Job');
    given.push(...jobs.flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ args }) => args)));
    expect(given.filter((word) => !word.startsWith('--') && !commands().includes(word))).toEqual([]);
  });

  it('does not see secrets, data or what other builds left', () => {
    expect(ignoreProblems(read('.dockerignore'))).toEqual([]);
  });
});
