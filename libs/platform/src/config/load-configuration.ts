import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { type Configuration, configurationOf } from './configuration.ts';
import { type ConfiguredModels, readModelsFile } from './models-file.ts';
import { nearestName } from './nearest-name.ts';
import { metaOf, SETTING_NAMES, type SettingName, Settings } from './settings.ts';

/** Everything that is wrong with the configuration, said at once. */
export class ConfigurationError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      mistakes.length === 1
        ? (mistakes[0] ?? '')
        : `The configuration has ${mistakes.length} mistakes:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`,
    );
    this.name = 'ConfigurationError';
    this.mistakes = mistakes;
  }
}

export interface ConfigurationSources {
  /** Default: the environment of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Where `.env` is looked for and relative paths begin. Default: the working directory. */
  readonly folder?: string;
}

/** Variables that belong to the tests and to the tools that start stores and clusters. */
const FOREIGN = /^CONTINUO_(?:E2E|STACK|CLUSTER)_/u;

/**
 * Reads environment, `.env` and models file.
 *
 * @throws ConfigurationError naming for each mistake the variable, its value (never a secret) and what was expected.
 */
export function loadConfiguration({ environment = process.env, folder = process.cwd() }: ConfigurationSources = {}): Configuration {
  const values: NodeJS.ProcessEnv = { ...dotEnv(resolve(folder, '.env')), ...environment };
  const given = Object.fromEntries(
    SETTING_NAMES.filter((name) => values[name] !== undefined && (values[name] !== '' || metaOf(name).emptyCounts === true)).map((name) => [
      name,
      values[name]?.trim(),
    ]),
  );
  const parsed = Settings.safeParse(given);
  const wrong = parsed.success
    ? []
    : [...new Set(parsed.error.issues.map((issue) => issue.path[0] as SettingName))].map((name) => wrongValue(name, values[name] ?? ''));
  const models = readModels(given['CONTINUO_MODELS_FILE'], folder, values);
  const mistakes = [
    ...wrong,
    ...unknownNames(values),
    ...missingPartners(given),
    ...(Array.isArray(models) ? (models as readonly string[]) : []),
  ];
  if (mistakes.length > 0 || !parsed.success) throw new ConfigurationError(mistakes);
  return configurationOf(parsed.data, models as ConfiguredModels | null, folder, values);
}

function dotEnv(file: string): Record<string, string> {
  try {
    return parse(readFileSync(file));
  } catch {
    return {};
  }
}

function wrongValue(name: SettingName, value: string): string {
  const { expected, secret } = metaOf(name);
  return `${name} is ${secret === true ? `${value.length} characters long` : `"${withoutPassword(value)}"`}; expected ${expected}.`;
}

const withoutPassword = (value: string): string => value.replace(/\/\/[^/@\s]*@/u, '//…@');

function unknownNames(values: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(values)
    .filter((name) => name.startsWith('CONTINUO_') && !FOREIGN.test(name) && !SETTING_NAMES.includes(name as SettingName))
    .map((name) => {
      const nearest = nearestName(name, SETTING_NAMES);
      return `${name} is no setting${nearest === null ? '' : `; did you mean ${nearest}?`}`;
    });
}

function missingPartners(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const has = (name: SettingName): boolean => given[name] !== undefined;
  const mistakes: string[] = [];
  if (has('CONTINUO_MODEL') && !has('OPENAI_BASE_URL') && !has('OPENAI_API_KEY') && !has('CONTINUO_MODELS_FILE')) {
    mistakes.push(
      `CONTINUO_MODEL is "${given['CONTINUO_MODEL']}", but neither OPENAI_BASE_URL nor OPENAI_API_KEY says where that model is; expected one of them.`,
    );
  }
  if (has('CONTINUO_EMBEDDING_BASE_URL') !== has('CONTINUO_EMBEDDING_MODEL')) {
    const [set, missing] = has('CONTINUO_EMBEDDING_MODEL')
      ? ['CONTINUO_EMBEDDING_MODEL', 'CONTINUO_EMBEDDING_BASE_URL']
      : ['CONTINUO_EMBEDDING_BASE_URL', 'CONTINUO_EMBEDDING_MODEL'];
    mistakes.push(`${set} is set without ${missing}; expected both or neither.`);
  }
  if (has('CONTINUO_SERVICE_TLS_CERTIFICATE') !== has('CONTINUO_SERVICE_TLS_KEY')) {
    mistakes.push('CONTINUO_SERVICE_TLS_CERTIFICATE and CONTINUO_SERVICE_TLS_KEY belong together; expected both or neither.');
  }
  return mistakes;
}

function readModels(file: string | undefined, folder: string, environment: NodeJS.ProcessEnv): ConfiguredModels | readonly string[] | null {
  if (file === undefined) return null;
  try {
    return readModelsFile(readFileSync(resolve(folder, file), 'utf8'), file, environment);
  } catch {
    return [`CONTINUO_MODELS_FILE is "${file}"; expected a file that can be read.`];
  }
}
