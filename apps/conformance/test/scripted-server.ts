import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever a rule sends
  readonly body: any;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is. */
  readonly body: unknown;
}

type Script = (request: ScriptedRequest) => ScriptedAnswer;

const LISTS = ['memory', 'preference', 'profile', 'event', 'tool_memory', 'skill'].map((name) => `${name}_detail_list`);
const BORN = 1_795_290_931_844;

export const success = (data: unknown): ScriptedAnswer => ({ body: { code: 0, message: 'ok', data } });
export const failure = (status: number, code: number): ScriptedAnswer => ({
  status,
  body: { code, message: 'words', data: null },
});

/** Facts in the contract's shape, the best first. */
export const facts = [0.9, 0.5].map((relativity, index) => ({
  id: `b1c0a6a2-9e0f-4b57-8f2a-94a5d6a9f00${index}`,
  memory_key: 'Home',
  memory_value: index === 0 ? 'I live in Lisbon.' : 'I am allergic to peanuts.',
  memory_type: 'UserMemory',
  create_time: BORN,
  update_time: BORN,
  conversation_id: 'c',
  status: 'activated',
  confidence: 0.9,
  tags: [],
  relativity,
}));

/** In which conversation each user spoke last. */
const conversations = new Map<unknown, unknown>();

/** The little of the contract that the rules of these specs need, kept. */
export function contract({ method, path, authorization, body }: ScriptedRequest): ScriptedAnswer {
  if (authorization === undefined) return failure(401, 40100);
  if (path === '/ping') return success({ status: 'ok' });
  if (method !== 'POST') return failure(404, 50000);
  if (path === '/add/message') conversations.set(body.user_id, body.conversation_id);
  if (path === '/add/message') return success({ success: true, task_id: facts[0]?.id, status: 'completed' });
  if (path === '/get/status') return success({ task_id: body.task_id, status: 'completed' });
  if (path === '/delete/memory') return success({ success: true });
  if (path !== '/search/memory') return failure(404, 50000);
  if (body.query === undefined) return failure(400, 40002);
  const lists = Object.fromEntries(LISTS.map((list) => [list, [] as unknown[]]));
  const found = facts
    .filter(({ relativity }) => relativity >= (body.relativity ?? 0.45))
    .map((fact) => ({ ...fact, conversation_id: conversations.get(body.user_id) ?? '' }));
  return success({ ...lists, preference_note: '', memory_detail_list: body.query.startsWith('I live') ? found : [] });
}

/** A server that answers as its script says. */
export class ScriptedServer {
  readonly requests: ScriptedRequest[] = [];
  private readonly server: Server;

  private constructor(script: Script) {
    this.server = createServer((request, response) => {
      void read(request).then((asked) => {
        this.requests.push(asked);
        const { status = 200, headers = {}, body } = script(asked);
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  }

  static async start(script: Script = contract): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(script);
    scripted.server.listen(0, '127.0.0.1');
    await once(scripted.server, 'listening');
    return scripted;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

async function read(request: IncomingMessage): Promise<ScriptedRequest> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization,
    body: parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
