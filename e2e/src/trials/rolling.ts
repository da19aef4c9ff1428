import { setTimeout as sleep } from 'node:timers/promises';
import { type RecordedRequest, says, saysJson, type ScriptedReply, ScriptedModel } from '@continuo/testing';
import { rollingRestart, type ServiceName } from '../deployment/service-replicas.ts';
import { System } from '../system.ts';
import { audit, type Audit } from './cluster-chaos-audit.ts';
import { extracted, SAYING } from './cluster-chaos-models.ts';
import { answerTo, type RollingAttempt, RollingLoad } from './rolling-load.ts';

/** In the order in which a new version is rolled out: those that are called before those that call. */
export const ROLLED: readonly ServiceName[] = ['recall', 'generation', 'worker', 'gateway'];
const REPLICAS = 'gateway=1,recall=2,generation=2,worker=2';
/** An answer of about twenty words takes three to four seconds: more than a blink, less than the grace. */
const WORD_MS = 160;
/** Before the first roll, between two and after the last. */
const CALM_MS = 4_000;
const SETTLE_MS = 120_000;

export interface RollingOptions {
  /** Requests a second. */
  readonly rate: number;
  readonly rounds: number;
  readonly services: readonly ServiceName[];
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** What clients saw while the replicas of one service were restarted; of all rounds. */
export interface RollingRow {
  readonly service: ServiceName | 'none';
  readonly rolls: number;
  readonly sent: number;
  readonly streams: number;
  readonly failed: number;
  readonly cutStreams: number;
  readonly refusedConnects: number;
  /** Answers from a recall without all of its parts. */
  readonly degraded: number;
  /** The longest roll. */
  readonly tookMs: number;
}

export interface RollingReport extends Audit {
  readonly rows: readonly RollingRow[];
  /** What failed, for people. */
  readonly failures: readonly string[];
}

interface Roll {
  readonly service: ServiceName;
  readonly from: number;
  readonly until: number;
}

async function rolledUnder(load: RollingLoad, system: System, options: RollingOptions): ReturnType<typeof rollAll> {
  try {
    return await rollAll(system, options);
  } finally {
    await load.stop();
  }
}

/** Restarts service after service of a cluster that is at work. */
export async function rollUnderLoad(options: RollingOptions): Promise<RollingReport> {
  const model = await ScriptedModel.start();
  model.always(reply);
  const environment = { OPENAI_BASE_URL: model.baseUrl, CONTINUO_MODEL: 'scripted-model', CONTINUO_CLUSTER_REPLICAS: REPLICAS };
  const system = await System.start({ mode: 'cluster', environment });
  try {
    const load = new RollingLoad(system, options);
    load.start();
    const rolls = await rolledUnder(load, system, options);
    options.say('looking at what is left');
    const left = await audit(system, load.said, SETTLE_MS);
    return { ...left, rows: rowsOf(rolls, load.attempts), failures: load.attempts.filter(hasFailed).map(wordsOf(rolls)) };
  } finally {
    await system.close();
    await model.close();
  }
}

async function rollAll(system: System, { rounds, services, say }: RollingOptions): Promise<readonly Roll[]> {
  const rolls: Roll[] = [];
  await sleep(CALM_MS);
  for (let round = 1; round <= rounds; round += 1) {
    for (const service of services) {
      const from = Date.now();
      await rollingRestart(system.settings, service);
      say(`round ${round}: ${service} was restarted in ${((Date.now() - from) / 1_000).toFixed(1)} s`);
      rolls.push({ service, from, until: Date.now() });
      await sleep(CALM_MS);
    }
  }
  return rolls;
}

function reply(request: RecordedRequest): ScriptedReply {
  if (request.schemaName === 'memories') return saysJson({ memories: extracted(request.prompt) });
  if (request.schemaName !== null) return saysJson({ decisions: [] });
  const question = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  return says(answerTo(SAYING.exec(question)?.[0] ?? ''), { delayMs: WORD_MS });
}

const hasFailed = ({ outcome }: RollingAttempt): boolean => outcome !== 'ok';
const overlaps = ({ from, until }: Roll, { sentAt, endedAt }: RollingAttempt): boolean => sentAt <= until && endedAt >= from;

function wordsOf(rolls: readonly Roll[]): (attempt: RollingAttempt) => string {
  return (attempt) => {
    const roll = rolls.find((each) => overlaps(each, attempt));
    const when = roll === undefined ? 'in calm' : `${roll.service}, ${attempt.sentAt - roll.from} ms after its beginning`;
    const { kind, connection, outcome, detail, sentAt, endedAt } = attempt;
    return `${when}: ${kind} over a ${connection} connection: ${outcome} ${detail} after ${endedAt - sentAt} ms`;
  };
}

/** A row for each service, and one for the time between. */
function rowsOf(rolls: readonly Roll[], attempts: readonly RollingAttempt[]): readonly RollingRow[] {
  const services = [...new Set(rolls.map(({ service }) => service))];
  const calm = attempts.filter((attempt) => !rolls.some((roll) => overlaps(roll, attempt)));
  return [
    rowOf('none', [], calm),
    ...services.map((service) => {
      const own = rolls.filter((roll) => roll.service === service);
      return rowOf(
        service,
        own,
        attempts.filter((attempt) => own.some((roll) => overlaps(roll, attempt))),
      );
    }),
  ];
}

function rowOf(service: RollingRow['service'], rolls: readonly Roll[], attempts: readonly RollingAttempt[]): RollingRow {
  return {
    service,
    rolls: rolls.length,
    sent: attempts.length,
    streams: attempts.filter(({ kind }) => kind === 'stream').length,
    failed: attempts.filter(hasFailed).length,
    cutStreams: attempts.filter(({ outcome }) => outcome === 'cut').length,
    refusedConnects: attempts.reduce((sum, { refusedConnects }) => sum + refusedConnects, 0),
    degraded: attempts.filter(({ missingArms }) => missingArms.length > 0).length,
    tookMs: Math.max(0, ...rolls.map(({ from, until }) => until - from)),
  };
}
