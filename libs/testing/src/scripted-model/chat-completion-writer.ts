import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { RecordedRequest } from './recorded-request.ts';
import type { SaysOptions, ScriptedUsage } from './scripted-reply.ts';

const CREATED_AT = 1_767_225_600;

/** Writes one scripted answer as `/chat/completions` would, streamed or whole. */
export async function writeAnswer(request: RecordedRequest, response: ServerResponse, text: string, options: SaysOptions): Promise<void> {
  if (request.streamed) await writeStream(request, response, text, options);
  else await writeWhole(request, response, text, options);
}

async function writeWhole(request: RecordedRequest, response: ServerResponse, text: string, options: SaysOptions): Promise<void> {
  if (options.delayMs !== undefined) await wait(options.delayMs);
  await options.until;
  if (options.ending === 'cut') return void response.destroy();
  if (options.ending === 'hang') return;
  const reasoning = options.reasoning === undefined ? {} : { [options.reasoningField ?? 'reasoning_content']: options.reasoning };
  const message = { role: 'assistant', content: text, ...reasoning };
  const usage = usageOf(options, piecesOf(text, options).length);
  writeJson(response, 200, {
    ...envelope(request, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: options.finish === undefined ? 'stop' : options.finish }],
    ...(usage === null ? {} : { usage }),
  });
}

async function writeStream(request: RecordedRequest, response: ServerResponse, text: string, options: SaysOptions): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const pieces = piecesOf(text, options);
  const deltas = [{ role: 'assistant', content: '' }, ...reasoningDeltas(options), ...pieces.map((content) => ({ content }))];
  const breaksOff = options.ending === 'cut' || options.ending === 'hang';
  const stopAfter = breaksOff ? (options.afterPieces ?? pieces.length) : Infinity;
  let sentPieces = 0;
  for (const delta of deltas) {
    const isPiece = 'content' in delta && !('role' in delta);
    if (isPiece && sentPieces >= stopAfter) break;
    if (options.delayMs !== undefined) await wait(options.delayMs);
    if (response.destroyed) return;
    await writeFrame(response, chunk(request, [{ index: 0, delta, finish_reason: null }]), options);
    if (isPiece) sentPieces += 1;
  }
  await options.until;
  if (options.ending === 'cut') return void response.destroy();
  if (options.ending === 'hang') return;
  await finishStream(request, response, pieces.length, options);
}

async function finishStream(request: RecordedRequest, response: ServerResponse, pieces: number, options: SaysOptions): Promise<void> {
  const finish = options.finish === undefined ? 'stop' : options.finish;
  if (finish !== null) await writeFrame(response, chunk(request, [{ index: 0, delta: {}, finish_reason: finish }]), options);
  if (options.ending === 'hang-before-usage') return;
  const wanted = (request.body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true;
  const usage = usageOf(options, pieces);
  if (wanted && usage !== null) await writeFrame(response, { ...chunk(request, []), usage }, options);
  response.end('data: [DONE]\n\n');
}

function piecesOf(text: string, options: SaysOptions): readonly string[] {
  return options.pieces ?? text.match(/\s*\S+|\s+$/gu) ?? [];
}

function reasoningDeltas(options: SaysOptions): Record<string, string>[] {
  if (options.reasoning === undefined) return [];
  const field = options.reasoningField ?? 'reasoning_content';
  return (options.reasoning.match(/\s*\S+|\s+$/gu) ?? []).map((piece) => ({ [field]: piece }));
}

function usageOf(options: SaysOptions, pieces: number): Record<string, number> | null {
  if (options.usage === null) return null;
  const usage: ScriptedUsage = options.usage ?? { promptTokens: 7, answerTokens: pieces };
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.answerTokens,
    total_tokens: usage.promptTokens + usage.answerTokens,
  };
}

function envelope(request: RecordedRequest, object: string): Record<string, unknown> {
  return { id: 'chatcmpl-scripted', object, created: CREATED_AT, model: request.body['model'] ?? 'scripted-model' };
}

function chunk(request: RecordedRequest, choices: readonly unknown[]): Record<string, unknown> {
  return { ...envelope(request, 'chat.completion.chunk'), choices };
}

async function writeFrame(response: ServerResponse, data: unknown, options: SaysOptions): Promise<void> {
  const bytes = Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
  for (const packet of packetsOf(bytes, options.split ?? 'none')) {
    if (response.destroyed) return;
    response.write(packet);
    // A packet of its own: the next write must not share its segment.
    if (options.split !== undefined && options.split !== 'none') await wait(1);
  }
}

function packetsOf(bytes: Buffer, split: 'none' | 'characters' | 'frames'): readonly Buffer[] {
  if (split === 'none') return [bytes];
  if (split === 'frames') {
    const middle = Math.floor(bytes.length / 2);
    // The blank line that ends an event is torn as well.
    return [bytes.subarray(0, middle), bytes.subarray(middle, bytes.length - 1), bytes.subarray(bytes.length - 1)];
  }
  const packets: Buffer[] = [];
  let start = 0;
  for (let index = 1; index < bytes.length; index += 1) {
    const isContinuation = ((bytes[index] ?? 0) & 0b1100_0000) === 0b1000_0000;
    const opensCharacter = ((bytes[index - 1] ?? 0) & 0b1100_0000) === 0b1100_0000;
    if (isContinuation && opensCharacter) {
      packets.push(bytes.subarray(start, index));
      start = index;
    }
  }
  return [...packets, bytes.subarray(start)];
}

/** Writes a whole JSON reply. */
export function writeJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
