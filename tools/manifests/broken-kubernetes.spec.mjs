import { Buffer } from 'node:buffer';
import { kubernetesProblems } from './kubernetes-rules.mjs';
import { unbuilt } from './kustomize.mjs';

/** The Secrets that the services name, each with its keys. */
const EXTERNAL = {
  'continuo-records': ['CONTINUO_RECORDS_URL'],
  'continuo-migration': ['CONTINUO_MIGRATION_URL'],
  'continuo-index': ['CONTINUO_INDEX_URL'],
  'continuo-broker': ['CONTINUO_BROKER_URL'],
  'continuo-service-token': ['CONTINUO_SERVICE_TOKEN'],
};
const find = (objects, kind, name) => objects.find((object) => object.kind === kind && object.metadata.name === name);
const pod = (objects, name, kind = 'Deployment') => find(objects, kind, name).spec.template.spec;
const container = (objects, name, kind) => pod(objects, name, kind).containers[0];
const settings = (objects, name) => find(objects, 'ConfigMap', `continuo-${name}`).data;
const annotations = (objects) => find(objects, 'Ingress', 'gateway').metadata.annotations;
const without = (objects, kind, name) => objects.splice(objects.indexOf(find(objects, kind, name)), 1);
const policy = (objects, name) => find(objects, 'NetworkPolicy', name).spec;

