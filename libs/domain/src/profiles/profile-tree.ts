/** One field of a profile: its value (empty: not known) and whether what is said may change it. */
export interface ProfileLeaf {
  readonly value: string;
  readonly algorithmUpdatable: boolean;
}

/** Fields by name, in categories or without; at most {@link MAX_PROFILE_LEVELS} names deep. */
export interface ProfileTree {
  readonly [name: string]: ProfileTree | ProfileLeaf;
}

/** A field with the names that lead to it. */
export interface ProfileField extends ProfileLeaf {
  readonly names: readonly string[];
}

/** The contract's metadata tree has up to three levels. */
export const MAX_PROFILE_LEVELS = 3;

/** The way the contract names a field: `Category.Field`. */
export const profilePath = (names: readonly string[]): string => names.join('.');

export const isProfileLeaf = (node: ProfileTree | ProfileLeaf): node is ProfileLeaf =>
  typeof node['value'] === 'string' && typeof node['algorithmUpdatable'] === 'boolean';

/** Every field, in the order in which they stand. */
export function fieldsOf(tree: ProfileTree, above: readonly string[] = []): readonly ProfileField[] {
  return Object.entries(tree).flatMap(([name, node]) =>
    isProfileLeaf(node)
      ? [{ names: [...above, name], value: node.value, algorithmUpdatable: node.algorithmUpdatable }]
      : fieldsOf(node, [...above, name]),
  );
}

/** The tree that has these fields. A later field of the same names replaces an earlier one. */
export function treeOf(fields: readonly ProfileField[]): ProfileTree {
  const root: Record<string, unknown> = {};
  for (const { names, value, algorithmUpdatable } of fields) {
    let node = root;
    for (const name of names.slice(0, -1)) node = childOf(node, name);
    define(node, names.at(-1) ?? '', { value, algorithmUpdatable });
  }
  return root as ProfileTree;
}

function childOf(node: Record<string, unknown>, name: string): Record<string, unknown> {
  if (!Object.hasOwn(node, name)) define(node, name, {});
  return node[name] as Record<string, unknown>;
}

/** Also for names such as `__proto__`. */
const define = (node: object, name: string, value: unknown): unknown =>
  Object.defineProperty(node, name, { value, enumerable: true, configurable: true, writable: true });

const byPath = (fields: readonly ProfileField[]): Map<string, ProfileField> =>
  new Map(fields.map((field) => [profilePath(field.names), field]));

/** What a new version of a template makes of a profile bound to the old one. */
export interface PropagatedTemplate {
  readonly fields: readonly ProfileField[];
  /** Paths whose values go: fields that were removed, and those whose default was changed. */
  readonly cleared: readonly string[];
}

/**
 * New fields come in with their defaults, changed defaults and flags overwrite, removed fields go with their values, what the
 * template did not change stays as it is in the profile.
 */
export function propagateTemplate(
  before: readonly ProfileField[],
  after: readonly ProfileField[],
  bound: readonly ProfileField[],
): PropagatedTemplate {
  const [old, present, kept] = [byPath(before), byPath(bound), byPath(after)];
  const cleared = bound.map(({ names }) => profilePath(names)).filter((path) => !kept.has(path));
  const fields = after.map((field) => {
    const path = profilePath(field.names);
    const [was, is] = [old.get(path), present.get(path)];
    if (is === undefined) return field;
    const newDefault = was === undefined || was.value !== field.value;
    if (newDefault) cleared.push(path);
    const newFlag = was === undefined || was.algorithmUpdatable !== field.algorithmUpdatable;
    return {
      names: field.names,
      value: newDefault ? field.value : is.value,
      algorithmUpdatable: newFlag ? field.algorithmUpdatable : is.algorithmUpdatable,
    };
  });
  return { fields, cleared };
}
