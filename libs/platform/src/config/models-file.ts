import { z } from 'zod';

/** One model a provider serves, as it is configured. */
export interface ConfiguredModel {
  readonly publicName: string;
  readonly baseUrl: string;
  readonly upstreamName: string;
  readonly apiKey: string | null;
  readonly dialect: {
    readonly structured: 'auto' | 'json_schema' | 'json_object' | 'plain';
    readonly thinkingOff: 'none' | 'vllm' | 'enable_thinking' | 'reasoning_effort' | 'thinking_disabled' | 'thinking_budget';
    readonly reasoning: 'auto' | 'field' | 'inline_open';
  };
  readonly contextTokens: number;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Null: no limit. */
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
}

interface Role {
  readonly model: string;
  readonly fallback: string | null;
}

/** The models file, checked: every name exists, every key is resolved. */
export interface ConfiguredModels {
  readonly models: readonly ConfiguredModel[];
  readonly roles: { readonly answer: Role; readonly extract: Role | null; readonly reconcile: Role | null };
  readonly reason: string;
}

const Model = z.strictObject({
  name: z.string().min(1).describe('What callers write in `model_name`; case does not matter.'),
  base_url: z.url({ protocol: /^https?$/u }).describe('OpenAI-compatible, up to and including the version.'),
  upstream: z.string().min(1).optional().describe('What the provider calls it. Default: `name`.'),
  api_key_env: z.string().min(1).optional().describe('The environment variable that holds the key. Default: no key.'),
  structured: z.enum(['auto', 'json_schema', 'json_object', 'plain']).default('auto').describe('How JSON is asked for; `auto` finds out.'),
  thinking_off: z
    .enum(['none', 'vllm', 'enable_thinking', 'reasoning_effort', 'thinking_disabled', 'thinking_budget'])
    .default('none')
    .describe('What switches thinking off for extraction.'),
  reasoning: z.enum(['auto', 'field', 'inline_open']).default('auto').describe('Where reasoning arrives.'),
  context_tokens: z.int().min(1_024).default(32_768).describe('Prompt and answer together.'),
  timeout_ms: z.int().min(100).default(60_000).describe('Until the first piece of an answer.'),
  idle_timeout_ms: z.int().min(100).default(30_000).describe('Between two pieces.'),
  requests_per_minute: z
    .int()
    .min(1)
    .optional()
    .describe('What the provider allows; all processes together ask no more often. Default: no limit.'),
  tokens_per_minute: z
    .int()
    .min(1)
    .optional()
    .describe('Likewise of tokens: those of a prompt before it is sent, those of its answer afterwards. Default: no limit.'),
});

const RoleAssignment = z.strictObject({
  model: z.string().describe('A `name` from above.'),
  fallback: z.string().nullish().describe('Asked when that one is down, slow to begin or limiting.'),
});

/** The file that `CONTINUO_MODELS_FILE` names. */
export const ModelsFile = z.strictObject({
  models: z.array(Model).min(1).describe('The first one answers unless `roles` says otherwise.'),
  roles: z
    .strictObject({
      answer: RoleAssignment.optional().describe('Answers chats that name no model. Default: the first model.'),
      extract: RoleAssignment.nullish().describe('Extracts memories. Default: as `answer`; `null`: rules do it.'),
      reconcile: RoleAssignment.nullish().describe('Judges what rules leave open. Default: as `extract`; `null`: nobody.'),
    })
    .prefault({}),
});

/**
 * Reads the text of a models file.
 *
 * @param environment holds the keys that `api_key_env` names.
 * @returns the models, or every mistake in words.
 */
export function readModelsFile(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfiguredModels | readonly string[] {
  const mistake = (words: string): string => `CONTINUO_MODELS_FILE (${file}): ${words}`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [mistake('this is not JSON')];
  }
  const parsed = ModelsFile.safeParse(json);
  if (!parsed.success) return parsed.error.issues.map((issue) => mistake(`${issue.path.join('.') || 'the file'}: ${issue.message}`));
  const { models, roles } = parsed.data;
  const first = models[0];
  if (first === undefined) return [mistake('models is empty')];
  const answer = roleOf(roles.answer ?? { model: first.name });
  const extract = roles.extract === undefined ? answer : roles.extract === null ? null : roleOf(roles.extract);
  const reconcile = roles.reconcile === undefined ? extract : roles.reconcile === null ? null : roleOf(roles.reconcile);
  const mistakes = [...nameMistakes(models, { answer, extract, reconcile }), ...keyMistakes(models, environment)].map(mistake);
  if (mistakes.length > 0) return mistakes;
  return {
    models: models.map((model) => configured(model, environment)),
    roles: { answer, extract, reconcile },
    reason: `${answer.model} and what else stands in ${file}.`,
  };
}

const roleOf = (role: { readonly model: string; readonly fallback?: string | null | undefined }): Role => ({
  model: role.model,
  fallback: role.fallback ?? null,
});

function nameMistakes(models: readonly z.infer<typeof Model>[], roles: ConfiguredModels['roles']): readonly string[] {
  const names = models.map((model) => model.name.toLowerCase());
  const twice = names
    .filter((name, position) => names.indexOf(name) !== position)
    .map((name) => `the name "${name}" stands twice in models`);
  // A role that is as another one has that one's mistakes; they are said once.
  const told = new Set<Role | null>();
  const unknown = Object.entries(roles).flatMap(([role, assignment]) => {
    if (told.has(assignment)) return [];
    told.add(assignment);
    return [assignment?.model, assignment?.fallback ?? undefined]
      .filter((name) => name !== undefined && !names.includes(name.toLowerCase()))
      .map((name) => `roles.${role} names "${name}", which is not in models`);
  });
  return [...twice, ...unknown];
}

function keyMistakes(
  models: readonly z.infer<typeof Model>[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return models.flatMap((model) =>
    model.api_key_env !== undefined && (environment[model.api_key_env] ?? '') === ''
      ? [`models "${model.name}": the environment variable ${model.api_key_env} is not set, expected the key`]
      : [],
  );
}

function configured(model: z.infer<typeof Model>, environment: Readonly<Record<string, string | undefined>>): ConfiguredModel {
  return {
    publicName: model.name,
    baseUrl: model.base_url.replace(/\/+$/u, ''),
    upstreamName: model.upstream ?? model.name,
    apiKey: model.api_key_env === undefined ? null : (environment[model.api_key_env] ?? null),
    dialect: { structured: model.structured, thinkingOff: model.thinking_off, reasoning: model.reasoning },
    contextTokens: model.context_tokens,
    timeoutMs: model.timeout_ms,
    idleTimeoutMs: model.idle_timeout_ms,
    requestsPerMinute: model.requests_per_minute ?? null,
    tokensPerMinute: model.tokens_per_minute ?? null,
  };
}
