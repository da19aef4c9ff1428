import { fileURLToPath } from 'node:url';
import { type EnumTypeDefinition, loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { RPC_METHODS } from './methods.ts';
import { PROTO_FILES, PROTO_FOLDER, PROTO_READING } from './protocol.ts';
import { type WireSchema, type WireType, wireTypeOf } from './wire-schema.ts';

/** One member of a message: `string`, `repeated enum Origin`, `optional int64`. */
type Members = Record<string, string>;

interface DescribedField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}

interface DescribedMessage {
  readonly field: readonly DescribedField[];
  readonly nestedType: readonly {
    readonly name: string;
    readonly options: { readonly mapEntry?: boolean } | null;
    readonly field: readonly DescribedField[];
  }[];
  readonly oneofDecl: readonly { readonly name: string }[];
}

const definitions = loadSync([...PROTO_FILES], { ...PROTO_READING, includeDirs: [fileURLToPath(PROTO_FOLDER)] });
const PACKAGE = 'continuo.v1.';

/** What the .proto files say. */
function described(): { messages: Map<string, Members>; enums: Map<string, readonly string[]>; methods: Map<string, string> } {
  const messages = new Map<string, Members>();
  const enums = new Map<string, readonly string[]>();
  const methods = new Map<string, string>();
  for (const [name, definition] of Object.entries(definitions)) {
    if (isMessage(definition)) messages.set(name.slice(PACKAGE.length), membersOf(definition.type as unknown as DescribedMessage));
    else if (isEnum(definition)) {
      const { value } = definition.type as unknown as { readonly value: readonly { readonly name: string }[] };
      enums.set(
        name.slice(PACKAGE.length),
        value.map((each) => each.name),
      );
    } else {
      for (const [method, { requestType, responseType, requestStream, responseStream }] of Object.entries(
        definition as ServiceDefinition,
      )) {
        const request = (requestType.type as unknown as { readonly name: string }).name;
        const reply = (responseType.type as unknown as { readonly name: string }).name;
        methods.set(`${name}.${method}`, `${requestStream ? 'stream ' : ''}${request} -> ${responseStream ? 'stream ' : ''}${reply}`);
      }
    }
  }
  return { messages, enums, methods };
}

const isMessage = (definition: object): definition is MessageTypeDefinition<object, object> =>
  'format' in definition && String(definition.format).endsWith(' DescriptorProto');
const isEnum = (definition: object): definition is EnumTypeDefinition =>
  'format' in definition && String(definition.format).endsWith(' EnumDescriptorProto');

function membersOf(described: DescribedMessage): Members {
  return Object.fromEntries(
    described.field.map((field) => {
      const entry = described.nestedType.find((nested) => nested.options?.mapEntry === true && nested.name === field.typeName);
      if (entry !== undefined) return [field.name, `map ${typeOf(entry.field.find(({ name }) => name === 'value') as DescribedField)}`];
      // A member that says `optional` is the only one of a choice named after it. A message with another choice has nothing else.
      const isOptional = described.oneofDecl.some(({ name }) => name === `_${field.name}` || !name.startsWith('_'));
      const label = field.label === 'LABEL_REPEATED' ? 'repeated ' : isOptional ? 'optional ' : '';
      return [field.name, `${label}${typeOf(field)}`];
    }),
  );
}

const typeOf = ({ type, typeName }: DescribedField): string =>
  type === 'TYPE_MESSAGE' || type === 'TYPE_ENUM' ? `${type.slice(5).toLowerCase()} ${typeName}` : type.slice(5).toLowerCase();

/** What the schemas say. */
function declared(): { messages: Map<string, Members>; enums: Map<string, readonly string[]>; methods: Map<string, string> } {
  const messages = new Map<string, Members>();
  const enums = new Map<string, readonly string[]>();
  const walk = (schema: WireSchema): string => {
    const wireType: WireType = wireTypeOf(schema);
    switch (wireType.type) {
      case 'nullable':
        return `optional ${walk(wireType.of)}`;
      case 'repeated':
      case 'map':
        return `${wireType.type} ${walk(wireType.of)}`;
      case 'enum':
        enums.set(wireType.name, wireType.values);
        return `enum ${wireType.name}`;
      case 'message': {
        if (!messages.has(wireType.name)) {
          const members: Members = {};
          messages.set(wireType.name, members);
          for (const [name, member] of Object.entries(wireType.fields())) members[name] = walk(member);
        }
        return `message ${wireType.name}`;
      }
      default:
        return wireType.type;
    }
  };
  const name = (schema: WireSchema): string => walk(schema).slice('message '.length);
  const methods = new Map(
    RPC_METHODS.map((method) => [
      `${method.service}.${method.name}`,
      `${name(method.request)} -> ${method.streams ? 'stream ' : ''}${name(method.reply)}`,
    ]),
  );
  return { messages, enums, methods };
}

const sorted = <Value>(map: ReadonlyMap<string, Value>): Record<string, Value> =>
  Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));

describe('the schemas and the .proto files', () => {
  it('have the same methods', () => {
    expect(sorted(declared().methods)).toEqual(sorted(described().methods));
    expect(declared().methods.size).toBe(14);
  });

  it('have the same messages with the same members: name, type, repeated, optional', () => {
    expect(sorted(declared().messages)).toEqual(sorted(described().messages));
  });

  it('have the same words in every enum, in the same order', () => {
    expect(sorted(declared().enums)).toEqual(sorted(described().enums));
  });
});
