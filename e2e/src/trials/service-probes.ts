import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX_RPC, RECALL_RPC, type RpcMethod } from '@continuo/contracts';
import { serviceReplicas } from '../deployment/service-replicas.ts';
import type { System } from '../system.ts';
import type { Person } from './isolation-person.ts';
import { pick } from './random.ts';
import { type CallResult, StrangerClient } from './service-probes-client.ts';
import {
  BROKEN_SCOPES,
  documentOf,
  PROBED_METHODS,
  searchOf,
  WIDE_SCOPES,
  type WireScope,
  wrongTokens,
} from './service-probes-requests.ts';

/** Above any that the records have given. */
const GREAT_VERSION = 1_000_000_000;

export interface ServiceProbesReport {
  readonly probes: number;
  /** Searches with a whole scope, and those of them that returned something of the searcher's own. */
  readonly searches: number;
  readonly found: number;
  readonly leaks: readonly string[];
  /** Calls with a wrong token or a broken scope, and those of them that were not refused as they must be. */
  readonly refusals: number;
  readonly wrongAnswers: readonly string[];
  /** Writes under the own scope that named a memory of somebody else, and documents that are not as before. */
  readonly foreignWrites: number;
  readonly damage: readonly string[];
}

/** Asks the services themselves, past the gateway: with the service token as one person for what others said, and with what must be refused. */
export async function probeServices(
  system: System,
  people: readonly Person[],
  { probes, random }: { readonly probes: number; readonly random: () => number },
): Promise<ServiceProbesReport> {
  const token = (await readFile(join(system.dataDirectory, 'service-token'), 'utf8')).trim();
  const prober = new Prober(await clientsOf(system), people, token, system.key, random);
  try {
    const before = await prober.counts();
    for (let probe = 0; probe < probes; probe += 1) await prober.probe(probe);
    return { ...prober.report(), probes, damage: await prober.damage(before) };
  } finally {
    prober.close();
  }
}

interface Clients {
  readonly recall: readonly StrangerClient[];
  readonly generation: readonly StrangerClient[];
}

async function clientsOf(system: System): Promise<Clients> {
  const of = async (service: 'recall' | 'generation') =>
    (await serviceReplicas(system.processId, service)).map(({ servicePort }) => new StrangerClient(servicePort ?? 0));
  return { recall: await of('recall'), generation: await of('generation') };
}

class Prober {
  readonly #clients: Clients;
  readonly #people: readonly Person[];
  readonly #token: string;
  readonly #wrongTokens: readonly (string | null)[];
  readonly #random: () => number;
  readonly #leaks: string[] = [];
  readonly #wrongAnswers: string[] = [];
  /** Who wrote under the own scope what has the id of somebody else's: of that document they may be told. */
  readonly #written = new Set<string>();
  #searches = 0;
  #found = 0;
  #refusals = 0;
  #foreignWrites = 0;

  constructor(clients: Clients, people: readonly Person[], token: string, apiKey: string, random: () => number) {
    this.#clients = clients;
    this.#people = people;
    this.#token = token;
    this.#wrongTokens = wrongTokens(token, apiKey);
    this.#random = random;
  }

  report(): Omit<ServiceProbesReport, 'probes' | 'damage'> {
    return {
      searches: this.#searches,
      found: this.#found,
      leaks: this.#leaks,
      refusals: this.#refusals,
      wrongAnswers: this.#wrongAnswers,
      foreignWrites: this.#foreignWrites,
    };
  }

  /** One call, of any kind; searches most often. */
  async probe(number: number): Promise<void> {
    const share = this.#random();
    if (share < 0.2) await this.#wrongToken(number);
    else if (share < 0.35) await this.#brokenScope(number);
    else if (share < 0.4) await this.#foreignWrite(number);
    else await this.#search(number);
  }

