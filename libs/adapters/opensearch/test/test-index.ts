import { randomBytes } from 'node:crypto';
import { openOpenSearchIndex, type OpenedOpenSearchIndex, type OpenSearchIndexOptions } from '../src/open-opensearch-index.ts';

export interface TestIndex extends OpenedOpenSearchIndex {
  readonly name: string;
  /** Closes it and removes what it made. */
  remove(): Promise<void>;
}

/** The real store. */
export function storeUrl(): string {
  const url = process.env.CONTINUO_INDEX_URL;
  if (url === undefined)
    throw new Error('This spec needs a real OpenSearch: run `npm run stack` and export what `npm run stack -- status` prints.');
  return url;
}

/** An index of a name that nobody else has. */
export function openTestIndex(options: Partial<OpenSearchIndexOptions> = {}): TestIndex {
  const name = options.name ?? `test-${randomBytes(6).toString('hex')}`;
  const opened = openOpenSearchIndex({ url: storeUrl(), name, shards: 2, replicas: 0, restsBetweenWrites: false, ...options });
  return {
    ...opened,
    name,
    remove: async () => {
      await opened.close();
      await ask('DELETE', `/${name}-memories-*`);
    },
  };
}

/** Straight to the store. */
export async function ask<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer> {
  const { origin, username, password } = new URL(storeUrl());
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(username === '' ? {} : { authorization: `Basic ${credentials}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}
