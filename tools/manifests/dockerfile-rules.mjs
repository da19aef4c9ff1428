const INSTRUCTIONS = new Set([
  'ARG',
  'FROM',
  'WORKDIR',
  'COPY',
  'RUN',
  'ENV',
  'USER',
  'ENTRYPOINT',
  'CMD',
  'LABEL',
  'EXPOSE',
  'STOPSIGNAL',
]);
/** What must not reach the build: secrets, data, and what the build makes itself. */
const LEFT_OUT = ['.env', 'data', '.git', '**/node_modules', '**/dist'];

/** The instructions of a Dockerfile, each on one line, by stage; those before the first stage are stage 0. */
export function stagesOf(text) {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const stages = [{ name: '', image: '', instructions: [] }];
  for (const line of lines) {
    const [, keyword, rest = ''] = /^(\S+)(?:\s+(.*))?$/.exec(line);
    if (keyword.toUpperCase() === 'FROM') {
      const [, image, name = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? [];
      stages.push({ name, image, instructions: [] });
    } else stages.at(-1).instructions.push({ keyword: keyword.toUpperCase(), rest });
  }
  return stages;
}

/**
 * Checks a Dockerfile whose argument APP chooses what is built.
 *
 * @param isSetting whether the code knows an environment variable.
 */
export function dockerfileProblems(text, isSetting) {
  const [globals, ...stages] = stagesOf(text);
  if (stages.length < 2) return ['has no stage apart from the one that runs'];
  return [
    ...imageProblems(globals, stages),
    ...stages.flatMap(({ name, instructions }, position) =>
      instructions
        .flatMap((instruction) => instructionProblems(instruction, stages.slice(0, position)))
        .map((problem) => `stage ${name}: ${problem}`),
    ),
    ...lastStageProblems(stages, isSetting).map((problem) => `last stage: ${problem}`),
  ];
}

function imageProblems({ instructions }, stages) {
  const [, tag] = /^NODE_IMAGE=\S+:([\w.-]+)$/.exec(instructions.find(({ keyword }) => keyword === 'ARG')?.rest ?? '') ?? [];
  return [
    ...(tag === undefined || tag === 'latest' ? ['NODE_IMAGE has no default with a version'] : []),
    ...stages
      .filter(({ image }, position) => image !== '${NODE_IMAGE}' && !stages.slice(0, position).some(({ name }) => name === image))
      .map(({ name, image }) => `stage ${name}: begins with ${image}, not with NODE_IMAGE`),
  ];
}

function instructionProblems({ keyword, rest }, earlier) {
  if (keyword === 'ADD') return ['ADD, which may fetch and unpack; COPY says what it does'];
  if (!INSTRUCTIONS.has(keyword)) return [`${keyword} is not an instruction in use here`];
  if (/^(?:ARG|ENV)$/.test(keyword) && /\w*(?:PASSWORD|TOKEN|SECRET|_KEY)\w*/.test(rest))
    return [`${keyword} ${rest.split('=')[0]} would keep a secret in the image`];
  if (keyword === 'RUN' && /\b(?:curl|wget)\b|https?:\/\//.test(rest)) return ['RUN fetches something that the lock file does not name'];
  const [, from] = keyword === 'COPY' ? (/--from=(\S+)/.exec(rest) ?? []) : [];
  return from !== undefined && !earlier.some(({ name }) => name === from) ? [`COPY --from=${from}, which is no earlier stage`] : [];
}

function lastStageProblems(stages, isSetting) {
  const { instructions } = stages.at(-1);
  const of = (keyword) => instructions.filter((each) => each.keyword === keyword).map(({ rest }) => rest);
  const problems = [];
  if (!/^[1-9]\d*(?::[1-9]\d*)?$/.test(of('USER').at(-1) ?? ''))
    problems.push('USER is not a number above 0, by which Kubernetes sees that it is not root');
  if (of('COPY').some((rest) => !rest.startsWith('--from='))) problems.push('copies from the sources, not from what was built');
  if (of('RUN').some((rest) => /\bnpm\b|\bapt/.test(rest))) problems.push('installs something');
  if (JSON.stringify(of('ENTRYPOINT').map(parsed)) !== '[["node","dist/main.js"]]')
    problems.push('does not start node dist/main.js as process 1');
  const copied = of('COPY').map((rest) => /--from=(\S+)/.exec(rest)?.[1]);
  for (const { name, instructions: made } of stages.filter((stage) => copied.includes(stage.name))) {
    const copies = of('COPY').filter((rest) => rest.startsWith(`--from=${name} `));
    const installs = made.some(({ rest }) => /npm ci\b/.test(rest) && !/--omit=dev\b/.test(rest));
    // Of a stage with everything in it, only what was picked out may be taken.
    if (installs && copies.some((rest) => !rest.startsWith(`--from=${name} /built`))) problems.push(`takes dev dependencies from ${name}`);
  }
  const names = of('ENV').flatMap((rest) => [...rest.matchAll(/(?:^|\s)(\w+)=/g)].map(([, name]) => name));
  return [...problems, ...names.filter((name) => !isSetting(name)).map((name) => `ENV ${name} is not a setting`)];
}

function parsed(list) {
  try {
    return JSON.parse(list);
  } catch {
    return undefined;
  }
}

/** What a build must not see is left out of it. */
export function ignoreProblems(text) {
  const lines = new Set(text.split('\n').map((line) => line.trim()));
  return LEFT_OUT.filter((path) => !lines.has(path)).map((path) => `.dockerignore does not leave out ${path}`);
}

/** Every app can be built and has the file it is started by; what the other files build is an app. */
export function appProblems(apps, built) {
  return [
    ...apps
      .filter(({ starts }) => starts.length === 0)
      .map(({ name }) => `apps/${name} has neither src/main.ts nor src/cli.ts, so its image starts nothing`),
    ...built.filter((name) => !apps.some((app) => app.name === name)).map((name) => `APP=${name} is no folder of apps/`),
  ];
}
