import { portsOf, selects, workloadsOf } from './workloads.mjs';

/** Pods that only a component brings; a rule may name them where they are not. */
const OPTIONAL = new Set(['administration']);
const NAME = 'app.kubernetes.io/name';

const policiesOf = (objects) => objects.filter(({ kind }) => kind === 'NetworkPolicy');

/** Every selector of a pod in this namespace finds one, and ports are those of pods. */
export function policyProblems(objects) {
  const workloads = workloadsOf(objects);
  const problems = policiesOf(objects).flatMap(({ metadata: { name }, spec }) => {
    const selectors = [
      spec.podSelector,
      ...peersOf(spec)
        .filter(({ namespaceSelector }) => !namespaceSelector)
        .flatMap(({ podSelector }) => podSelector ?? []),
    ];
    const chosen = workloads.filter(({ labels }) => selects(spec.podSelector, labels));
    const ports = (spec.ingress ?? []).flatMap((rule) => rule.ports ?? []).map(({ port }) => port);
    return [
      ...selectors
        .flatMap(alternatives)
        .filter((selector) => !found(selector, workloads))
        .map((selector) => `${JSON.stringify(selector)} finds no pod`),
      ...ports
        .filter((port) => !chosen.some((each) => portsOf(each).some(({ containerPort }) => containerPort === port)))
        .map((port) => `lets in on ${port}, which none of its pods has`),
    ].map((problem) => `NetworkPolicy ${name}: ${problem}`);
  });
  const closed = policiesOf(objects).some(
    ({ spec }) => isEmpty(spec.podSelector) && spec.policyTypes.length === 2 && !spec.ingress && !spec.egress,
  );
  return closed ? problems : [...problems, 'No NetworkPolicy closes the namespace for all that is not let through'];
}

const isEmpty = ({ matchLabels, matchExpressions }) => !matchLabels && !matchExpressions;
const peersOf = ({ ingress = [], egress = [] }) => [
  ...ingress.flatMap((rule) => rule.from ?? []),
  ...egress.flatMap((rule) => rule.to ?? []),
];
const found = (selector, workloads) =>
  OPTIONAL.has(selector.matchLabels?.[NAME]) || workloads.some(({ labels }) => selects(selector, labels));

/** One selector for each of the values that an expression lists, so that a misspelt one does not hide among others. */
const alternatives = (selector) =>
  selector.matchExpressions
    ? selector.matchExpressions.flatMap(({ key, values }) =>
        values.map((value) => ({ matchLabels: { ...selector.matchLabels, [key]: value } })),
      )
    : [selector];

/** Who reaches whom inside the namespace, as lines such as `gateway → recall:50051`. */
export function reachable(objects) {
  const workloads = workloadsOf(objects);
  const policies = policiesOf(objects).map(({ spec }) => spec);
  return workloads
    .flatMap((from) =>
      workloads.flatMap((to) =>
        portsOf(to)
          .filter(
            ({ containerPort }) =>
              opens(policies, 'Egress', from, to, containerPort) && opens(policies, 'Ingress', to, from, containerPort),
          )
          .map(({ containerPort }) => `${from.name} → ${to.name}:${containerPort}`),
      ),
    )
    .toSorted();
}

function opens(policies, direction, pod, peer, port) {
  const [rulesOf, peers] = direction === 'Egress' ? ['egress', 'to'] : ['ingress', 'from'];
  const own = policies.filter(({ podSelector, policyTypes }) => policyTypes.includes(direction) && selects(podSelector, pod.labels));
  if (own.length === 0) return true;
  return own
    .flatMap((policy) => policy[rulesOf] ?? [])
    .some(
      (rule) =>
        (rule.ports ?? [{ port }]).some((each) => each.port === port) &&
        (rule[peers] ?? [{ podSelector: {} }]).some((each) => isPeer(each, peer)),
    );
}

/** Another namespace, or an address outside, is no pod of this one. */
const isPeer = ({ podSelector, namespaceSelector, ipBlock }, { labels }) =>
  namespaceSelector === undefined && ipBlock === undefined && selects(podSelector ?? {}, labels);
