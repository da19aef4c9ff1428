import {
  discoverLocalModel,
  type ModelRegistry,
  NoChatModel,
  NoStructuredModel,
  OpenAiChatModel,
  OpenAiStructuredModel,
  ProviderConnections,
  registryOfOne,
} from '@continuo/openai';
import type { Configuration, Metrics } from '@continuo/platform';
import type { ChatModel, StructuredModel, TokenCounter } from '@continuo/ports';

export interface Models {
  readonly chat: ChatModel;
  readonly structured: StructuredModel;
}

const NO_MODEL = 'none, so answers only quote what is remembered (OPENAI_BASE_URL and CONTINUO_MODEL plug one in)';

/** The models file, else the short way, else a server found on this machine, else none. */
export async function openModels(configuration: Configuration, tokens: TokenCounter, metrics: Metrics): Promise<Models> {
  const registry = await registryOf(configuration);
  if (registry === null) return { chat: new NoChatModel(configuration.modelHint ?? NO_MODEL), structured: new NoStructuredModel() };
  const connections = new ProviderConnections({
    onCall: (call) => metrics.modelCall(call.role, outcomeOf(call.outcome), call.durationMs, call.usage),
  });
  return { chat: new OpenAiChatModel(registry, connections, tokens), structured: new OpenAiStructuredModel(registry, connections, tokens) };
}

async function registryOf(configuration: Configuration): Promise<ModelRegistry | null> {
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
