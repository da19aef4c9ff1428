import { at, isObject, type JsonObject } from './json.ts';
import type { Reply, RequestOptions, Server } from './server.ts';

interface Removal {
  readonly path: string;
  readonly body: JsonObject;
  readonly key: string | undefined;
}

/** Paths that write memories of the users named in their bodies. */
const WRITING = new Set(['/add/message', '/chat', '/add/feedback', '/bind/profile_template']);
const REMOVALS_AT_ONCE = 4;

/** What a run has made on the server: read off its own requests, so that no rule has to keep account. */
export class Belongings {
  private readonly removals = new Map<string, Removal>();
  /** Tasks that wrote what belongs to no user: it goes by its ids. */
  private readonly publicTasks: { readonly taskId: unknown; readonly key: string | undefined }[] = [];

  note(path: string, body: unknown, reply: Reply, key: string | undefined): void {
    if (reply.status !== 200) return;
    if (path === '/chat/completions') this.keep('/delete/memory', 'user_id', bodyOf(body)['user'], key);
    if (WRITING.has(path)) for (const user of usersOf(bodyOf(body))) this.keep('/delete/memory', 'user_id', user, key);
    if (bodyOf(body)['allow_public'] === true) this.publicTasks.push({ taskId: at(reply.body, 'data.task_id'), key });
    if (path === '/create/knowledgebase')
      this.keep('/delete/knowledgebase', 'knowledgebase_id', at(reply.body, 'data.id'), key, { delete_all: true });
    if (path === '/add/profile_template') {
      this.keep('/delete/profile_template', 'profile_template_id', at(reply.body, 'data.profile_template_id'), key);
    }
  }

  /** Best effort: what is gone already answers an error, which means nothing. */
  async remove(server: Server, limitMs: number): Promise<void> {
    const until = Date.now() + limitMs;
    for (const { taskId, key } of this.publicTasks)
      await removeWritten(server, taskId, key === undefined ? {} : { key }).catch(() => undefined);
    // Profiles go with their users, which therefore come last.
    const waiting = [...this.removals.values()].sort(
      (one, other) => Number(one.path === '/delete/memory') - Number(other.path === '/delete/memory'),
    );
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && Date.now() < until; next = waiting.shift()) {
        await server.post(next.path, next.body, next.key === undefined ? {} : { key: next.key }).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, work));
  }

  private keep(path: string, field: string, id: unknown, key: string | undefined, more: JsonObject = {}): void {
    if (typeof id === 'string') this.removals.set(`${key ?? ''} ${path} ${id}`, { path, body: { [field]: id, ...more }, key });
  }
}

const bodyOf = (body: unknown): JsonObject => (isObject(body) ? body : {});

function usersOf(body: JsonObject): readonly unknown[] {
  const named = body['user_id'];
  const bound = Array.isArray(body['bind_list']) ? body['bind_list'].map((each) => at(each, 'user_id')) : [];
  return [...(Array.isArray(named) ? (named as readonly unknown[]) : [named]), ...(bound as readonly unknown[])];
}

async function removeWritten(server: Server, taskId: unknown, options: RequestOptions): Promise<void> {
  const { body } = await server.post('/get/status', { task_id: taskId }, options);
  const views = at(body, 'data.memory_views');
  const ids = Object.values(isObject(views) ? views : {}).flatMap((view) => (at(view, 'memory_ids') ?? []) as readonly unknown[]);
  if (ids.length > 0) await server.post('/delete/memory', { memory_ids: ids }, options);
}
