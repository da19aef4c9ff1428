import { selects, workloadsOf } from './workloads.mjs';

const ofKind = (objects, kind) => objects.filter((object) => object.kind === kind);

/**
 * Autoscalers and disruption budgets mean Deployments that exist; none is counted by two, or by one and by hand; and every
 * Deployment of ours may lose a replica at a time and spreads those it has.
 *
 * @param services the Deployments that have to have a budget and to spread.
 */
export function scalingProblems(objects, services) {
  const deployments = workloadsOf(objects).filter(({ kind }) => kind === 'Deployment');
  const scalers = [...ofKind(objects, 'HorizontalPodAutoscaler'), ...ofKind(objects, 'ScaledObject')];
  const budgets = ofKind(objects, 'PodDisruptionBudget');
  return [
    ...scalers.flatMap((scaler) => targetProblems(scaler, deployments, scalers)),
    ...budgets
      .filter(({ spec }) => !deployments.some(({ labels }) => selects(spec.selector, labels)))
      .map(({ metadata }) => `PodDisruptionBudget ${metadata.name}: its selector finds no Deployment`),
    ...services.flatMap((service) => serviceScaling(service, deployments, budgets)),
  ];
}

function targetProblems({ kind, metadata: { name }, spec }, deployments, scalers) {
  const target = spec.scaleTargetRef.name;
  const deployment = deployments.find((each) => each.name === target);
  const { minReplicas = spec.minReplicaCount, maxReplicas = spec.maxReplicaCount } = spec;
  const problems = [];
  if (!deployment) problems.push(`Deployment ${target} does not exist`);
  else if (deployment.object.spec.replicas !== undefined)
    problems.push(`Deployment ${target} also has replicas, so every apply undoes the scaling`);
  if (scalers.filter((each) => each.spec.scaleTargetRef.name === target).length > 1) problems.push(`Deployment ${target} is scaled twice`);
  if (!(minReplicas >= 1 && maxReplicas >= minReplicas)) problems.push(`cannot go from ${minReplicas} to ${maxReplicas}`);
  return problems.map((problem) => `${kind} ${name}: ${problem}`);
}

function serviceScaling(service, deployments, budgets) {
  const deployment = deployments.find(({ name }) => name === service);
  if (!deployment) return [`Deployment ${service} does not exist`];
  const problems = [];
  const { labels, pod } = deployment;
  if (!budgets.some(({ spec }) => selects(spec.selector, labels))) problems.push('has no PodDisruptionBudget');
  const spread = pod.topologySpreadConstraints ?? [];
  if (spread.length === 0) problems.push('does not spread');
  if (spread.some(({ labelSelector }) => !selects(labelSelector, labels))) problems.push('spreads by labels it does not have');
  return problems.map((problem) => `Deployment ${service}: ${problem}`);
}

/** The figures that workers are scaled by are ones that the code reports. */
export function metricProblems(objects, reported) {
  const asked = [
    ...ofKind(objects, 'ScaledObject').flatMap(({ spec }) =>
      spec.triggers.flatMap(({ metadata }) => metadata.query.match(/continuo_\w+/g) ?? []),
    ),
    ...ofKind(objects, 'HorizontalPodAutoscaler').flatMap(({ spec }) =>
      spec.metrics.flatMap(({ external }) => external?.metric.name ?? []),
    ),
  ];
  return asked.filter((name) => !reported.has(name)).map((name) => `${name} is not a figure that the code reports`);
}
