/** What runs pods: each with its pod's template. */
const KINDS = new Set(['Deployment', 'StatefulSet', 'Job', 'DaemonSet']);

/** @returns each workload with its name, its template and its containers, those that run first included. */
export function workloadsOf(objects) {
  return objects
    .filter(({ kind }) => KINDS.has(kind))
    .map((object) => {
      const { template } = object.spec;
      return {
        kind: object.kind,
        name: object.metadata.name,
        object,
        labels: template.metadata?.labels ?? {},
        pod: template.spec,
        containers: [...(template.spec.initContainers ?? []), ...(template.spec.containers ?? [])],
      };
    });
}

/** Our own images begin with this; what they read from the environment is in the settings' schema. */
export const isOurs = ({ image }) => /(?:^|\/)continuo-/.test(image ?? '');

/** Whether labels are what a selector asks for. One without a condition selects all. */
export function selects({ matchLabels = {}, matchExpressions = [] }, labels) {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`The checks do not know the operator ${operator}.`);
      return values.includes(labels[key]);
    })
  );
}

/** The ports of a pod, by number and by name. */
export const portsOf = ({ containers }) => containers.flatMap(({ ports = [] }) => ports);
