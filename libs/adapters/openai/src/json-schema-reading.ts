/** The parts of a JSON schema we look at. */
interface SchemaNode {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

/** Members every item of the list must have, as the schema says; empty: it does not say. */
export function requiredKeysOf(schema: Readonly<Record<string, unknown>>, itemsKey: string): readonly string[] {
  const required = (schema as SchemaNode).properties?.[itemsKey]?.items?.required;
  return Array.isArray(required) ? (required as readonly string[]) : [];
}

/** True when providers that enforce schemas will take it as a strict one: every object closed and all its members required. */
export function isStrictSchema(schema: Readonly<Record<string, unknown>>): boolean {
  return isStrict(schema as SchemaNode);
}

function isStrict(node: SchemaNode): boolean {
  const children = [
    ...Object.values(node.properties ?? {}),
    ...(node.items === undefined ? [] : [node.items]),
    ...(node.anyOf ?? []),
    ...Object.values(node.$defs ?? {}),
  ];
  if (node.oneOf !== undefined || node.allOf !== undefined) return false;
  if (node.properties !== undefined) {
    const required = new Set(node.required ?? []);
    if (node.additionalProperties !== false || Object.keys(node.properties).some((key) => !required.has(key))) return false;
  }
  return children.every(isStrict);
}
