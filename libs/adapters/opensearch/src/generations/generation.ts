import type { GenerationMeta } from './mapping.ts';

/** One index of several that may hold the documents for a while. */
export interface Generation {
  readonly number: number;
  readonly index: string;
  /** Alias of this generation alone. Writes name it, so that a lost index is never made by a write, without a mapping. */
  readonly intake: string;
  /** The store's own name of this very index. */
  readonly uuid: string;
  readonly meta: GenerationMeta;
  readonly vectorFields: ReadonlySet<string>;
  /** Searches go to it. */
  readonly isRead: boolean;
  /** Every write goes to it. */
  readonly isWritten: boolean;
  /** Everything that belongs into it stands in the outbox, or is there. */
  readonly isFilled: boolean;
}

/** Names of everything that belongs to one installation's index. */
export class GenerationNames {
  readonly #base: string;

  constructor(name: string) {
    this.#base = `${name}-memories`;
  }

  get all(): string {
    return `${this.#base}-*`;
  }

  get read(): string {
    return `${this.#base}-read`;
  }

  get write(): string {
    return `${this.#base}-write`;
  }

  get filled(): string {
    return `${this.#base}-filled`;
  }

  index(number: number): string {
    return `${this.#base}-${number}`;
  }

  intake(number: number): string {
    return `${this.#base}-${number}-intake`;
  }

  /** The number of a generation, or null for an index that is none. */
  numberOf(index: string): number | null {
    const rest = index.startsWith(`${this.#base}-`) ? index.slice(this.#base.length + 1) : '';
    return /^[1-9]\d{0,9}$/.test(rest) ? Number(rest) : null;
  }
}

/** What the store says of an index. */
export interface DescribedIndex {
  readonly aliases: Readonly<Record<string, unknown>>;
  readonly mappings: {
    readonly _meta?: Partial<GenerationMeta>;
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  };
  readonly settings: { readonly index: { readonly uuid: string } };
}

/** The generations among the store's indexes, oldest first. */
export function readGenerations(described: Readonly<Record<string, DescribedIndex>>, names: GenerationNames): readonly Generation[] {
  return Object.entries(described)
    .flatMap(([index, { aliases, mappings, settings }]): readonly Generation[] => {
      const number = names.numberOf(index);
      if (number === null) return [];
      const meta = mappings._meta ?? {};
      const fields = Object.entries(mappings.properties ?? {}).filter(([, { type }]) => type === 'knn_vector');
      return [
        {
          number,
          index,
          intake: names.intake(number),
          uuid: settings.index.uuid,
          meta: {
            schema: meta.schema ?? 0,
            analysis: meta.analysis ?? '',
            replaced: meta.replaced ?? [],
            model: meta.model ?? null,
            build: meta.build ?? null,
          },
          vectorFields: new Set(fields.map(([field]) => field)),
          isRead: names.read in aliases,
          isWritten: names.write in aliases,
          isFilled: names.filled in aliases,
        },
      ];
    })
    .toSorted((a, b) => a.number - b.number);
}
