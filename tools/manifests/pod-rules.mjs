import { workloadsOf } from './workloads.mjs';

/** After the drain: last words of what was cut off, and closing what is open. */
const RESERVE_MS = 5_000;
const RESOURCES = ['cpu', 'memory'];

/** What every pod and every container has to say about its rights, whoever made its image. */
export function securityProblems(objects) {
  return workloadsOf(objects).flatMap(({ kind, name, pod, containers }) => {
    const problems = [];
    const { securityContext = {} } = pod;
    if (pod.automountServiceAccountToken !== false) problems.push('automountServiceAccountToken is not false');
    if (securityContext.seccompProfile?.type !== 'RuntimeDefault') problems.push('seccompProfile is not RuntimeDefault');
    if (pod.hostNetwork || pod.hostPID || pod.hostIPC) problems.push('shares a namespace of its node');
    if ((pod.volumes ?? []).some(({ hostPath }) => hostPath)) problems.push('mounts a folder of its node');
    for (const container of containers) problems.push(...containerProblems(container, securityContext));
    return problems.map((problem) => `${kind} ${name}: ${problem}`);
  });
}

function containerProblems({ name, image, securityContext: own = {} }, ofPod) {
  const problems = [];
  const inherited = { ...ofPod, ...own };
  if (inherited.runAsNonRoot !== true) problems.push('runAsNonRoot is not true');
  if (!(inherited.runAsUser > 0)) problems.push('runAsUser is not a number above 0');
  if (own.readOnlyRootFilesystem !== true) problems.push('readOnlyRootFilesystem is not true');
  if (own.allowPrivilegeEscalation !== false) problems.push('allowPrivilegeEscalation is not false');
  if (own.privileged === true) problems.push('is privileged');
  if (!own.capabilities?.drop?.includes('ALL') || own.capabilities.add?.length > 0) problems.push('does not drop all capabilities');
  if (!/:[\w][\w.-]*$/.test(image) || image.endsWith(':latest')) problems.push(`image ${image} names no version`);
  return problems.map((problem) => `container ${name}: ${problem}`);
}

/** Every container asks for what it needs and says what it may take at most. */
export function resourceProblems(objects) {
  return workloadsOf(objects).flatMap(({ kind, name, containers }) =>
    containers.flatMap(({ name: container, resources = {} }) =>
      ['requests', 'limits']
        .flatMap((side) =>
          RESOURCES.filter((resource) => resources[side]?.[resource] === undefined).map((resource) => `${side} no ${resource}`),
        )
        .map((missing) => `${kind} ${name}: container ${container}: ${missing}`),
    ),
  );
}

/** A pod is given the time to stop that its settings promise: first preStop, then the drain, then a reserve. */
export function drainProblems(objects, drainMsOf) {
  return workloadsOf(objects).flatMap((workload) =>
    workload.containers.flatMap((container) => {
      const drainMs = drainMsOf(workload, container);
      if (drainMs === undefined) return [];
      const preStopMs = (container.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000;
      const graceMs = (workload.pod.terminationGracePeriodSeconds ?? 30) * 1_000;
      const where = `${workload.kind} ${workload.name}`;
      if (preStopMs === 0) return [`${where}: no preStop sleep, so calls still arrive while it drains`];
      const neededMs = preStopMs + drainMs + RESERVE_MS;
      return graceMs < neededMs
        ? [`${where}: terminationGracePeriodSeconds is ${graceMs / 1_000}, the drain takes ${neededMs / 1_000}`]
        : [];
    }),
  );
}
