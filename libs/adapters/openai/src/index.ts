export {
  discoverLocalModel,
  WELL_KNOWN_SERVERS,
  type DiscoveredModel,
  type DiscoveryOptions,
  type WellKnownServer,
} from './discover-local-model.ts';
export {
  DEFAULT_CONTEXT_TOKENS,
  DEFAULT_DIALECT,
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_TIMEOUT_MS,
  findModel,
  PUBLIC_MODEL_NAMES,
  registryOfOne,
  thinkingOffFor,
  type ModelDialect,
  type ModelRegistry,
  type ModelRole,
  type OneModel,
  type ReasoningDialect,
  type RegisteredModel,
  type RoleAssignment,
  type StructuredDialect,
  type ThinkingOffDialect,
} from './model-registry.ts';
export { NoChatModel, NoStructuredModel } from './no-models.ts';
export { openModels, registryOf, type Models } from './open-models.ts';
export { OpenAiChatModel } from './openai-chat-model.ts';
export { OpenAiStructuredModel } from './openai-structured-model.ts';
export { ProviderConnections, type ModelCall, type ProviderConnectionsOptions } from './provider-connections.ts';
export { ProcessLimits } from './process-limits.ts';
