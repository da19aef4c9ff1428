import { thinkingOffFor, type ThinkingOffDialect } from './model-registry.ts';

export interface WellKnownServer {
  readonly name: string;
  readonly port: number;
}

/** Default ports of servers that speak the OpenAI protocol, from their own documentation; earlier ones win. */
export const WELL_KNOWN_SERVERS: readonly WellKnownServer[] = [
  { name: 'Ollama', port: 11_434 },
  { name: 'LM Studio', port: 1_234 },
  { name: 'vLLM', port: 8_000 },
  { name: 'llama.cpp', port: 8_080 },
  { name: 'Jan', port: 1_337 },
];

export interface DiscoveredModel {
  readonly baseUrl: string;
  readonly model: string;
  /** Of the server, by its port. */
  readonly name: string;
  readonly thinkingOff: ThinkingOffDialect;
}

export interface DiscoveryOptions {
  /** Default {@link WELL_KNOWN_SERVERS}. */
  readonly servers?: readonly WellKnownServer[];
  /** Per server, all asked at once. Default 300. */
  readonly timeoutMs?: number;
}

/** Parts of names of models that do not chat. */
const NOT_A_CHAT_MODEL = /embed|rerank|\bbge\b|\be5\b|\bgte\b|minilm|whisper|\btts\b|\bclip\b|moderation|stable-diffusion|\bocr\b/iu;

/** Asks the well-known loopback ports for a chat model, the first server of the list that has one wins; null: none answers. */
export async function discoverLocalModel(options: DiscoveryOptions = {}): Promise<DiscoveredModel | null> {
  const servers = options.servers ?? WELL_KNOWN_SERVERS;
  const found = await Promise.all(servers.map((server) => chatModelOf(server, options.timeoutMs ?? 300)));
  return found.find((model) => model !== null) ?? null;
}

async function chatModelOf(server: WellKnownServer, timeoutMs: number): Promise<DiscoveredModel | null> {
  const baseUrl = `http://127.0.0.1:${server.port}/v1`;
  try {
    const response = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const model = response.ok ? modelIdsOf(await response.json()).find((id) => !NOT_A_CHAT_MODEL.test(id)) : undefined;
    return model === undefined ? null : { baseUrl, model, name: server.name, thinkingOff: thinkingOffFor(baseUrl) };
  } catch {
    // Nothing there, something else there, or too slow: in each case not a model server for us.
    return null;
  }
}

function modelIdsOf(body: unknown): string[] {
  const data = (body as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry: unknown) => {
    const id = (entry as { id?: unknown } | null)?.id;
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}
