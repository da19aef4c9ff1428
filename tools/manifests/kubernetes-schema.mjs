import { scaledObjectProblems } from './scaled-object.mjs';
import { unreadFields } from './unread-fields.mjs';

/** The API groups in use, by the name their schemas have in the package. */
const GROUPS = {
  v1: 'CoreV1',
  'apps/v1': 'AppsV1',
  'batch/v1': 'BatchV1',
  'policy/v1': 'PolicyV1',
  'autoscaling/v2': 'AutoscalingV2',
  'networking.k8s.io/v1': 'NetworkingV1',
};

/** What the API's schema leaves open and the server still refuses. */
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const LABEL_NAME = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/;

/** Compares an object with the schema of its kind. A field that the schema does not have is a problem. */
export async function schemaProblems(object) {
  const where = `${object?.kind} ${object?.metadata?.name}`;
  const problems =
    object?.apiVersion === 'keda.sh/v1alpha1' && object.kind === 'ScaledObject'
      ? scaledObjectProblems(object)
      : await builtInProblems(object);
  return [...problems, ...nameProblems(object ?? {})].map((problem) => `${where}: ${problem}`);
}

async function builtInProblems(object) {
  const group = GROUPS[object?.apiVersion];
  if (group === undefined) return [`apiVersion ${object?.apiVersion} is not one of: ${Object.keys(GROUPS).join(', ')}`];
  if (!/^[A-Za-z]+$/.test(object.kind)) return ['kind is missing'];
  const validate = await validator(`IoK8sApi${group}${object.kind}`);
  if (!validate) return [`${object.apiVersion} has no kind ${object.kind}`];
  const mistakes = [];
  const unknown = unreadFields(object, (watched) => {
    if (!validate(watched))
      for (const { instancePath, message, keyword, params } of validate.errors) {
        mistakes.push(`${instancePath || '/'} ${message ?? keyword} ${JSON.stringify(params)}`);
      }
  });
  return [...mistakes, ...unknown.map((path) => `${path} is not a field`)];
}

async function validator(name) {
  try {
    return (await import(`kubernetes-models/_schemas/${name}`)).validate;
  } catch (error) {
    if (/cannot find|not found/i.test(`${error?.code} ${error?.message}`)) return undefined;
    throw error;
  }
}

function nameProblems({ metadata = {}, spec }) {
  const problems = NAME.test(metadata.name ?? '') ? [] : [`metadata.name "${metadata.name}" is no name`];
  const template = spec?.template?.metadata?.labels ?? {};
  for (const [name, value] of [...Object.entries(metadata.labels ?? {}), ...Object.entries(template)]) {
    if (!LABEL_NAME.test(name)) problems.push(`label ${name} is no name`);
    if (!LABEL_VALUE.test(value)) problems.push(`label ${name} has "${value}", which is no value of a label`);
  }
  return problems;
}