  /** How many documents the index has of each, by its own word. */
  async counts(): Promise<readonly number[]> {
    const counts: number[] = [];
    for (const person of this.#people) {
      const [reply] = (await this.#call(INDEX_RPC.count, { scope: scopeOf(person) })).replies as { count: number }[];
      counts.push(reply?.count ?? -1);
    }
    return counts;
  }

  /** Whose documents are not what they were. */
  async damage(before: readonly number[]): Promise<readonly string[]> {
    const damage: string[] = [];
    for (const person of this.#people) {
      const { replies } = await this.#call(RECALL_RPC.search, searchOf(scopeOf(person), person.mark));
      if (person.ids.length > 0 && !JSON.stringify(replies).includes(person.mark)) damage.push(`${person.mark} finds nothing of their own`);
    }
    const after = await this.counts();
    for (const [position, person] of this.#people.entries()) {
      // What was written under the own scope is the own: only fewer than before is damage.
      const [had = 0, has = 0] = [before[position], after[position]];
      if (has < had) damage.push(`${person.mark} had ${had} documents and has ${has}`);
    }
    return damage;
  }

  close(): void {
    for (const client of [...this.#clients.recall, ...this.#clients.generation]) client.close();
  }

  async #wrongToken(number: number): Promise<void> {
    const { method, message } = pick(this.#random, PROBED_METHODS);
    const token = pick(this.#random, this.#wrongTokens);
    const scope = this.#random() < 0.5 ? scopeOf(pick(this.#random, this.#people)) : undefined;
    this.#expectRefusal(
      number,
      method,
      await this.#call(method, message(scope), token),
      'UNAUTHENTICATED',
      `token ${token?.length ?? 'none'}`,
    );
  }

  async #brokenScope(number: number): Promise<void> {
    const { method, message, scoped } = pick(
      this.#random,
      PROBED_METHODS.filter((each) => each.scoped !== 'never'),
    );
    const { scope } = pick(
      this.#random,
      BROKEN_SCOPES.filter((each) => scoped === 'always' || each.scope !== undefined),
    );
    this.#expectRefusal(number, method, await this.#call(method, message(scope)), 'INVALID_ARGUMENT', `scope ${JSON.stringify(scope)}`);
  }

  #expectRefusal(number: number, { service, name }: RpcMethod, { status, replies }: CallResult, expected: string, what: string): void {
    this.#refusals += 1;
    if (status !== expected || replies.length > 0)
      this.#wrongAnswers.push(`probe ${number}: ${service}/${name} with ${what}: ${status} and ${replies.length} replies`);
  }

  /** A memory of somebody else is written over, or taken away, by name: the scope has to keep them apart. */
  async #foreignWrite(number: number): Promise<void> {
    const [person, other] = [pick(this.#random, this.#people), pick(this.#random, this.#people)];
    if (person === other || other.ids.length === 0) return this.#search(number);
    this.#foreignWrites += 1;
    const [id, scope] = [pick(this.#random, other.ids), scopeOf(person)];
    this.#written.add(`${person.mark} ${id}`);
    const { status } =
      this.#random() < 0.5
        ? await this.#call(INDEX_RPC.remove, { removals: [{ id, scope, indexVersion: GREAT_VERSION }] })
        : await this.#call(INDEX_RPC.upsert, { documents: [documentOf(scope, id, `About ${person.mark}.`, GREAT_VERSION)] });
    if (status !== 'OK') this.#wrongAnswers.push(`probe ${number}: a write under the own scope: ${status}`);
  }

  async #search(number: number): Promise<void> {
    const [person, other] = [pick(this.#random, this.#people), pick(this.#random, this.#people)];
    const isWide = this.#random() < 0.2;
    const scope = isWide ? pick(this.#random, WIDE_SCOPES) : scopeOf(person);
    const { status, replies } = await this.#call(RECALL_RPC.search, this.#searchMessage(scope, person, other));
    this.#searches += 1;
    if (status !== 'OK') this.#wrongAnswers.push(`probe ${number}: a search by ${JSON.stringify(scope)}: ${status}`);
    const text = JSON.stringify(replies);
    const own = isWide ? null : person.mark;
    if (own !== null && text.includes(own)) this.#found += 1;
    const isOwnWord = (mark: string): boolean => mark === own;
    for (const mark of text.match(/Mark\d+x/gu) ?? [])
      if (!isOwnWord(mark)) this.#leaks.push(`${JSON.stringify(scope)} saw ${mark} in probe ${number}`);
    this.#expectUnknown(number, replies as readonly Searched[], person, other);
  }

  #searchMessage(scope: WireScope, person: Person, other: Person): object {
    const kinds: readonly (() => object)[] = [
      () => searchOf(scope, other.mark),
      () => searchOf(scope, `What do you know about ${other.mark} and ${person.mark}?`),
      () => searchOf(scope, 'this morning', { conversationId: 'shared' }),
      () => searchOf(scope, other.mark, { explainIds: other.ids.slice(0, 5) }),
      () => searchOf(scope, 'I told my', { filter: ANY_TIME }),
    ];
    return pick(this.#random, kinds)();
  }

  /** Of a memory of somebody else not even that it exists may be told. */
  #expectUnknown(number: number, [reply]: readonly Searched[], person: Person, other: Person): void {
    if (person === other) return;
    for (const { id, reason } of reply?.absences ?? []) {
      const isOwn = this.#written.has(`${person.mark} ${id}`);
      if (other.ids.includes(id) && !isOwn && reason !== 'ABSENCE_REASON_UNKNOWN')
        this.#leaks.push(`${person.mark} is told ${reason} of a memory of ${other.mark} in probe ${number}`);
    }
  }

  #call(method: RpcMethod, message: object, token: string | null = this.#token): Promise<CallResult> {
    const clients = method.service.endsWith('.Generation') ? this.#clients.generation : this.#clients.recall;
    return pick(this.#random, clients).call(method, message, token);
  }
}

interface Searched {
  readonly absences?: readonly { readonly id: string; readonly reason: string }[];
}

const time = (op: string, text: string): object => ({
  op: `FILTER_OPERATOR_${op}`,
  field: { name: 'FILTER_FIELD_NAME_CREATE_TIME' },
  value: { text },
});

/** True of everything. */
const ANY_TIME = { op: 'FILTER_OPERATOR_OR', of: [time('GTE', '2000-01-01 00:00:00'), time('LT', '2100-01-01 00:00:00')] };

const scopeOf = ({ project, user }: Person): WireScope => ({ projectId: project, subject: `user:${user}` });
