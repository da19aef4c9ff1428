import type { Filterable, FilterScalar } from '@continuo/domain';
import { ASKED_TEXTS, BARE_KEYS, INFO_TEXTS, LABEL_NUMBERS, LABEL_TEXTS, LONG_KEYS, WRITTEN_TIMES } from './filter-values.ts';
import { Seeded } from './seeded.ts';

/** A filter as a caller sends it. */
export type WireFilterObject = Readonly<Record<string, unknown>>;

/** Random labelled things, and random filters as the wire's grammar allows them. */
export class FilterWorld {
  readonly #seeded: Seeded;

  constructor(seed: number) {
    this.#seeded = new Seeded(seed);
  }

  labelled(): Filterable {
    const seeded = this.#seeded;
    const text = (): string => seeded.pick(LABEL_TEXTS);
    const time = (): number => seeded.pick(WRITTEN_TIMES)[1] + seeded.pick([-1, 0, 0, 1]);
    const info = [...BARE_KEYS, ...LONG_KEYS].filter(() => seeded.chance(0.35)).map((key) => [key, this.#infoValue()] as const);
    return {
      labels: {
        tags: seeded.some(text, 4),
        info: Object.fromEntries(info),
        appId: seeded.chance(0.5) ? text() : null,
        agentId: seeded.chance(0.5) ? text() : null,
        relatedIds: seeded.some(text, 4),
      },
      createdAt: time(),
      updatedAt: time(),
    };
  }

  /** Flat, in groups up to three deep, wrapped as the user's, with members of the grammar left null. */
  wireFilter(): WireFilterObject {
    const seeded = this.#seeded;
    const root = seeded.chance(0.3) ? this.#flat() : this.#group(1);
    const unused = Object.keys(root).some((name) => name === 'user' || name === 'public') ? {} : this.#unused(root);
    return seeded.chance(0.15) ? { user: root, public: null } : { ...root, ...unused };
  }

  #unused(root: WireFilterObject): WireFilterObject {
    const names = ['and', 'or', 'agent', 'knowledgebase'].filter((name) => !Object.hasOwn(root, name));
    return this.#seeded.chance(0.1) ? { [this.#seeded.pick(names)]: null } : {};
  }

  #flat(): WireFilterObject {
    return Object.fromEntries(this.#seeded.some(() => Object.entries(this.#condition()), 4, 1).flat());
  }

  #group(depth: number): WireFilterObject {
    const seeded = this.#seeded;
    const member = (): WireFilterObject => (depth < 3 && seeded.chance(0.35) ? this.#group(depth + 1) : this.#condition());
    return { [seeded.pick(['and', 'or'])]: seeded.some(member, depth === 1 ? 5 : 4, 1) };
  }

  #condition(): WireFilterObject {
    const seeded = this.#seeded;
    const name = seeded.pick([
      'agent_id',
      'app_id',
      'tags',
      'tags',
      'related_id',
      'related_id',
      'time',
      'time',
      'info',
      'info',
      'info',
      'info',
    ]);
    if (name === 'time') {
      const field = seeded.pick(['create_time', 'update_time', 'created_at', 'updated_at']);
      return {
        [field]: seeded.chance(0.1) ? this.#writtenTime() : this.#operators(['gt', 'gte', 'lt', 'lte', '='], () => this.#writtenTime()),
      };
    }
    if (name !== 'info') return { [name]: this.#labelValue(name) };
    const key = seeded.chance(0.7) ? seeded.pick(BARE_KEYS) : `info.${seeded.pick([...BARE_KEYS, ...LONG_KEYS])}`;
    const value = seeded.chance(0.35) ? this.#asked() : this.#infoOperators();
    // `fromEntries`, because a literal of the key `__proto__` would name no member.
    return Object.fromEntries([[key, value]]);
  }

  #labelValue(name: string): unknown {
    const text = (): string => this.#seeded.pick(ASKED_TEXTS);
    if (name === 'related_id' && this.#seeded.chance(0.5)) return this.#seeded.some(text, 4, 1);
    if (this.#seeded.chance(0.3)) return text();
    return this.#seeded.chance(0.3) ? { in: this.#seeded.some(text, 5, 1) } : this.#operators(['=', 'contains', 'like'], text);
  }

  #infoOperators(): WireFilterObject {
    const seeded = this.#seeded;
    switch (seeded.whole(4)) {
      case 0:
        return { in: seeded.some(() => this.#asked(), 5, 1), ...(seeded.chance(0.2) ? { contains: this.#asked() } : {}) };
      case 1:
        return { like: seeded.pick(ASKED_TEXTS) };
      case 2:
        return this.#operators(['=', 'contains'], () => this.#asked());
      default:
        return this.#operators(['gt', 'gte', 'lt', 'lte'], () =>
          seeded.chance(0.5) ? seeded.pick(ASKED_TEXTS) : seeded.pick(LABEL_NUMBERS),
        );
    }
  }

  /** One or two of them, now and then beside one that is left null. */
  #operators(names: readonly string[], operand: () => unknown): WireFilterObject {
    const chosen = this.#seeded.some(() => this.#seeded.pick(names), 3, 1).map((name) => [name, operand()] as const);
    return { ...(this.#seeded.chance(0.1) ? { [this.#seeded.pick(names)]: null } : {}), ...Object.fromEntries(chosen) };
  }

  #writtenTime(): string | number {
    return this.#seeded.pick(WRITTEN_TIMES)[0];
  }

  #asked(): FilterScalar {
    const seeded = this.#seeded;
    return seeded.chance(0.2) ? seeded.chance(0.5) : seeded.chance(0.4) ? seeded.pick(LABEL_NUMBERS) : seeded.pick(ASKED_TEXTS);
  }

  #infoValue(): unknown {
    const seeded = this.#seeded;
    const scalar = (): FilterScalar =>
      seeded.chance(0.15) ? seeded.chance(0.5) : seeded.chance(0.35) ? seeded.pick(LABEL_NUMBERS) : seeded.pick(INFO_TEXTS);
    if (seeded.chance(0.3)) return seeded.some(scalar, 4);
    return seeded.chance(0.1) ? seeded.pick([null, { nested: 1 }, [['deep'], null, 1]]) : scalar();
  }
}
