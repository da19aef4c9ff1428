import type { Configuration, Metrics } from '@continuo/platform';
import type { ChatModel, StructuredModel, TokenCounter } from '@continuo/ports';
import { discoverLocalModel } from './discover-local-model.ts';
import { type ModelRegistry, registryOfOne } from './model-registry.ts';
import { NoChatModel, NoStructuredModel } from './no-models.ts';
import { OpenAiChatModel } from './openai-chat-model.ts';
import { OpenAiStructuredModel } from './openai-structured-model.ts';
import { ProviderConnections, type ProviderConnectionsOptions } from './provider-connections.ts';

/** The models of one process. */
export interface Models {
  readonly chat: ChatModel;
  readonly structured: StructuredModel;
}

type ModelsConfiguration = Pick<Configuration, 'models' | 'oneModel' | 'modelHint' | 'modelDiscovery'>;

const NO_MODEL = 'none, so answers only quote what is remembered (OPENAI_BASE_URL and CONTINUO_MODEL plug one in)';

/**
 * The models file, else the short way, else a server found on this machine, else none.
 *
 * @param options what the connections to providers need besides the counting.
 */
export async function openModels(
  configuration: ModelsConfiguration,
  tokens: TokenCounter,
  metrics: Pick<Metrics, 'modelCall'>,
  options: Omit<ProviderConnectionsOptions, 'onCall'> = {},
): Promise<Models> {
  const registry = await registryOf(configuration);
  if (registry === null) return { chat: new NoChatModel(configuration.modelHint ?? NO_MODEL), structured: new NoStructuredModel() };
  const connections = new ProviderConnections({
    ...options,
    onCall: (call) => metrics.modelCall(call.role, outcomeOf(call.outcome), call.durationMs, call.usage),
  });
  return { chat: new OpenAiChatModel(registry, connections, tokens), structured: new OpenAiStructuredModel(registry, connections, tokens) };
}

/** Which models stand behind which role; null: none. */
export async function registryOf(configuration: ModelsConfiguration): Promise<ModelRegistry | null> {
  if (configuration.models !== null) return configuration.models;
  if (configuration.oneModel !== null) return registryOfOne(configuration.oneModel);
  if (!configuration.modelDiscovery) return null;
  const found = await discoverLocalModel();
  if (found === null) return null;
  return registryOfOne({
    baseUrl: found.baseUrl,
    apiKey: null,
    model: found.model,
    thinkingOff: found.thinkingOff,
    reason: `${found.model} of ${found.name}, found on this machine (CONTINUO_MODEL_DISCOVERY=off ignores it)`,
  });
}

function outcomeOf(outcome: string): Parameters<Metrics['modelCall']>[1] {
  switch (outcome) {
    case 'ok':
      return 'ok';
    case 'aborted':
      return 'cancelled';
    case 'model_timeout':
      return 'timeout';
    case 'model_limited':
      return 'limited';
    case 'model_cut_off':
      return 'cut_off';
    default:
      return 'failed';
  }
}
