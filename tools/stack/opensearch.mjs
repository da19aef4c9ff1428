import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findJava } from './find-java.mjs';
import { installOpensearch } from './install-opensearch.mjs';
import { giveToStoreUser, makeStoreFolder } from './unprivileged.mjs';

const ANSWER_WITHIN_MS = 3_000;

/** The OpenSearch, with its k-NN plugin, of the stack. */
export const opensearch = {
  name: 'opensearch',
  title: 'OpenSearch',
  setting: 'CONTINUO_INDEX_URL',
  endSignal: 'SIGTERM',

  async find(settings) {
    // Java first: without it a download would be for nothing.
    const java = await findJava(settings);
    return { java, home: await installOpensearch(settings) };
  },

  prepare({ folder, port }) {
    for (const name of ['config', 'data', 'logs', 'temporary']) makeStoreFolder(join(folder, name));
    writeOwn(join(folder, 'config', 'opensearch.yml'), configurationOf(folder, port));
    writeOwn(join(folder, 'config', 'log4j2.properties'), LOGGING);
  },

  command: ({ program, folder, settings }) => ({
    file: program.java.file,
    args: [...javaOptions(program, folder, settings), '-cp', classPath(program.home), 'org.opensearch.bootstrap.OpenSearch'],
    cwd: program.home.folder,
    env: { PATH: settings.environment.PATH ?? '', HOME: folder, LC_ALL: 'C.UTF-8' },
  }),

  async isReady({ port }) {
    const health = await ask(port, '/_cluster/health');
    return health?.status === 'green' || health?.status === 'yellow';
  },

  url: ({ port }) => `http://127.0.0.1:${port}`,

  async version({ port }) {
    const server = await ask(port, '/');
    const plugins = await ask(port, '/_cat/plugins?format=json&h=component,version');
    const vectors = plugins?.find(({ component }) => component === 'opensearch-knn');
    return `${server?.version?.number ?? 'of an unknown version'} ${vectors ? `(k-NN ${vectors.version})` : '(without k-NN)'}`;
  },

  passes: () => false,
};

// JSON is YAML as well, and knows how to quote a path.
function configurationOf(folder, port) {
  return JSON.stringify(
    {
      'cluster.name': 'continuo-stack',
      'node.name': 'continuo-stack',
      'discovery.type': 'single-node',
      'network.host': '127.0.0.1',
      'http.port': port,
      'transport.port': 0,
      'path.data': join(folder, 'data'),
      'path.logs': join(folder, 'logs'),
      // An index that was never made must be an error, not an index of guessed fields.
      'action.auto_create_index': false,
      // A developer's disk is fuller than a server's may be.
      'cluster.routing.allocation.disk.threshold_enabled': false,
    },
    null,
    2,
  );
}

const LOGGING = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;

/** Started without its own script, which runs five Javas before the sixth and touches the whole heap. */
function javaOptions({ java, home }, folder, { heap, isFast }) {
  const property = (name, value) => `-D${name}=${value}`;
  return [
    ...[`-Xms${heap}`, `-Xmx${heap}`, '-Xss1m', '-XX:+UseG1GC', '-XX:G1ReservePercent=25', '-XX:InitiatingHeapOccupancyPercent=30'],
    ...(isFast ? ['-XX:TieredStopAtLevel=1'] : []),
    ...['-Xshare:auto', '-XX:-OmitStackTraceInFastThrow', `-XX:ErrorFile=${join(folder, 'logs', 'fatal-%p.log')}`],
    // Lucene computes with vectors of the processor and maps its files by these two.
    ...['--add-modules=jdk.incubator.vector', '--enable-native-access=ALL-UNNAMED', '--add-opens=java.base/java.nio=ALL-UNNAMED'],
    ...(java.major >= 24 ? ['--sun-misc-unsafe-memory-access=allow'] : []),
    ...(java.major >= 25 ? ['-XX:+UseCompactObjectHeaders'] : []),
    property('java.io.tmpdir', join(folder, 'temporary')),
    property('java.awt.headless', true),
    property('java.locale.providers', 'SPI,CLDR'),
    property('file.encoding', 'UTF-8'),
    property('jna.nosys', true),
    property('io.netty.noUnsafe', true),
    property('io.netty.noKeySetOptimization', true),
    property('io.netty.recycler.maxCapacityPerThread', 0),
    property('io.netty.allocator.numDirectArenas', 0),
    property('log4j.shutdownHookEnabled', false),
    property('log4j2.disable.jmx', true),
    property('org.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits', 1),
    property('opensearch.path.home', home.folder),
    property('opensearch.path.conf', join(folder, 'config')),
    property('opensearch.distribution.type', 'zip'),
    property('opensearch.bundled_jdk', false),
  ];
}

// The security agent itself takes four seconds of every start and guards against plugins that are not here; its classes are asked for.
const classPath = (home) => [join(home.folder, 'lib', '*'), home.agentClasses].join(':');

function writeOwn(file, text) {
  writeFileSync(file, text, { mode: 0o600 });
  giveToStoreUser(file);
}

/** The JSON answer, or undefined when there is none. */
async function ask(port, path) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
