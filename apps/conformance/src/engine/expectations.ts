import { at, isObject, type JsonObject, shown } from './json.ts';
import { Breach } from './breach.ts';
import type { Reply } from './server.ts';

/** @throws {Breach} with the message when the condition does not hold. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Breach(message);
}

/** The reply is a success in the contract's envelope. Returns its data. */
export function dataOf(reply: Reply): unknown {
  must(reply.status === 200, `${reply.request} answered HTTP ${reply.status} instead of 200: ${shown(reply.body ?? reply.text)}`);
  const { body } = reply;
  must(isObject(body), `${reply.request} answered no JSON object: ${shown(reply.text)}`);
  must(body['code'] === 0, `code is ${shown(body['code'])} instead of the number 0`);
  must(body['message'] === 'ok', `message is ${shown(body['message'])} instead of "ok"`);
  must(body['data'] !== undefined && body['data'] !== null, `data is ${shown(body['data'])}`);
  return body['data'];
}

/** The same, whose data is an object. */
export function objectOf(reply: Reply): JsonObject {
  const data = dataOf(reply);
  must(isObject(data), `data is ${shown(data)} instead of an object`);
  return data;
}

/** A list of objects at a path of the data. */
export function listAt(data: unknown, path: string): readonly JsonObject[] {
  const value = at(data, path);
  must(Array.isArray(value), `${path} is ${shown(value)} instead of a list`);
  must(value.every(isObject), `${path} holds something that is no object: ${shown(value)}`);
  return value as readonly JsonObject[];
}

export function textAt(data: unknown, path: string): string {
  const value = at(data, path);
  must(typeof value === 'string', `${path} is ${shown(value)} instead of a string`);
  return value;
}

export function numberAt(data: unknown, path: string): number {
  const value = at(data, path);
  must(typeof value === 'number', `${path} is ${shown(value)} instead of a number`);
  return value;
}

/** Codes whose thing does not exist: 404, or 400 where the server is strict. */
const NOT_FOUND = new Set([40001, 40307, 40308, 50120, 50131]);

/** The HTTP statuses an error code may come with, by the contract's mapping. */
export function statusesOf(code: number, isStrict: boolean): readonly number[] {
  if (NOT_FOUND.has(code)) return isStrict ? [400] : [404];
  if ([40100, 40130, 40132].includes(code)) return [401];
  if ([40103, 40306].includes(code)) return [403];
  if ([40300, 40301, 40302, 40304, 40309].includes(code)) return [429];
  if (code >= 40000 && code < 50000) return [400];
  if ([50103, 50104, 50105, 50106, 50107, 50123].includes(code)) return [400];
  // An unknown path has the code of an internal error; the mapping does not mention it.
  if (code === 50000) return [404, 500];
  return [500, 503];
}

/** The reply is an error envelope without data. Returns its code. */
export function errorOf(reply: Reply): number {
  const { body } = reply;
  must(isObject(body), `${reply.request} answered HTTP ${reply.status} and no JSON object: ${shown(reply.text)}`);
  const { code, message, data } = body;
  must(code !== 0, `${reply.request} was accepted: ${shown(body)}`);
  must(typeof code === 'number' && Number.isInteger(code), `code is ${shown(code)} instead of an integer`);
  must(typeof message === 'string' && message !== '', `message is ${shown(message)} instead of words`);
  must(data === null, `data of an error is ${shown(data)} instead of null`);
  must(reply.status >= 400, `an error came with HTTP ${reply.status}`);
  return code;
}

/** The reply is an error with one of the codes, and the HTTP status that belongs to it. */
export function mustRefuse(reply: Reply, codes: number | readonly number[], isStrict: boolean): void {
  const expected = typeof codes === 'number' ? [codes] : codes;
  const code = errorOf(reply);
  must(expected.includes(code), `code is ${code} instead of ${expected.join(' or ')}: ${shown(at(reply.body, 'message'))}`);
  const statuses = statusesOf(code, isStrict);
  must(statuses.includes(reply.status), `HTTP ${reply.status} instead of ${statuses.join(' or ')} for code ${code}`);
}
