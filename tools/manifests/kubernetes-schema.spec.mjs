import { schemaProblems } from './kubernetes-schema.mjs';

const object = (apiVersion, kind, rest) => ({ apiVersion, kind, metadata: { name: 'one' }, ...rest });
const deployment = (pod = {}, spec = {}) =>
  object('apps/v1', 'Deployment', {
    spec: {
      selector: { matchLabels: { app: 'one' } },
      template: { metadata: { labels: { app: 'one' } }, spec: { containers: [{ name: 'one', image: 'one:1' }], ...pod } },
      ...spec,
    },
  });
const scaled = (trigger = {}, spec = {}) =>
  object('keda.sh/v1alpha1', 'ScaledObject', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'worker' },
      minReplicaCount: 1,
      maxReplicaCount: 2,
      triggers: [
        {
          type: 'prometheus',
          name: 'depth',
          metricType: 'Value',
          metadata: { serverAddress: 'http://prometheus:9090', query: 'up', threshold: '1' },
          ...trigger,
        },
      ],
      ...spec,
    },
  });

describe('schemaProblems', () => {
  it.each([
    ['a Deployment', deployment()],
    ['any label', deployment({ nodeSelector: { 'kubernetes.io/arch': 'arm64' } })],
    [
      'any resource',
      deployment({ containers: [{ name: 'one', image: 'one:1', resources: { limits: { cpu: '1', 'example.com/gpu': 1 } } }] }),
    ],
    ['any key of a ConfigMap', object('v1', 'ConfigMap', { data: { 'models.json': '{}' } })],
    [
      'a port by number or by name',
      object('v1', 'Service', {
        spec: {
          ports: [
            { port: 1, targetPort: 'http' },
            { name: 'b', port: 2, targetPort: 2 },
          ],
        },
      }),
    ],
    ['a ScaledObject', scaled()],
  ])('accepts %s', async (_, good) => {
    expect(await schemaProblems(good)).toEqual([]);
  });

  it.each([
    ['an unknown field at the top', { ...deployment(), specs: {} }, /\/specs is not a field/],
    ['an unknown field of the spec', deployment({}, { replica: 2 }), /\/spec\/replica is not a field/],
    [
      'an unknown field of a pod',
      deployment({ terminationGracePeriod: 3 }),
      /\/spec\/template\/spec\/terminationGracePeriod is not a field/,
    ],
    [
      'an unknown field of a container',
      deployment({ containers: [{ name: 'one', image: 'one:1', comand: [] }] }),
      /\/containers\/0\/comand is not a field/,
    ],
    [
      'an unknown field deep inside',
      deployment({ containers: [{ name: 'one', image: 'one:1', securityContext: { capabilities: { dropp: ['ALL'] } } }] }),
      /\/capabilities\/dropp is not a field/,
    ],
    ['a field of metadata that is none', { ...deployment(), metadata: { name: 'one', label: {} } }, /\/metadata\/label is not a field/],
    ['a wrong type', deployment({}, { replicas: '2' }), /\/spec\/replicas.*integer/],
    ['a missing field', deployment({ containers: [{ image: 'one:1' }] }), /\/containers\/0.*"name"/],
    [
      'a quantity that is none',
      deployment({ containers: [{ name: 'one', image: 'one:1', resources: { limits: { memory: '512 MB' } } }] }),
      /memory/,
    ],
    ['a label that is no text', deployment({ nodeSelector: { disk: true } }), /nodeSelector\/disk.*string/],
    [
      'an environment variable that is no text',
      deployment({ containers: [{ name: 'one', image: 'one:1', env: [{ name: 'PORT', value: 8787 }] }] }),
      /env\/0\/value.*string/,
    ],
    ['a kind that does not exist', object('apps/v1', 'Deploymnet', {}), /apps\/v1 has no kind Deploymnet/],
    ['a version that does not serve the kind', object('v1', 'Deployment', {}), /v1 has no kind Deployment/],
    ['a group nobody uses', object('extensions/v1beta1', 'Ingress', {}), /extensions\/v1beta1 is not one of/],
    ['no name', { ...deployment(), metadata: {} }, /is no name/],
    ['a name the server refuses', { ...deployment(), metadata: { name: 'One_Two' } }, /"One_Two" is no name/],
    ['a label the server refuses', { ...deployment(), metadata: { name: 'one', labels: { app: 'a b' } } }, /"a b"/],
    ['an unknown field of a ScaledObject', scaled({}, { cooldown: 3 }), /\/spec.*cooldown/],
    [
      'an unknown field of a trigger',
      scaled({ metadata: { serverAddress: 'http://prometheus:9090', query: 'up', threshold: '1', treshold: '2' } }),
      /treshold/,
    ],
    [
      'a threshold that is no text',
      scaled({ metadata: { serverAddress: 'http://prometheus:9090', query: 'up', threshold: 1 } }),
      /threshold.*string/,
    ],
  ])('rejects %s', async (_, bad, words) => {
    expect((await schemaProblems(bad)).join('\n')).toMatch(words);
  });
});
