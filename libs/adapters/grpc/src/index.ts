export type { RpcClientTls } from './channel-options.ts';
export { type GenerationClient, openGenerationClient, openRecallClient, type RecallClient, type RpcClientOptions } from './open-clients.ts';
