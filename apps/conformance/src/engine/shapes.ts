import { isObject, shown } from './json.ts';
import { must } from './expectations.ts';

/** What a field of an answer has to be. */
export interface Shape {
  readonly says: string;
  readonly holds: (value: unknown) => boolean;
}

const shape = (says: string, holds: (value: unknown) => boolean): Shape => ({ says, holds });

const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown): value is number => Number.isInteger(value);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;
const EARLIEST_MS = Date.UTC(2001, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

export const text = shape('a string', isText);
export const words = shape('a string that is not empty', (value) => isText(value) && value.trim() !== '');
export const uuid = shape('a UUID', (value) => isText(value) && UUID.test(value));
export const boolean = shape('true or false', (value) => typeof value === 'boolean');
export const number = shape('a number', (value) => typeof value === 'number' && Number.isFinite(value));
export const count = shape('a whole number from 0', (value) => isWhole(value) && value >= 0);
export const fraction = shape('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1);
export const epochMs = shape('a JSON number of epoch milliseconds', (value) => isWhole(value) && value > EARLIEST_MS && value < LATEST_MS);
export const timeText = shape(
  'a string that is a time',
  (value) => isText(value) && /^\d{4}-\d{2}-\d{2}/u.test(value) && !Number.isNaN(Date.parse(value)),
);
export const object = shape('an object', isObject);
export const objects = shape('a list of objects', (value) => Array.isArray(value) && value.every(isObject));
export const texts = shape('a list of strings', (value) => Array.isArray(value) && value.every(isText));
export const absent = shape('absent', (value) => value === undefined);
export const oneOf = (...values: readonly unknown[]): Shape =>
  shape(values.map((value) => shown(value)).join(' or '), (value) => values.includes(value));
export const matching = (says: string, holds: (value: unknown) => boolean): Shape => shape(says, holds);
export const optional = (inner: Shape): Shape => shape(`${inner.says} or absent`, (value) => value === undefined || inner.holds(value));
/** What the contract types as a string and nothing obliges to be there. */
export const textOrNull = shape('a string or null', (value) => value === null || value === undefined || isText(value));

/** @throws {Breach} naming the field. */
export function mustBe(field: string, value: unknown, expected: Shape): void {
  must(expected.holds(value), `${field} is ${shown(value)} instead of ${expected.says}`);
}
