import { createEndpointEmbeddingModel, getWeights, localEmbedderOptions } from '@continuo/embeddings';
import { openModels } from '@continuo/openai';
import { O200kTokenCounter } from '@continuo/tokens';
import { type Configuration, ConfigurationError, loadConfiguration, Metrics } from '@continuo/platform';
import { brokerFinding } from './doctor-broker.ts';
import { indexFinding } from './doctor-index.ts';
import { folderFinding, recordsFinding } from './doctor-records.ts';
import { serviceFindings } from './doctor-services.ts';
import { embedderArrival } from './embedder-arrival.ts';
import { degraded, fine, type Finding, said, wrong } from './findings.ts';
import type { Printed } from './output.ts';

const SERVER_TIMEOUT_MS = 2_000;
const MODEL_TIMEOUT_MS = 30_000;

/** Tries every part for real. Degraded parts do not make it fail, wrong ones do. */
export async function doctor(): Promise<Printed> {
  const findings = await examine();
  const marks = { ok: 'ok      ', degraded: 'degraded', wrong: 'WRONG   ' };
  const lines = findings.flatMap(({ part, state, words, remedy }) => [
    `${marks[state]} ${part}: ${words}`,
    ...(remedy === '' ? [] : [`         → ${remedy}`]),
  ]);
  return { value: findings, lines, failed: findings.some(({ state }) => state === 'wrong') };
}

async function examine(): Promise<readonly Finding[]> {
  const part = 'configuration';
  let configuration: Configuration;
  try {
    configuration = loadConfiguration();
  } catch (error) {
    // Nothing else can be tried then.
    if (error instanceof ConfigurationError) return [wrong(part, error.message, 'correct it; docs/configuration.md has every setting')];
    throw error;
  }
  return [
    fine(part, 'read without a mistake'),
    ...(await storeFindings(configuration)),
    ...(isCluster(configuration) ? await serviceFindings(configuration) : []),
    await server(configuration),
    await model(configuration),
    await embedder(configuration),
  ];
}

async function storeFindings(configuration: Configuration): Promise<readonly Finding[]> {
  const { records, index, broker } = configuration.stores;
  return [
    ...(records.engine === 'sqlite' || index === null ? [await folderFinding(configuration)] : []),
    await recordsFinding(configuration),
    await indexFinding(configuration),
    ...(broker === null ? [] : [await brokerFinding(configuration)]),
  ];
}

/** Only a cluster has services besides the one that answers HTTP. */
const isCluster = ({ stores }: Configuration): boolean => stores.records.engine === 'postgres';

async function server(configuration: Configuration): Promise<Finding> {
  const { host, port } = configuration;
  const part = 'server';
  let response: Response;
  try {
    response = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`, {
      signal: AbortSignal.timeout(SERVER_TIMEOUT_MS),
    });
  } catch {
    return degraded(
      part,
      `nothing answers on port ${port}`,
      isCluster(configuration) ? 'start the gateway, or set PORT to where it answers' : 'npm start',
    );
  }
  const { status } = (await response.json().catch(() => ({}))) as { readonly status?: unknown };
  if (typeof status !== 'string')
    return wrong(part, `another program answers on port ${port}`, 'stop that, or choose another port with PORT');
  if (!response.ok) return wrong(part, `answers on port ${port}: ${status}`, `http://${host}:${port}/readyz says which part of it is down`);
  return fine(part, `answers on port ${port}: ${status}`);
}

/** The scope of a question that is about no one. */
const NOBODY = { projectId: 'default', subject: 'user:doctor' } as const;

async function model(configuration: Configuration): Promise<Finding> {
  const part = 'chat model';
  const { chat } = await openModels(configuration, new O200kTokenCounter(), new Metrics({ processDetails: false }));
  const { available, reason } = chat.describe();
  if (!available) return degraded(part, reason);
  try {
    const messages = [{ role: 'user' as const, content: 'Say ok.' }];
    const request = { scope: NOBODY, modelName: null, messages, temperature: 0, topP: 1, maxTokens: 16 };
    for await (const event of chat.stream(request, { deadlineAt: Date.now() + MODEL_TIMEOUT_MS })) if (event.type === 'end') break;
    return fine(part, `${reason} It answers.`);
  } catch (error) {
    return wrong(part, `${reason} ${said(error)}`, 'check its base URL, name and key, and that it runs');
  }
}

async function embedder(configuration: Configuration): Promise<Finding> {
  const part = 'embedder';
  const { endpoint } = configuration.embedding;
  if (endpoint !== null) return embedderAt(endpoint, part);
  const outcome = await getWeights(localEmbedderOptions(configuration), () => undefined);
  if (outcome.status === 'found') return fine(part, 'the weights are here');
  const remedy =
    outcome.status === 'none'
      ? 'allow a source in CONTINUO_EMBEDDING_SOURCES to recall by meaning, too'
      : 'see each source above; words alone work meanwhile';
  return degraded(part, `words alone: ${outcome.reason}`, remedy);
}

/** An endpoint somebody configured is meant to work. */
async function embedderAt(endpoint: NonNullable<Configuration['embedding']['endpoint']>, part: string): Promise<Finding> {
  const embedding = createEndpointEmbeddingModel(endpoint);
  try {
    const { dimension } = await embedderArrival(embedding, MODEL_TIMEOUT_MS);
    return fine(part, `${endpoint.model} at its endpoint answers with ${dimension} numbers a text`);
  } catch (error) {
    return wrong(
      part,
      said(error),
      'check CONTINUO_EMBEDDING_BASE_URL, CONTINUO_EMBEDDING_MODEL and CONTINUO_EMBEDDING_API_KEY, and that it runs; words alone work meanwhile',
    );
  } finally {
    await embedding.close();
  }
}
