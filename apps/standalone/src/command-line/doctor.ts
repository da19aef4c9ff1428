import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { getWeights } from '@continuo/embeddings';
import { O200kTokenCounter } from '@continuo/openai';
import { type Configuration, loadConfiguration, Metrics } from '@continuo/platform';
import { openSqliteRecords } from '@continuo/records';
import { localEmbedderOptions } from '../embedder.ts';
import { recordsFile } from '../infrastructure.ts';
import { openModels } from '../models.ts';
import type { Printed } from './output.ts';

interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'degraded' | 'wrong';
  readonly words: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly remedy: string;
}

const LITTLE_SPACE_BYTES = 500 * 1_048_576;
const MODEL_TIMEOUT_MS = 30_000;

/** Tries every part for real. Degraded parts do not make it fail, wrong ones do. */
export async function doctor(): Promise<Printed> {
  const configuration = loadConfiguration();
  const findings = [
    { part: 'configuration', state: 'ok', words: 'read without a mistake', remedy: '' } as const,
    await folder(configuration),
    await records(configuration),
    await server(configuration),
    await model(configuration),
    await embedder(configuration),
  ];
  const marks = { ok: 'ok      ', degraded: 'degraded', wrong: 'WRONG   ' };
  const lines = findings.flatMap(({ part, state, words, remedy }) => [`${marks[state]} ${part}: ${words}`, ...(remedy === '' ? [] : [`         → ${remedy}`])]);
  return { value: findings, lines, failed: findings.some(({ state }) => state === 'wrong') };
}

async function folder({ dataDirectory }: Configuration): Promise<Finding> {
  const part = 'data folder';
  if (!existsSync(dataDirectory)) return { part, state: 'degraded', words: `${dataDirectory} is not there yet`, remedy: 'npm start makes it' };
  try {
    await access(dataDirectory, constants.R_OK | constants.W_OK);
  } catch {
    return { part, state: 'wrong', words: `${dataDirectory} cannot be written`, remedy: 'give this user the right to write there, or name another folder in CONTINUO_DATA_DIR' };
  }
  const { bavail, bsize } = await statfs(dataDirectory);
  const free = bavail * bsize;
  if (free < LITTLE_SPACE_BYTES) return { part, state: 'wrong', words: `${Math.floor(free / 1_048_576)} MB are left on its disk`, remedy: 'make room' };
  return { part, state: 'ok', words: dataDirectory, remedy: '' };
}

async function records({ dataDirectory }: Configuration): Promise<Finding> {
  const part = 'records';
  const file = recordsFile(dataDirectory);
  if (!existsSync(file)) return { part, state: 'degraded', words: 'nothing was stored yet', remedy: 'npm start' };
  try {
    const opened = await openSqliteRecords({ file });
    try {
      await opened.ping();
      const { messages, oldestAgeMs } = await opened.inbox.depth(Date.now());
      const waiting = `${messages} messages wait to be mined${messages === 0 ? '' : `, the oldest for ${Math.round(oldestAgeMs / 1_000)} s`}`;
      return { part, state: 'ok', words: waiting, remedy: '' };
    } finally {
      await opened.close();
    }
  } catch (error) {
    return { part, state: 'wrong', words: said(error), remedy: `move ${file} away and restore it from a copy` };
  }
}

async function server({ host, port }: Configuration): Promise<Finding> {
  const part = 'server';
  try {
    const response = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    const { status } = (await response.json()) as { status?: string };
    return { part, state: response.ok ? 'ok' : 'wrong', words: `answers on port ${port}: ${status ?? response.status}`, remedy: '' };
  } catch {
    return { part, state: 'degraded', words: `nothing answers on port ${port}`, remedy: 'npm start' };
  }
}

async function model(configuration: Configuration): Promise<Finding> {
  const part = 'chat model';
  const { chat } = await openModels(configuration, new O200kTokenCounter(), new Metrics({ processDetails: false }));
  const { available, reason } = chat.describe();
  if (!available) return { part, state: 'degraded', words: reason, remedy: '' };
  try {
    const request = { modelName: null, messages: [{ role: 'user' as const, content: 'Say ok.' }], temperature: 0, topP: 1, maxTokens: 16 };
    for await (const event of chat.stream(request, { deadlineAt: Date.now() + MODEL_TIMEOUT_MS })) if (event.type === 'end') break;
    return { part, state: 'ok', words: `${reason} It answers.`, remedy: '' };
  } catch (error) {
    return { part, state: 'wrong', words: `${reason} ${said(error)}`, remedy: 'check its base URL, name and key, and that it runs' };
  }
}

async function embedder(configuration: Configuration): Promise<Finding> {
  const part = 'embedder';
  const { endpoint } = configuration.embedding;
  if (endpoint !== null) return { part, state: 'ok', words: `${endpoint.model} at its endpoint`, remedy: '' };
  const outcome = await getWeights(localEmbedderOptions(configuration), () => undefined);
  if (outcome.status === 'found') return { part, state: 'ok', words: 'the weights are here', remedy: '' };
  const remedy = outcome.status === 'none' ? 'allow a source in CONTINUO_EMBEDDING_SOURCES to recall by meaning, too' : 'see each source above; words alone work meanwhile';
  return { part, state: 'degraded', words: `words alone: ${outcome.reason}`, remedy };
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
