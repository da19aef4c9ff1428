import * as contracts from '@continuo/contracts';
import { says, saysJson, ScriptedModel } from '@continuo/testing';
import type { z } from 'zod';
import { type Answer, eventually, System } from '../system.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly examples?: Record<string, { readonly value: object }> }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: { readonly $ref?: string } }> }>;
}
interface Tried {
  readonly what: string;
  readonly path: string;
  readonly body: object | null;
  readonly reply: string;
}

/** What a model makes of the message of an example. */
const WINDOW_SEAT = {
  kind: 'fact',
  title: 'Dizzy on the aisle',
  text: 'The user gets dizzy on the aisle.',
  quote: 'Book me a window seat, I get dizzy on the aisle.',
  message_ids: ['m1'],
  topic_key: null,
  topic_value: null,
  negated: false,
  about: null,
  event_start: null,
  event_end: null,
  entities: [],
  key_phrases: [],
  preference_type: null,
  reasoning: '',
};

/** What removes comes last: first the parts, then the whole, and the user at the very end. */
const LAST = ['/delete/profile', '/delete/profile_template', '/delete/knowledgebase-file', '/delete/knowledgebase', '/delete/memory'];
/** What makes others possible comes first. */
const FIRST = ['/add/message', '/add/profile_template', '/bind/profile_template', '/create/knowledgebase', '/add/knowledgebase-file'];
/** Bytes, not an envelope. */
const FILES = ['/get/skill/{file_id}'];

/** Ids of examples are made up: each member with such a name gets one that the server has given. */
const known: Record<string, string> = {};
const ID_OF: Readonly<Record<string, string>> = {
  memory_id: 'memory',
  memory_ids: 'memory',
  task_id: 'task',
  knowledgebase_id: 'base',
  file_id: 'skill',
  file_ids: 'file',
  profile_template_id: 'template',
};

function withKnownIds(value: unknown, name = ''): unknown {
  const id = known[ID_OF[name] ?? ''];
  if (id !== undefined && typeof value === 'string') return id;
  if (Array.isArray(value)) return value.map((each) => withKnownIds(each, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, withKnownIds(inner, member)]));
}

/** The schema a reply must fit, by the name the document gives it. */
function schemaOf(name: string): z.ZodType {
  const schema = (contracts as Readonly<Record<string, unknown>>)[name];
  if (schema === undefined) throw new Error(`the contracts hold no ${name}`);
  return schema as z.ZodType;
}

describe('every example of the OpenAPI document', () => {
  let model: ScriptedModel;
  let system: System;
  let tried: readonly Tried[];

  beforeAll(async () => {
    model = await ScriptedModel.start();
    model.always((request) =>
      request.schemaName === null ? says('Porto.') : saysJson({ memories: request.prompt.includes('window seat') ? [WINDOW_SEAT] : [] }),
    );
    const environment = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted' };
    system = await System.start({ environment });
    tried = inOrder(await examples());
  });
  afterAll(async () => {
    await system.close();
    await model.close();
  });

  async function examples(): Promise<readonly Tried[]> {
    const { body } = await system.get(`${system.origin}/openapi.json`);
    const paths = Object.entries(body.paths as Record<string, Record<string, Operation>>);
    return paths.flatMap(([address, operations]) =>
      Object.entries(operations).flatMap(([method, operation]): readonly Tried[] => {
        const path = address.replace('/api/openmem/v1', '');
        const reply = operation.responses['200']?.content?.['application/json']?.schema.$ref?.split('/').at(-1) ?? '';
        if (method === 'get') return [{ what: `GET ${path}`, path, body: null, reply }];
        const { examples: bodies = {} } = operation.requestBody?.content['application/json'] ?? {};
        return Object.entries(bodies).map(([name, { value }]) => ({ what: `POST ${path}, ${name}`, path, body: value, reply }));
      }),
    );
  }

  function inOrder(all: readonly Tried[]): readonly Tried[] {
    const rank = ({ path, body }: Tried): number => {
      if (path === '/delete/memory' && body !== null && 'user_id' in body) return LAST.length + 1;
      return LAST.includes(path) ? 1 + LAST.indexOf(path) : FIRST.includes(path) ? FIRST.indexOf(path) - FIRST.length : 0;
    };
    return all.toSorted((left, right) => rank(left) - rank(right));
  }

  async function send({ path, body }: Tried): Promise<Answer> {
    const address = path.replace(/\{(\w+)\}/u, (_whole, name: string) => known[ID_OF[name] ?? ''] ?? 'qwen2.5-72b-instruct');
    if (body === null) return system.get(address);
    const sent = withKnownIds(body) as object;
    return system.post(path, { ...sent, ...('user_id' in sent && path === '/add/message' ? { async_mode: false } : {}) });
  }

  /** What later examples need of this answer. */
  async function learn({ path }: Tried, { body }: Answer): Promise<void> {
    if (path === '/add/message') {
      known['task'] = body.data.task_id;
      const { body: listing } = await system.post('/get/memory', { user_id: 'ana' });
      known['memory'] = listing.data.memory_detail_list[0]?.id ?? known['memory'];
    }
    if (path === '/create/knowledgebase') known['base'] = body.data.id;
    if (path === '/add/profile_template') known['template'] = body.data.profile_template_id;
    if (path === '/add/knowledgebase-file') for (const { id, type } of body.data) await learnFile(id, type);
  }

  /** A skill can be downloaded once it has been read. */
  async function learnFile(id: string, type: string): Promise<void> {
    known[type === 'skill' ? 'skill' : 'file'] = id;
    await eventually(async () => {
      const { body } = await system.post('/get/knowledgebase-file', { file_ids: [id] });
      expect(body.data.file_detail_list[0].status).not.toBe('running');
    });
  }

  it('is answered with 200 and a body that fits its schema', async () => {
    const wrong: string[] = [];
    for (const example of tried) {
      const answer = await send(example);
      const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
      const fits = isStream || FILES.includes(example.path) || schemaOf(example.reply).safeParse(answer.body).success;
      if (answer.status !== 200 || !fits) wrong.push(`${example.what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
      else await learn(example, answer);
      // What was there once is gone after it was deleted by id.
      if (example.path === '/delete/memory') delete known['memory'];
    }

    expect(wrong).toEqual([]);
  });

  it('has at least one for each endpoint that takes a body', async () => {
    const { body } = await system.get(`${system.origin}/openapi.json`);
    const posts = Object.entries(body.paths as Record<string, Record<string, Operation>>).filter(([, operations]) => 'post' in operations);
    const without = posts
      .map(([address]) => address.replace('/api/openmem/v1', ''))
      .filter((path) => tried.every((each) => each.path !== path));

    expect(without).toEqual([]);
    expect(posts.length).toBeGreaterThan(20);
  });
});
