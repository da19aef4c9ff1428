import { readFileSync } from 'node:fs';
import { openApiOfEmptyServer } from '../src/http/documentation/empty-server.ts';
import { serve, type Served } from './http-server.ts';

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: {
    readonly content: Record<
      string,
      { readonly schema: { readonly $ref?: string }; readonly examples?: Record<string, { readonly value: object }> }
    >;
  };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: { readonly $ref?: string } }> }>;
}
interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, { readonly properties?: Record<string, { readonly description?: string; readonly $ref?: string }> }>;
    readonly securitySchemes: Record<string, unknown>;
  };
}

describe('docs/openapi.json', () => {
  const committed = (): string => readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');

  it('is what the schemas say; `npm run docs:openapi` makes it anew', async () => {
    expect(JSON.parse(committed())).toEqual(JSON.parse(await openApiOfEmptyServer()));
  });

  it('describes every endpoint with its key, its errors and, for a body, examples', () => {
    const { paths, components } = JSON.parse(committed()) as OpenApi;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

    expect(operations.map(({ path, method }) => `${method} ${path.replace('/api/openmem/v1', '')}`).toSorted()).toEqual([
      'get /get/memory/{memory_id}',
      'get /get/skill/{file_id}',
      'get /models',
      'get /models/{model}',
      'get /ping',
      'post /add/feedback',
      'post /add/knowledgebase-file',
      'post /add/message',
      'post /add/profile_template',
      'post /bind/profile_template',
      'post /chat',
      'post /chat/completions',
      'post /create/knowledgebase',
      'post /delete/knowledgebase',
      'post /delete/knowledgebase-file',
      'post /delete/memory',
      'post /delete/profile',
      'post /delete/profile_template',
      'post /edit/profile',
      'post /extract/memory',
      'post /get/knowledgebase-file',
      'post /get/memory',
      'post /get/message',
      'post /get/profile_template',
      'post /get/status',
      'post /list/profile_template',
      'post /rerank',
      'post /search/memory',
      'post /update/memory',
      'post /update/profile_template',
    ]);
    for (const { path, method, operation } of operations) {
      const isOpenAi = /\/(?:chat\/completions|models)(?:\/|$)/u.test(path);
      const error = isOpenAi ? 'OpenAiErrorReply' : 'ErrorReply';
      expect(operation.summary).toBeTruthy();
      expect(operation.security).toEqual([{ ApiKey: [] }]);
      expect(operation.responses['400']?.content?.['application/json']?.schema.$ref).toBe(`#/components/schemas/${error}`);
      const [done] = Object.values(operation.responses['200']?.content ?? {});
      expect(done?.schema.$ref).toMatch(/(?:Reply|ListedModel|SkillFile)$/u);
      if (method === 'post') expect(Object.keys(operation.requestBody?.content['application/json']?.examples ?? {})).not.toEqual([]);
    }
    expect(components.securitySchemes).toHaveProperty('ApiKey');
  });

  it('describes every field of every request', () => {
    const { schemas } = (JSON.parse(committed()) as OpenApi).components;
    const silent = Object.entries(schemas)
      .filter(([name]) => name.endsWith('Request'))
      .flatMap(([name, schema]) =>
        Object.entries(schema.properties ?? {})
          .filter(([, field]) => !field.description && !field.$ref)
          .map(([field]) => `${name}.${field}`),
      );

    expect(silent).toEqual([]);
  });

  it('refers to nothing that it does not define', () => {
    const text = committed();
    const { schemas } = (JSON.parse(text) as OpenApi).components;
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/gu)].map((match) => match[1] ?? '');

    expect(named.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
  });
});

describe('The page at /docs', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  afterAll(() => served.close());

  it('loads nothing but our own files, and its policy forbids anything else', async () => {
    const page = await fetch(`${served.url}/docs`);
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/gu)]
      .map((match) => match[1] ?? '')
      .filter((address) => !address.startsWith('data:'));

    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/u);
    expect(html).not.toMatch(/<script>|<style|style=|onload=/u);
    for (const address of loaded) {
      const file = await fetch(new URL(address, served.url));
      expect([address, file.status]).toEqual([address, 200]);
      expect(address).toMatch(/^\//u);
      await file.arrayBuffer();
    }
  });

  it.each(['/docs/package.json', '/docs/..%2f..%2fpackage.json', '/docs/index.html', '/docs/constructor'])(
    'serves no other file (%s)',
    async (path) => {
      expect((await fetch(served.url + path)).status).toBe(404);
    },
  );

  it('serves the document with the prefix the server really has', async () => {
    const other = await serve({ settings: { prefix: '/memory' } });
    const document = (await (await fetch(`${other.url}/openapi.json`)).json()) as OpenApi;

    expect(Object.keys(document.paths)).toContain('/memory/chat');
    await other.close();
  });
});