/** Each breaks the manifests in one place; the words say what has to be noticed. */
const BROKEN = {
  'an unknown field': [(objects) => (container(objects, 'recall').imagePullPolicies = 'Always'), /imagePullPolicies is not a field/],
  'the same object twice': [(objects) => objects.push(find(objects, 'Service', 'recall')), /Service recall stands twice/],

  'a container that may be root': [
    (objects) => (pod(objects, 'worker').securityContext.runAsNonRoot = false),
    /Deployment worker: container worker: runAsNonRoot/,
  ],
  'a user that is root': [(objects) => (pod(objects, 'worker').securityContext.runAsUser = 0), /runAsUser is not a number above 0/],
  'a container that writes into its image': [
    (objects) => delete container(objects, 'gateway').securityContext.readOnlyRootFilesystem,
    /readOnlyRootFilesystem/,
  ],
  'a container that may become more': [
    (objects) => delete container(objects, 'migration', 'Job').securityContext.allowPrivilegeEscalation,
    /Job migration: .*allowPrivilegeEscalation/,
  ],
  'a container that keeps capabilities': [
    (objects) => (container(objects, 'recall').securityContext.capabilities = { drop: ['NET_RAW'] }),
    /does not drop all capabilities/,
  ],
  'a container that adds one': [
    (objects) => (container(objects, 'recall').securityContext.capabilities.add = ['SYS_PTRACE']),
    /does not drop all capabilities/,
  ],
  'a privileged container': [(objects) => (container(objects, 'recall').securityContext.privileged = true), /is privileged/],
  'a pod without a seccomp profile': [(objects) => delete pod(objects, 'recall').securityContext.seccompProfile, /seccompProfile/],
  'a pod with a token of the cluster': [
    (objects) => delete pod(objects, 'recall').automountServiceAccountToken,
    /automountServiceAccountToken/,
  ],
  'a pod on the network of its node': [(objects) => (pod(objects, 'recall').hostNetwork = true), /shares a namespace of its node/],
  'a pod with a folder of its node': [
    (objects) => (pod(objects, 'recall').volumes[1] = { name: 'embedder', hostPath: { path: '/' } }),
    /mounts a folder of its node/,
  ],
  'a first container that is not confined': [
    (objects) => (pod(objects, 'worker').initContainers = [{ name: 'first', image: 'busybox:1', resources: {} }]),
    /container first: readOnlyRootFilesystem[\s\S]*container first: limits no memory/,
  ],
  'an image without a version': [(objects) => (container(objects, 'worker').image = 'continuo-worker'), /names no version/],
  'an image of the latest version': [(objects) => (container(objects, 'worker').image = 'continuo-worker:latest'), /names no version/],

  'a missing limit': [
    (objects) => delete container(objects, 'worker').resources.limits.memory,
    /Deployment worker: container worker: limits no memory/,
  ],
  'a missing request': [
    (objects) => delete container(objects, 'migration', 'Job').resources.requests.cpu,
    /Job migration: .*requests no cpu/,
  ],
  'a grace shorter than the drain': [
    (objects) => (pod(objects, 'generation').terminationGracePeriodSeconds = 12),
    /generation: terminationGracePeriodSeconds is 12, the drain takes 16/,
  ],
  'a longer drain in the same grace': [
    (objects) => {
      settings(objects, 'settings').CONTINUO_DRAIN_MS = '9000';
      pod(objects, 'gateway').terminationGracePeriodSeconds = 18;
    },
    /gateway: terminationGracePeriodSeconds is 18, the drain takes 19/,
  ],
  'no pause before the end': [(objects) => delete container(objects, 'gateway').lifecycle, /gateway: no preStop sleep/],

  'a Service that finds nobody': [
    (objects) => (find(objects, 'Service', 'recall').spec.selector = { app: 'recall' }),
    /Service recall: its selector finds 0 workloads/,
  ],
  'a Service with a port that nobody has': [
    (objects) => (find(objects, 'Service', 'recall').spec.ports[0].targetPort = 'http'),
    /recall has no port http/,
  ],
  'a Deployment that does not find its pods': [
    (objects) => (find(objects, 'Deployment', 'worker').spec.selector = { matchLabels: { app: 'worker' } }),
    /its selector is not what its pods/,
  ],
  'a probe of a path that nothing answers': [
    (objects) => (container(objects, 'worker').livenessProbe.httpGet.path = '/healthz'),
    /worker: livenessProbe asks \/healthz/,
  ],
  'a readiness that only asks for life': [
    (objects) => (container(objects, 'worker').readinessProbe.httpGet.path = '/livez'),
    /readinessProbe asks \/livez, expected \/readyz/,
  ],
  'a probe of a port that is not there': [
    (objects) => (container(objects, 'recall').readinessProbe.httpGet.port = 'http'),
    /readinessProbe asks port http/,
  ],
  'a missing probe': [(objects) => delete container(objects, 'recall').startupProbe, /recall: no startupProbe/],
  'figures read from the wrong port': [
    (objects) => (find(objects, 'Deployment', 'recall').spec.template.metadata.annotations['prometheus.io/port'] = '50051'),
    /prometheus.io says 50051/,
  ],
  'a mount of a volume that is not there': [(objects) => pod(objects, 'recall').volumes.pop(), /recall: mounts embedder/],
  'a volume that nothing mounts': [(objects) => container(objects, 'recall').volumeMounts.pop(), /nothing mounts the volume embedder/],

  'an Ingress to a Service that is not there': [
    (objects) => (find(objects, 'Ingress', 'gateway').spec.rules[0].http.paths[0].backend.service.name = 'api'),
    /Service api does not exist/,
  ],
  'an Ingress to a port that is not there': [
    (objects) => (find(objects, 'Ingress', 'gateway').spec.rules[0].http.paths[0].backend.service.port = { name: 'web' }),
    /has no port web/,
  ],
  'an Ingress that opens more than the API': [
    (objects) => (find(objects, 'Ingress', 'gateway').spec.rules[0].http.paths[0].path = '/'),
    /path \/ is not the API's/,
  ],
  'an Ingress that holds streams back': [
    (objects) => delete annotations(objects)['nginx.ingress.kubernetes.io/proxy-buffering'],
    /proxy-buffering is not off/,
  ],
  'an Ingress that cuts long answers': [
    (objects) => (annotations(objects)['nginx.ingress.kubernetes.io/proxy-read-timeout'] = '60'),
    /proxy-read-timeout is not longer/,
  ],
  'an Ingress that refuses large bodies': [
    (objects) => (annotations(objects)['nginx.ingress.kubernetes.io/proxy-body-size'] = '1m'),
    /proxy-body-size is less/,
  ],

  'a Secret that nobody makes': [
    (objects) => (container(objects, 'worker').env[0].valueFrom.secretKeyRef.name = 'record'),
    /Deployment worker: Secret record with CONTINUO_RECORDS_URL does not exist/,
  ],
  'a key that its Secret does not have': [
    (objects) => (container(objects, 'worker').env[0].valueFrom.secretKeyRef.key = 'URL'),
    /Secret continuo-records with URL does not exist/,
  ],
  'a ConfigMap that nobody makes': [
    (objects) => (container(objects, 'worker').envFrom[1].configMapRef.name = 'continuo-works'),
    /ConfigMap continuo-works does not exist/,
  ],
  'a Secret from outside that nobody needs': [
    (objects) => (container(objects, 'recall').env = container(objects, 'recall').env.filter(({ name }) => name !== 'CONTINUO_INDEX_URL')),
    /continuo-index is expected from outside and used by nothing/,
  ],

  'an autoscaler of nothing': [
    (objects) => (find(objects, 'HorizontalPodAutoscaler', 'recall').spec.scaleTargetRef.name = 'recal'),
    /Deployment recal does not exist/,
  ],
  'replicas beside an autoscaler': [(objects) => (find(objects, 'Deployment', 'recall').spec.replicas = 3), /recall also has replicas/],
  'two autoscalers of one Deployment': [
    (objects) => (find(objects, 'HorizontalPodAutoscaler', 'recall').spec.scaleTargetRef.name = 'gateway'),
    /gateway is scaled twice/,
  ],
  'an autoscaler that cannot scale': [
    (objects) => (find(objects, 'HorizontalPodAutoscaler', 'recall').spec.maxReplicas = 1),
    /cannot go from 2 to 1/,
  ],
  'a figure that nothing reports': [
    (objects) =>
      find(objects, 'HorizontalPodAutoscaler', 'recall').spec.metrics.push({
        type: 'External',
        external: { metric: { name: 'continuo_queue_length' }, target: { type: 'Value', value: '1' } },
      }),
    /continuo_queue_length is not a figure/,
  ],
  'a budget of nothing': [
    (objects) => (find(objects, 'PodDisruptionBudget', 'worker').spec.selector.matchLabels = { app: 'worker' }),
    /its selector finds no Deployment[\s\S]*Deployment worker: has no PodDisruptionBudget/,
  ],
  'a missing budget': [(objects) => without(objects, 'PodDisruptionBudget', 'gateway'), /gateway: has no PodDisruptionBudget/],
  'replicas that may all be on one node': [
    (objects) => delete pod(objects, 'gateway').topologySpreadConstraints,
    /gateway: does not spread/,
  ],
  'replicas that spread by other labels': [
    (objects) => (pod(objects, 'gateway').topologySpreadConstraints[0].labelSelector.matchLabels = { app: 'gateway' }),
    /spreads by labels it does not have/,
  ],

  'a namespace that is open': [(objects) => without(objects, 'NetworkPolicy', 'deny-all'), /No NetworkPolicy closes the namespace/],
  'a policy for pods that are not there': [
    (objects) => (policy(objects, 'worker').podSelector.matchLabels = { 'app.kubernetes.io/name': 'workers' }),
    /"workers".*finds no pod/,
  ],
  'a policy with one wrong name among right ones': [
    (objects) => policy(objects, 'traces').podSelector.matchExpressions[0].values.push('recal'),
    /"recal".*finds no pod/,
  ],
  'a policy from pods that are not there': [
    (objects) => (policy(objects, 'recall').ingress[0].from[0].podSelector.matchLabels = { 'app.kubernetes.io/name': 'api' }),
    /"api".*finds no pod/,
  ],
  'a policy for a port that is not there': [
    (objects) => (policy(objects, 'recall').ingress[0].ports[0].port = 50055),
    /lets in on 50055[\s\S]*gateway → recall:50051 is closed/,
  ],
  'a way that has to be open': [(objects) => policy(objects, 'worker').egress.shift(), /worker → recall:50051 is closed/],
  'a way that has to be closed': [
    (objects) => (policy(objects, 'generation').egress.push({}), policy(objects, 'recall').ingress.push({})),
    /generation → recall:50051 is open/,
  ],

  'a variable that is no setting': [
    (objects) => (settings(objects, 'worker').CONTINUO_WORKER_CONCURRENCY = '4'),
    /worker: CONTINUO_WORKER_CONCURRENCY is not a setting/,
  ],
  'a variable of somebody else': [(objects) => (settings(objects, 'worker').WORKER_CONCURENCY = '4'), /WORKER_CONCURENCY is not a setting/],
  'a value the setting does not take': [
    (objects) => (settings(objects, 'worker').WORKER_CONCURRENCY = '640'),
    /WORKER_CONCURRENCY is "640"; expected/,
  ],
  'a variable that is missing': [
    (objects) => delete settings(objects, 'gateway').CONTINUO_RECALL_URL,
    /gateway: CONTINUO_RECALL_URL is missing/,
  ],
  'a store that the code asks for': [(objects) => container(objects, 'recall').env.splice(1, 1), /recall: CONTINUO_INDEX_URL is missing/],
  'a key that is for others': [
    (objects) =>
      container(objects, 'worker').env.push({
        name: 'CONTINUO_INDEX_URL',
        valueFrom: { secretKeyRef: { name: 'continuo-index', key: 'CONTINUO_INDEX_URL' } },
      }),
    /CONTINUO_INDEX_URL is not for worker/,
  ],
  'a port that the setting does not choose': [
    (objects) => (settings(objects, 'recall').CONTINUO_SERVICE_PORT = '50061'),
    /port grpc is 50051, but CONTINUO_SERVICE_PORT is 50061/,
  ],
  'a port of operations that the setting does not choose': [
    (objects) => (container(objects, 'worker').ports[0].containerPort = 9465),
    /port operations is 9465, but CONTINUO_OPERATIONS_PORT is 9464/,
  ],
  'an address that no Service is': [
    (objects) => (settings(objects, 'gateway').CONTINUO_RECALL_URL = 'dns:///recal:50051'),
    /CONTINUO_RECALL_URL names recal:50051, which no Service is/,
  ],
  'an address with the wrong port': [
    (objects) => (settings(objects, 'gateway').CONTINUO_RECALL_URL = 'dns:///recall:50052'),
    /names recall:50052, which no Service is/,
  ],
  'a store that no Service is': [
    (objects) =>
      objects.push({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'continuo-broker' },
        data: { CONTINUO_BROKER_URL: Buffer.from('redis://:a@redis:6379').toString('base64') },
      }),
    /CONTINUO_BROKER_URL names redis:6379, which no Service is/,
  ],
  'a models file that nobody mounts': [
    (objects) => (settings(objects, 'generation').CONTINUO_MODELS_FILE = '/etc/models.json'),
    /CONTINUO_MODELS_FILE is \/etc\/models.json, which no ConfigMap puts there/,
  ],
  'a models file with a mistake': [
    (objects) => {
      settings(objects, 'generation').CONTINUO_MODELS_FILE = '/etc/continuo/models.json';
      objects.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'continuo-models-file' },
        data: { 'models.json': '{"models":[{"nam":"a"}]}' },
      });
    },
    /CONTINUO_MODELS_FILE \(\/etc\/continuo\/models.json\): models/,
  ],
};

describe('the rules for manifests', () => {
  const whole = unbuilt('base');

  it('find nothing wrong with those that are broken below', async () => {
    expect(await kubernetesProblems(whole, EXTERNAL)).toEqual([]);
  });

  it.each(Object.entries(BROKEN))('notice %s', async (_, [breakIt, words]) => {
    const objects = structuredClone(whole);
    breakIt(objects);
    expect((await kubernetesProblems(objects, EXTERNAL)).join('\n')).toMatch(words);
  });
});
