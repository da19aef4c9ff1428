import type { EmbeddingRole } from '@continuo/ports';
import { E5_PREFIXES } from '../local-model-facts.ts';

export type RolePrefixes = Readonly<Record<EmbeddingRole, string>>;

const NO_PREFIXES: RolePrefixes = { query: '', passage: '' };

/** What families of models were trained to see before a text, as their model cards say. The first match counts. */
const FAMILIES: readonly { readonly name: RegExp; readonly prefixes: RolePrefixes }[] = [
  {
    name: /e5-.*instruct|qwen3-embedding/iu,
    prefixes: { query: 'Instruct: Given a question, retrieve passages that help to answer it\nQuery: ', passage: '' },
  },
  { name: /(?:^|[^a-z0-9])e5(?:$|[^a-z0-9])/iu, prefixes: E5_PREFIXES },
  { name: /nomic-embed/iu, prefixes: { query: 'search_query: ', passage: 'search_document: ' } },
  {
    name: /mxbai-embed|bge-(?:small|base|large)-en/iu,
    prefixes: { query: 'Represent this sentence for searching relevant passages: ', passage: '' },
  },
];

/** The prefixes a model expects, judged by its name; none for names we do not know. */
export function rolePrefixesOf(modelName: string): RolePrefixes {
  return FAMILIES.find((family) => family.name.test(modelName))?.prefixes ?? NO_PREFIXES;
}
