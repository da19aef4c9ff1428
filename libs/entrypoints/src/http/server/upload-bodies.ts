import { Readable } from 'node:stream';
import { AppError, wellFormed } from '@continuo/contracts';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type CutJson, cutJson } from './cut-json.ts';
import { UploadGate } from './upload-gate.ts';

const MEBIBYTE = 1024 * 1024;
/** 300 MB of files as base64 (the contract's limit of one upload), with room for what stands around them. */
const MAX_UPLOAD_BYTES = 404 * MEBIBYTE;
/** Of a body whose length nobody said: it is held twice for a moment. */
const MAX_UNKNOWN_BYTES = 144 * MEBIBYTE;
/** Clients give up after half a minute. */
const GATE = { most: 2, bytes: MAX_UPLOAD_BYTES, waitMs: 20_000 } as const;

/** A body is cut off when it lags behind what would bring it here in time; the first moments are free. */
export interface ArrivalPace {
  readonly graceMs: number;
  /** How long a request may take to arrive in full, as the server has it. */
  readonly withinMs: number;
}
const PACE: ArrivalPace = { graceMs: 10_000, withinMs: 120_000 };
/** What is expected of a body whose length nobody said. */
const USUAL_BYTES = 8 * MEBIBYTE;

const cuts = new WeakMap<FastifyRequest, CutJson>();

/** The long strings of a large JSON body, which its parsed form holds placeholders for; null: it has none. */
export const cutBodyOf = (request: FastifyRequest): CutJson | null => cuts.get(request) ?? null;

/** True for a form; its files are read as they come. */
export const isForm = (request: FastifyRequest): boolean => /^\s*multipart\/form-data\b/iu.test(request.headers['content-type'] ?? '');

/**
 * Lets a route take files inside JSON, however large, and as a form. A body up to the usual limit is read as everywhere.
 *
 * @param maxBodyBytes the usual limit.
 * @param pace how fast the larger ones have to come.
 */
export function acceptUploads(route: RouteOptions, maxBodyBytes: number, pace = PACE): void {
  const gate = new UploadGate(GATE);
  route.bodyLimit = Math.max(MAX_UPLOAD_BYTES, maxBodyBytes);
  route.preParsing = async (request: FastifyRequest, reply: FastifyReply, payload) => {
    const given = request.headers['content-length'];
    const length = given === undefined ? null : Number(given);
    if (isForm(request) || (length !== null && length <= maxBodyBytes)) return payload;
    if ((length ?? 0) > MAX_UPLOAD_BYTES) throw new AppError('files_too_large', 'The files of one request may have at most 300 MB.');
    const leave = await gate.enter(length ?? 2 * MAX_UNKNOWN_BYTES);
    // Whoever went while waiting has closed already, and will not close again.
    if (reply.raw.destroyed || request.raw.destroyed) {
      leave();
      throw new AppError('client_gone', 'The client closed the connection.');
    }
    reply.raw.once('close', leave);
    const cut = cutJson(await bodyOf(atPace(payload as Readable, length ?? USUAL_BYTES, pace), length));
    cuts.set(request, cut);
    // Fastify compares what arrived with what was announced.
    return Object.assign(Readable.from([Buffer.from(cut.text)]), { receivedEncodedLength: length ?? 0 });
  };
  // The parts of a form that are not files stand in its address; so both forms are checked by one schema.
  route.preValidation = async (request: FastifyRequest) => {
    if (!isForm(request)) return;
    const query = request.query as Record<string, unknown>;
    request.body = { knowledgebase_id: first(query['knowledgebase_id']), type: first(query['type']), file: [{ content: 'form' }] };
  };
}

/** Of a member that stands there several times; repaired as bodies are. */
const first = (value: unknown): unknown => wellFormed(Array.isArray(value) ? (value as unknown[])[0] : value);

/** Few large bodies are taken at once: whoever announced one and sent nothing would keep everybody else out. */
async function* atPace(payload: Readable, length: number, { graceMs, withinMs }: ArrivalPace): AsyncIterable<Buffer> {
  const startedAt = performance.now();
  let received = 0;
  const timer = setInterval(() => {
    const counted = performance.now() - startedAt - graceMs;
    if (received < (length * counted) / (withinMs - graceMs)) payload.destroy(new AppError('client_gone', 'The body came too slowly.'));
  }, graceMs / 4);
  try {
    for await (const piece of payload as AsyncIterable<Buffer>) {
      received += piece.length;
      yield piece;
    }
  } finally {
    clearInterval(timer);
  }
}

async function bodyOf(payload: AsyncIterable<Buffer>, length: number | null): Promise<Buffer> {
  try {
    return length === null ? await gathered(payload) : await filled(payload, length);
  } catch (error) {
    if (AppError.is(error)) throw error;
    throw new AppError('client_gone', 'The body ended too soon.', { cause: error });
  }
}

/** The memory is taken as it fills, not when it is asked for. */
async function filled(payload: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for await (const piece of payload) at += piece.copy(body, at);
  return at === length ? body : body.subarray(0, at);
}

async function gathered(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of payload) {
    length += piece.length;
    if (length > MAX_UNKNOWN_BYTES) throw new AppError('body_too_large', 'A body of that size needs a content-length.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}
