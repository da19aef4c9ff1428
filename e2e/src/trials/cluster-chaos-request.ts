import { events } from '../system.ts';

/** No client waits longer; the server's own deadline is much shorter. */
const CLIENT_TIMEOUT_MS = 30_000;

/** Where requests go. */
export interface Target {
  /** Base of the contract's paths. */
  readonly base: string;
  readonly key: string;
}

/** One request and what became of it. */
export interface Attempt {
  readonly kind: 'add' | 'chat';
  /** Whether it is the first or the second of the same. */
  readonly time: number;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly isExplained: boolean;
  /** `cut`: a stream that ended early, with an error event or none. */
  readonly outcome: 'ok' | 'refused' | 'cut' | 'connection' | 'timeout';
  readonly status: number | null;
  /** The contract's number in a refusal's envelope; null: no refusal, or not in an envelope. */
  readonly code: number | null;
  readonly answer: string;
  /** What an explained chat says of its recall; null: not explained, or an earlier answer given again. */
  readonly recall: { readonly state: string; readonly missingArms: readonly string[] } | null;
}

type Result = Pick<Attempt, 'outcome' | 'status' | 'code' | 'answer' | 'recall'> & { readonly taskId: string | null };

const NOTHING: Result = { outcome: 'connection', status: null, code: null, answer: '', recall: null, taskId: null };

/** Sends one add or chat. Never throws. */
export async function send(
  target: Target,
  kind: 'add' | 'chat',
  body: object,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly attempt: Omit<Attempt, 'time'>; readonly taskId: string | null }> {
  const sentAt = Date.now();
  const { taskId, ...result } = await resultOf(target, kind, body, headers);
  const isExplained = headers['X-Continuo-Debug'] === 'explain';
  return { attempt: { kind, sentAt, endedAt: Date.now(), isExplained, ...result }, taskId };
}

async function resultOf(target: Target, kind: 'add' | 'chat', body: object, headers: Readonly<Record<string, string>>): Promise<Result> {
  try {
    const response = await fetch(`${target.base}/${kind === 'add' ? 'add/message' : 'chat'}`, {
      method: 'POST',
      headers: { authorization: `Token ${target.key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CLIENT_TIMEOUT_MS),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return await streamed(response);
    return whole(response.status, await response.text());
  } catch (error) {
    return { ...NOTHING, outcome: (error as { name?: string }).name === 'TimeoutError' ? 'timeout' : 'connection' };
  }
}

function whole(status: number, text: string): Result {
  const body = parsed(text);
  if (status !== 200) return { ...NOTHING, outcome: 'refused', status, code: codeOf(body) };
  const { data } = body as { data: { response?: string; task_id?: string; debug?: Explained } };
  return { ...NOTHING, outcome: 'ok', status, answer: data.response ?? '', recall: recallOf(data.debug), taskId: data.task_id ?? null };
}

async function streamed(response: Response): Promise<Result> {
  let answer = '';
  let hasFailed = false;
  for await (const event of events(response)) {
    if (event.type === 'text') answer += event.data;
    if (event.type === 'error') hasFailed = true;
    if (event.type !== 'end') continue;
    const { debug } = event as { debug?: Explained };
    return { ...NOTHING, outcome: hasFailed ? 'cut' : 'ok', status: response.status, answer, recall: recallOf(debug) };
  }
  return { ...NOTHING, outcome: 'cut', status: response.status, answer };
}

interface Explained {
  readonly recall: string;
  readonly missing_arms: readonly string[];
}

const recallOf = (debug: Explained | undefined): Attempt['recall'] =>
  debug === undefined ? null : { state: debug.recall, missingArms: debug.missing_arms };

/** The number, when this is an error envelope as the contract has it. */
function codeOf(body: unknown): number | null {
  if (typeof body !== 'object' || body === null) return null;
  const { code, message, data } = body as Record<string, unknown>;
  return typeof code === 'number' && typeof message === 'string' && message !== '' && data === null ? code : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
