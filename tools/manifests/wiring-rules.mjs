import { portsOf, selects, workloadsOf } from './workloads.mjs';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'];
const ofKind = (objects, kind) => objects.filter((object) => object.kind === kind);

/** Selectors find their pods, and ports exist where they are named. */
export function serviceProblems(objects) {
  const workloads = workloadsOf(objects);
  const services = ofKind(objects, 'Service').flatMap(({ metadata: { name }, spec }) => {
    const chosen = workloads.filter(({ labels }) => selects({ matchLabels: spec.selector }, labels));
    if (chosen.length !== 1) return [`Service ${name}: its selector finds ${chosen.length} workloads, expected 1`];
    const ports = portsOf(chosen[0]);
    return spec.ports
      .filter(({ port, targetPort = port }) => !ports.some((each) => each.name === targetPort || each.containerPort === targetPort))
      .map(({ targetPort }) => `Service ${name}: ${chosen[0].name} has no port ${targetPort}`);
  });
  const own = workloads
    .filter(({ object, labels }) => object.spec.selector && !selects(object.spec.selector, labels))
    .map(({ kind, name }) => `${kind} ${name}: its selector is not what its pods are labelled`);
  const headless = workloads
    .filter(
      ({ kind, object }) =>
        kind === 'StatefulSet' && !ofKind(objects, 'Service').some(({ metadata }) => metadata.name === object.spec.serviceName),
    )
    .map(({ name }) => `StatefulSet ${name}: its Service does not exist`);
  return [...services, ...own, ...headless];
}

/** The Ingress leads to ports that Services have, along paths that the API has. */
export function ingressProblems(objects, { prefix, chatTimeoutMs, maxBodyBytes }) {
  return ofKind(objects, 'Ingress').flatMap(({ metadata: { name, annotations = {} }, spec }) => {
    const problems = [];
    const annotation = (key) => annotations[`nginx.ingress.kubernetes.io/${key}`];
    for (const { path, backend } of spec.rules.flatMap(({ http }) => http.paths)) {
      if (path !== prefix) problems.push(`path ${path} is not the API's, ${prefix}`);
      const service = ofKind(objects, 'Service').find(({ metadata }) => metadata.name === backend.service.name);
      if (!service) problems.push(`Service ${backend.service.name} does not exist`);
      else if (!service.spec.ports.some((port) => port.name === backend.service.port.name))
        problems.push(`Service ${backend.service.name} has no port ${backend.service.port.name}`);
    }
    if (annotation('proxy-buffering') !== 'off') problems.push('holds answers back: proxy-buffering is not off');
    for (const side of ['read', 'send']) {
      if (!(Number(annotation(`proxy-${side}-timeout`)) * 1_000 > chatTimeoutMs))
        problems.push(`proxy-${side}-timeout is not longer than a chat may take`);
    }
    if (!(megabytes(annotation('proxy-body-size')) * 2 ** 20 >= maxBodyBytes))
      problems.push('proxy-body-size is less than CONTINUO_MAX_BODY_BYTES');
    return problems.map((problem) => `Ingress ${name}: ${problem}`);
  });
}

const megabytes = (size) => Number(/^(\d+)m$/.exec(size ?? '')?.[1]);

/**
 * Our containers have all three probes, on a port they have and a path the code answers; scraping asks the same port.
 *
 * @param pathsOf what the code of an app answers, such as `/readyz`.
 */
export function probeProblems(objects, pathsOf) {
  return workloadsOf(objects).flatMap((workload) => {
    const { kind, name, pod, object } = workload;
    if (kind === 'Job' || name === 'administration') return [];
    const paths = pathsOf(name);
    const problems = pod.containers.flatMap((container) => containerProbes(container, paths));
    const scraped = object.spec.template.metadata.annotations?.['prometheus.io/port'];
    const scrapedPath = object.spec.template.metadata.annotations?.['prometheus.io/path'];
    const probed = portNumber(pod.containers[0], pod.containers[0].livenessProbe?.httpGet?.port);
    if (kind === 'Deployment' && (Number(scraped) !== probed || !paths.includes(scrapedPath))) {
      problems.push(`prometheus.io says ${scraped}${scrapedPath}, which is not where the figures are`);
    }
    return problems.map((problem) => `${kind} ${name}: ${problem}`);
  });
}

