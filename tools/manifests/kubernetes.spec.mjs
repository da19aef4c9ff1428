import { build, canBuild, externalSecrets, objectFiles, unbuilt } from './kustomize.mjs';
import { kubernetesProblems } from './kubernetes-rules.mjs';
import { schemaProblems } from './kubernetes-schema.mjs';

describe('the files of k8s/', () => {
  it.each(objectFiles())('$path holds nothing that the API does not know', async ({ objects }) => {
    expect(objects.length).toBeGreaterThan(0);
    expect((await Promise.all(objects.map(schemaProblems))).flat()).toEqual([]);
  });

  it('keep every rule before they are put together', async () => {
    expect(await kubernetesProblems(unbuilt('base'))).toEqual([]);
  });
});

const BUILDS = [
  { name: 'overlays/dev', folder: 'overlays/dev', components: [], external: {} },
  { name: 'overlays/prod', folder: 'overlays/prod', components: [], external: externalSecrets('prod') },
  { name: 'overlays/dev with administration', folder: 'overlays/dev', components: ['administration'], external: {} },
  { name: 'overlays/prod with administration', folder: 'overlays/prod', components: ['administration'], external: externalSecrets('prod') },
  { name: 'overlays/dev with worker-scaling-keda', folder: 'overlays/dev', components: ['worker-scaling-keda'], external: {} },
  { name: 'overlays/dev with worker-scaling-hpa', folder: 'overlays/dev', components: ['worker-scaling-hpa'], external: {} },
];

describe('what kustomize makes of them', () => {
  if (!canBuild) {
    it('is not known here', () => {
      console.log(
        'Not run: the overlays of k8s/ as kustomize builds them, because there is no kubectl; their files were checked as they are',
      );
    });
    return;
  }

  it.each(BUILDS)('$name keeps every rule', async ({ folder, components, external }) => {
    const objects = build(folder, components);
    expect(objects.length).toBeGreaterThan(30);
    expect(await kubernetesProblems(objects, external)).toEqual([]);
  });
});
