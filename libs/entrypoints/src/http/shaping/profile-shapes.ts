import { isProfileLeaf, type ProfileTree } from '@continuo/domain';
import type { ProfileInstance, ProfileTemplate } from '@continuo/ports';

/** A tree in the wire's spelling. */
export function wireProfileTree(tree: ProfileTree): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [
      name,
      isProfileLeaf(node) ? { value: node.value, algorithm_updatable: node.algorithmUpdatable } : wireProfileTree(node),
    ]),
  );
}

export const templateSummary = (template: ProfileTemplate) => ({
  profile_template_id: template.id,
  name: template.name,
  project_id: template.projectId,
  instance_count: template.instances,
  create_time: new Date(template.createdAt).toISOString(),
  update_time: new Date(template.updatedAt).toISOString(),
});

/** One profile as `/get/memory` lists it. */
export const listedProfile = (instance: ProfileInstance) => ({
  id: instance.id,
  project_id: instance.scope.projectId,
  profile_template_id: instance.templateId,
  properties: wireProfileTree(instance.properties),
  status: 'activated' as const,
  created_at: new Date(instance.createdAt).toISOString(),
  updated_at: new Date(instance.updatedAt).toISOString(),
});
