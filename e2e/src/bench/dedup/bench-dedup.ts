import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MODE, type Mode } from '../../deployment/deployment.ts';
import { System } from '../../system.ts';
import type { DedupReport } from './dedup-report.ts';
import type { DedupCase } from './case.ts';
import { generateCases } from './generate-cases.ts';
import type { Outcome } from './outcome.ts';
import { type Holders, tryCase } from './try-case.ts';

export interface DedupPlan {
  readonly seed: number;
  readonly cases: number;
  readonly mode?: Mode;
  /** A chat model that extracts and reconciles; null: rules do it. */
  readonly model: { readonly baseUrl: string; readonly name: string; readonly key: string | null } | null;
  readonly embedder: { readonly words: string; readonly environment: Readonly<Record<string, string>> };
  /** Cases tried at a time. */
  readonly together: number;
  readonly say: (line: string) => void;
}

export const WORDS_ALONE: DedupPlan['embedder'] = { words: 'none: words alone', environment: {} };

/** Tries every case on one server, each with users of its own. */
export async function runDedup(plan: DedupPlan): Promise<DedupReport> {
  const began = performance.now();
  const cases = generateCases(plan.seed, plan.cases);
  const environment = { ...plan.embedder.environment, ...modelSettings(plan.model) };
  const system = await System.start({ environment, ...(plan.mode === undefined ? {} : { mode: plan.mode }) });
  try {
    const outcomes = await tryAll(system, cases, plan);
    return {
      configuration: {
        commit: await commit(),
        date: new Date().toISOString().slice(0, 10),
        mode: plan.mode ?? MODE,
        seed: plan.seed,
        cases: cases.length,
        embedder: plan.embedder.words,
        extraction: plan.model === null ? 'rules' : `model ${plan.model.name}`,
        seconds: Math.round((performance.now() - began) / 1_000),
      },
      outcomes,
    };
  } finally {
    await system.close();
  }
}

async function tryAll(system: System, cases: readonly DedupCase[], { together, seed, say }: DedupPlan): Promise<readonly Outcome[]> {
  const holders: Holders = new Map();
  const left = [...cases];
  const outcomes: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) {
      outcomes.push(await tryCase(system, each, `dedup-${seed}`, holders));
      if (outcomes.length % 200 === 0) say(`${outcomes.length} of ${cases.length} cases`);
    }
  };
  await Promise.all(Array.from({ length: together }, lane));
  return outcomes.toSorted((one, other) => one.case.number - other.case.number);
}

function modelSettings(model: DedupPlan['model']): Readonly<Record<string, string>> {
  if (model === null) return {};
  return {
    OPENAI_BASE_URL: model.baseUrl,
    CONTINUO_MODEL: model.name,
    ...(model.key === null ? {} : { OPENAI_API_KEY: model.key }),
  };
}

/** What is checked out, with a mark when the tree differs from it. */
async function commit(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['describe', '--always', '--dirty']);
    return stdout.trim();
  } catch {
    return 'unknown';
  }
}
