/** Requests to try, by a word for each. */
export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: object }>>;
