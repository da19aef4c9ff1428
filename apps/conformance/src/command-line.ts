import { parseArgs } from 'node:util';
import type { RunOptions } from './engine/runner.ts';

export interface CommandLine extends RunOptions {
  readonly jsonFile: string | null;
  readonly junitFile: string | null;
}

export const USAGE = `Checks over HTTP whether a server keeps the openmem/v1 contract.

  npm run conformance -- --base-url http://127.0.0.1:8787/api/openmem/v1 --api-key <key> [options]

  --base-url URL        where the contract's paths begin, with the prefix
  --api-key KEY         a key of the project the rules may write to
  --other-api-key KEY   a key of another project; without it the rules about isolation are not run
  --only NAME[,NAME]    an endpoint (/search/memory) or the beginning of rule ids (search.relativity)
  --strict              expect the contract's strict forms
  --timeout-ms N        for one request (30000)
  --wait-ms N           for a task or a file to be done (60000)
  --concurrency N       rules at once, 1 to 16 (4)
  --json FILE           write the outcomes as JSON
  --junit FILE          write the outcomes as JUnit XML

Exit codes: 0 every rule that was run holds, 1 a breach, 2 the command line is wrong or the server cannot be reached.`;

/** The command line itself is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const STRING = { type: 'string' } as const;
const OPTIONS = {
  'base-url': STRING,
  'api-key': STRING,
  'other-api-key': STRING,
  only: STRING,
  strict: { type: 'boolean' },
  'timeout-ms': STRING,
  'wait-ms': STRING,
  concurrency: STRING,
  json: STRING,
  junit: STRING,
  help: { type: 'boolean' },
} as const;

/** Null when help was asked for. @throws {UsageError} */
export function readCommandLine(args: readonly string[]): CommandLine | null {
  const values = parsed(args);
  if (values.help === true) return null;
  return {
    baseUrl: url(values['base-url']),
    apiKey: required('--api-key', values['api-key']),
    otherApiKey: values['other-api-key'] ?? null,
    only: names(values.only),
    isStrict: values.strict === true,
    timeoutMs: whole('--timeout-ms', values['timeout-ms'], 30_000, 3_600_000),
    waitMs: whole('--wait-ms', values['wait-ms'], 60_000, 3_600_000),
    concurrency: whole('--concurrency', values.concurrency, 4, 16),
    jsonFile: values.json ?? null,
    junitFile: values.junit ?? null,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing`);
  return value;
}

const names = (value: string | undefined): readonly string[] | null =>
  value
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '') ?? null;

function url(value: string | undefined): string {
  const given = required('--base-url', value);
  if (!URL.canParse(given) || !/^https?:/u.test(given)) throw new UsageError(`--base-url is no http(s) URL: ${given}`);
  return given;
}

function whole(name: string, value: string | undefined, otherwise: number, max: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isInteger(number) || number < 1 || number > max) throw new UsageError(`${name} must be a whole number from 1 to ${max}`);
  return number;
}