function containerProbes(container, paths) {
  const ours = /(?:^|\/)continuo-/.test(container.image);
  return PROBES.flatMap((probe) => {
    const { httpGet, tcpSocket, grpc } = container[probe] ?? {};
    if (!container[probe]) return [`no ${probe}`];
    const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
    if (port !== undefined && portNumber(container, port) === undefined) return [`${probe} asks port ${port}, which it does not have`];
    const expected = probe === 'readinessProbe' ? '/readyz' : '/livez';
    if (ours && (httpGet?.path !== expected || !paths.includes(expected))) return [`${probe} asks ${httpGet?.path}, expected ${expected}`];
    return [];
  });
}

const portNumber = ({ ports = [] }, port) => ports.find((each) => each.name === port || each.containerPort === port)?.containerPort;

/**
 * Every Secret and ConfigMap that is referred to exists with the key that is meant, or comes from outside.
 *
 * @param external Secrets that others make, with their keys.
 */
export function referenceProblems(objects, external = {}) {
  const keysOf = (kind, name) => {
    const found = ofKind(objects, kind).find(({ metadata }) => metadata.name === name);
    return found
      ? Object.keys({ ...found.data, ...found.stringData, ...found.binaryData })
      : kind === 'Secret'
        ? external[name]
        : undefined;
  };
  const used = new Set();
  const problems = workloadsOf(objects).flatMap((workload) =>
    referencesOf(workload).flatMap(({ kind, name, key, optional }) => {
      const keys = keysOf(kind, name);
      if (keys) used.add(name);
      if (keys && (key === undefined || keys.includes(key))) return [];
      if (optional && !keys) return [];
      return [`${workload.kind} ${workload.name}: ${kind} ${name}${key === undefined ? '' : ` with ${key}`} does not exist`];
    }),
  );
  for (const { spec } of ofKind(objects, 'Ingress'))
    for (const { secretName } of spec.tls ?? []) {
      used.add(secretName);
      if (!keysOf('Secret', secretName)) problems.push(`Ingress: Secret ${secretName} does not exist`);
    }
  const unused = Object.keys(external).filter((name) => !used.has(name));
  return [...problems, ...unused.map((name) => `Secret ${name} is expected from outside and used by nothing`)];
}

function referencesOf({ pod, containers }) {
  const ofEnvironment = containers.flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom = {} }) => [
      ...(valueFrom.secretKeyRef ? [{ kind: 'Secret', ...valueFrom.secretKeyRef }] : []),
      ...(valueFrom.configMapKeyRef ? [{ kind: 'ConfigMap', ...valueFrom.configMapKeyRef }] : []),
    ]),
    ...envFrom.flatMap(({ secretRef, configMapRef }) => [
      ...(secretRef ? [{ kind: 'Secret', ...secretRef }] : []),
      ...(configMapRef ? [{ kind: 'ConfigMap', ...configMapRef }] : []),
    ]),
  ]);
  const ofVolumes = (pod.volumes ?? []).flatMap(({ secret, configMap }) => [
    ...(secret ? [{ kind: 'Secret', name: secret.secretName, optional: secret.optional }] : []),
    ...(configMap ? [{ kind: 'ConfigMap', name: configMap.name, optional: configMap.optional }] : []),
  ]);
  return [...ofEnvironment, ...ofVolumes];
}

/** Every volume that is mounted is there, and none is there for nothing. */
export function volumeProblems(objects) {
  return workloadsOf(objects).flatMap(({ kind, name, object, pod, containers }) => {
    const volumes = [
      ...(pod.volumes ?? []).map((volume) => volume.name),
      ...(object.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
    return [
      ...mounted.filter((each) => !volumes.includes(each)).map((each) => `${kind} ${name}: mounts ${each}, which is no volume`),
      ...volumes.filter((each) => !mounted.includes(each)).map((each) => `${kind} ${name}: nothing mounts the volume ${each}`),
    ];
  });
}
