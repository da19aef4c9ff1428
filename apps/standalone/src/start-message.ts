import type { ServerKey } from './api-key.ts';

export interface StartFacts {
  readonly baseUrl: string;
  readonly docsUrl: string;
  readonly dataFolder: string;
  readonly key: ServerKey;
  /** One sentence: which chat model answers, and why that one. */
  readonly model: string;
  /** One sentence: which embedder, and how far it is. */
  readonly embedder: string;
}

/** What a newcomer needs, and no more. */
export function startMessage(facts: StartFacts): string {
  const chat = (query: string): string =>
    `  curl -s ${facts.baseUrl}/chat -H "Authorization: Token ${facts.key.shell}" -H 'Content-Type: application/json' \\\n` +
    `    -d '{"user_id":"ana","query":"${query}"}'; echo`;
  const key =
    facts.key.firstSeen === null
      ? facts.key.whereabouts
      : `${facts.key.firstSeen}\n             shown this once, kept ${facts.key.whereabouts}`;
  return `
  Continuo is listening.

  Base URL   ${facts.baseUrl}
  API key    ${key}
  Data       ${facts.dataFolder}
  Chat model ${facts.model}
  Embedder   ${facts.embedder}
  API pages  ${facts.docsUrl}

  Try it: tell it something, then ask.

${chat('My name is Ana, I live in Lyon and I never eat seafood.')}
${chat('What could I have for dinner?')}

  Ctrl-C stops it.
`;
}
