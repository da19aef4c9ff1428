import { z } from 'zod';

/** A schema whose decoded value is the domain's and whose encoded one is what the protobuf library takes. */
export type WireSchema<Value = unknown> = z.ZodType<Value>;

export type ScalarType = 'string' | 'int32' | 'int64' | 'double' | 'bool' | 'bytes';

/** What a schema is in the .proto files. The schemas and the files are compared by a spec. */
export type WireType =
  | { readonly type: ScalarType }
  | { readonly type: 'enum'; readonly name: string; readonly values: readonly string[] }
  | { readonly type: 'message'; readonly name: string; readonly fields: () => Readonly<Record<string, WireSchema>> }
  | { readonly type: 'nullable' | 'repeated' | 'map'; readonly of: WireSchema };

const wireTypes = new WeakMap<z.ZodType, WireType>();

/** How a schema stands in the .proto files. */
export function wireTypeOf(schema: WireSchema): WireType {
  const wireType = wireTypes.get(schema);
  if (wireType === undefined) throw new Error('This schema was not made for the wire.');
  return wireType;
}

function as<Value>(wireType: WireType, schema: z.ZodType): WireSchema<Value> {
  wireTypes.set(schema, wireType);
  return schema as WireSchema<Value>;
}

const unchecked = z.custom<unknown>(() => true);

/** Half a surrogate pair becomes U+FFFD on the way, as it does in everything that comes in by HTTP. */
export const text = (schema: z.ZodType<string> = z.string()): WireSchema<string> => as({ type: 'string' }, schema);
export const truth = (): WireSchema<boolean> => as({ type: 'bool' }, z.boolean());
export const double = (): WireSchema<number> => as({ type: 'double' }, z.number());
/** A whole number of at most 32 bits. */
export const int32 = (): WireSchema<number> => as({ type: 'int32' }, z.int32());
/** A whole number that JavaScript holds exactly. */
export const int64 = (): WireSchema<number> => as({ type: 'int64' }, z.int());

/** Any JSON value, as JSON text. */
export function json(): WireSchema<unknown> {
  const codec = z.codec(z.string(), unchecked, {
    decode: (written, context) => {
      try {
        return JSON.parse(written) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'must be JSON', input: null });
        return z.NEVER;
      }
    },
    encode: (value) => JSON.stringify(value ?? null),
  });
  return as({ type: 'string' }, codec);
}

/** A JSON object, as JSON text. */
export function jsonObject(): WireSchema<Readonly<Record<string, unknown>>> {
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
  return as({ type: 'string' }, json().refine(isObject, 'must be a JSON object'));
}

/** A JSON value of one shape, as JSON text. */
export const jsonOf = <Value>(shape: z.ZodType<Value, Value>): WireSchema<Value> => as({ type: 'string' }, json().pipe(shape as z.ZodType));

/** 32-bit floats as bytes, little endian as every machine this runs on. */
export function vector(): WireSchema<Float32Array> {
  const isBytes = (value: unknown): boolean => ArrayBuffer.isView(value) && value.byteLength % Float32Array.BYTES_PER_ELEMENT === 0;
  const bytes = z.custom<Uint8Array>(isBytes, 'must be 32-bit floats');
  const codec = z.codec(bytes, z.custom<Float32Array>(), {
    // Copied: what arrives is a slice of a larger buffer, and not aligned.
    decode: (value) => new Float32Array(Uint8Array.from(value).buffer),
    encode: (value) => new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
  });
  return as({ type: 'bytes' }, codec);
}

/** One of a few words; in the .proto files `NAME_OF_ENUM_WORD`. The zero value, which means nothing was said, is refused. */
export function oneOf<const Word extends string>(name: string, words: readonly Word[]): WireSchema<Word> {
  const prefix = name.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, '_').toUpperCase();
  const written = (word: string): string => `${prefix}_${word.toUpperCase()}`;
  const wordOf = new Map(words.map((word) => [written(word), word]));
  const codec = z.codec(z.string(), z.enum(words), {
    decode: (value, context) => {
      const word = wordOf.get(value);
      if (word !== undefined) return word as never;
      context.issues.push({ code: 'custom', message: `must be one of ${words.join(', ')}`, input: null });
      return z.NEVER;
    },
    encode: (word) => written(String(word)),
  });
  return as({ type: 'enum', name, values: [`${prefix}_UNSPECIFIED`, ...wordOf.keys()] }, codec);
}

/** Null in the domain, absent on the wire. */
export function nullable<Value>(of: WireSchema<Value>): WireSchema<Value | null> {
  const codec = z.codec(of.nullish(), unchecked, { decode: (value) => value ?? null, encode: (value) => value as Value | null });
  return as({ type: 'nullable', of }, codec);
}

export const repeated = <Value>(of: WireSchema<Value>): WireSchema<readonly Value[]> => as({ type: 'repeated', of }, z.array(of));
export const mapOf = <Value>(of: WireSchema<Value>): WireSchema<Readonly<Record<string, Value>>> =>
  as({ type: 'map', of }, z.record(z.string(), of));

/** What a set of fields says. */
export type Fields<Shape> = { readonly [Name in keyof Shape]: Shape[Name] extends WireSchema<infer Value> ? Value : never };

/** A message whose members have the names and values of the domain. */
export function message<const Shape extends Readonly<Record<string, WireSchema>>>(name: string, fields: Shape): WireSchema<Fields<Shape>> {
  return as({ type: 'message', name, fields: () => fields }, z.object(fields as Record<string, z.ZodType>));
}

/** A message that the domain says in another shape. `decode` gives null for what says nothing it knows. */
export function reshaped<const Shape extends Readonly<Record<string, WireSchema>>, Value>(
  name: string,
  fields: Shape,
  shapes: { readonly decode: (fields: Fields<Shape>) => Value | null; readonly encode: (value: Value) => Partial<Fields<Shape>> },
): WireSchema<Value> {
  const codec = z.codec(z.object(fields as Record<string, z.ZodType>), unchecked, {
    decode: (value, context) => {
      const decoded = shapes.decode(value as Fields<Shape>);
      if (decoded !== null) return decoded;
      context.issues.push({ code: 'custom', message: `says nothing that a ${name} may say`, input: null });
      return z.NEVER;
    },
    encode: (value) => shapes.encode(value as Value) as Record<string, unknown>,
  });
  return as({ type: 'message', name, fields: () => fields }, codec);
}
