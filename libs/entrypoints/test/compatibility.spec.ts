import { readFileSync } from 'node:fs';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post?: { readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> } } }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const read = (path: string): string => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
const document = JSON.parse(read('openapi.json')) as Document;
const page = read('compatibility.md');
/** What holds for every endpoint. */
const EVERYWHERE = page.split(/^## /mu)[0] ?? '';
const PREFIX = '/api/openmem/v1';

const resolved = ({ $ref, ...schema }: Schema): Schema =>
  $ref === undefined ? schema : (document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});

/** What the page says under the heading, or in the lines, that name a path. */
function sectionOf(path: string): string {
  const heading = page.split(/^## /mu).find((section) => new RegExp(`${path}(?![\\w/-])`, 'u').test(section.split('\n')[0] ?? ''));
  if (heading !== undefined) return heading;
  return page
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes(path))
    .join('\n');
}

const operations = Object.entries(document.paths).flatMap(([address, { post }]) => {
  const schema = post?.requestBody?.content['application/json']?.schema;
  return schema === undefined ? [] : [[address.slice(PREFIX.length), resolved(schema)] as const];
});

describe('the page about compatibility', () => {
  it('knows of every endpoint', () => expect(operations.length).toBeGreaterThan(20));

  it.each(operations)('names every field of %s', (path, schema) => {
    const section = `${EVERYWHERE}${sectionOf(path)}`;
    const missing = Object.keys(schema.properties ?? {}).filter(
      (field) => !section.includes(`\`${field}\``) && !section.includes(`\`${field}[]`),
    );
    expect(missing).toEqual([]);
  });
});
