import { Ajv2020 } from 'ajv/dist/2020.js';

const text = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 1 };
const closed = (properties, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const rules = closed(
  {
    stabilizationWindowSeconds: { type: 'integer', minimum: 0, maximum: 3600 },
    policies: {
      type: 'array',
      minItems: 1,
      items: closed({ type: { enum: ['Pods', 'Percent'] }, value: count, periodSeconds: { ...count, maximum: 1800 } }),
    },
  },
  ['policies'],
);

/** Of KEDA's ScaledObject (keda.sh/v1alpha1, KEDA 2.12 and later) only what is used here; KEDA knows more. */
const SCALED_OBJECT = closed({
  apiVersion: { const: 'keda.sh/v1alpha1' },
  kind: { const: 'ScaledObject' },
  metadata: closed({ name: text, namespace: text, labels: { type: 'object', additionalProperties: { type: 'string' } } }, ['name']),
  spec: closed(
    {
      scaleTargetRef: closed({ apiVersion: { const: 'apps/v1' }, kind: { const: 'Deployment' }, name: text }),
      minReplicaCount: count,
      maxReplicaCount: count,
      pollingInterval: count,
      advanced: closed({ horizontalPodAutoscalerConfig: closed({ behavior: closed({ scaleUp: rules, scaleDown: rules }) }) }),
      triggers: {
        type: 'array',
        minItems: 1,
        items: closed({
          type: { const: 'prometheus' },
          name: text,
          metricType: { enum: ['AverageValue', 'Value'] },
          metadata: closed({
            serverAddress: { type: 'string', pattern: '^https?://' },
            query: text,
            // KEDA reads figures of a trigger from strings.
            threshold: { type: 'string', pattern: '^[0-9]+([.][0-9]+)?$' },
          }),
        }),
      },
    },
    ['scaleTargetRef', 'minReplicaCount', 'maxReplicaCount', 'triggers'],
  ),
});

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(SCALED_OBJECT);

/** Compares a ScaledObject with the fields of it that are used here. */
export function scaledObjectProblems(object) {
  if (validate(object)) return [];
  return validate.errors.map(({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
}
