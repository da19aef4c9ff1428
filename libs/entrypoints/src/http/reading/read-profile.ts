import { isWireLeaf, type WireProfileLeaf, type WireProfileTree } from '@continuo/contracts';
import { agentSubject, type ProfileField, type ProfileTree, type SubjectKey, treeOf, userSubject } from '@continuo/domain';
import type { ProfileFieldEdit } from '@continuo/ports';

/** Whose profile is meant; the schema has seen to it that there is exactly one. */
export const profileSubject = (body: { readonly user_id?: string | undefined; readonly agent_id?: string | undefined }): SubjectKey =>
  body.user_id === undefined ? agentSubject(body.agent_id ?? '') : userSubject(body.user_id);

/** A template's tree; members that are not given are as the contract has them. */
export const readProfileTree = (tree: WireProfileTree): ProfileTree =>
  treeOf(
    readFields(tree).map(({ names, value, algorithmUpdatable }): ProfileField => ({
      names,
      value: value ?? '',
      algorithmUpdatable: algorithmUpdatable ?? true,
    })),
  );

/** The fields of a part of a tree; what is not said of one stays as it is. */
export function readFields(tree: WireProfileTree, above: readonly string[] = []): readonly ProfileFieldEdit[] {
  return Object.entries(tree).flatMap(([name, node]): readonly ProfileFieldEdit[] => {
    const names = [...above, name];
    if (!isWireLeaf(node)) return readFields(node as WireProfileTree, names);
    const { value, algorithm_updatable: algorithmUpdatable } = node as WireProfileLeaf;
    return [{ names, value: value ?? null, algorithmUpdatable: algorithmUpdatable ?? null }];
  });
}
