import { dataOf, must, mustRefuse } from './expectations.ts';
import { isObject, type JsonObject } from './json.ts';
import { NotRun } from './breach.ts';
import { type Rule, rule } from './rule.ts';
import type { Reply } from './server.ts';
import { mustBe, type Shape } from './shapes.ts';
import type { Suite } from './suite.ts';

/** A request that is accepted as it is; rows of a table change it. Undefined leaves a field out. */
export interface Base {
  /** First part of the ids: `search`. */
  readonly prefix: string;
  readonly path: string;
  readonly body: (suite: Suite) => JsonObject | Promise<JsonObject>;
}

type Change = JsonObject | ((suite: Suite) => JsonObject | Promise<JsonObject>);

async function send(suite: Suite, base: Base, change: Change): Promise<Reply> {
  const changed = typeof change === 'function' ? await change(suite) : change;
  return suite.post(base.path, { ...(await base.body(suite)), ...changed });
}

/** What is sent, what must not be accepted about it, and the code. */
export type Refusal = readonly [id: string, checks: string, change: Change, codes: number | readonly number[]];

/** One rule for each request that has to be refused. */
export const refusals = (base: Base, rows: readonly Refusal[]): readonly Rule[] =>
  rows.map(([id, checks, change, codes]) =>
    rule(`${base.prefix}.${id}`, `${checks} is refused with ${String(codes).replaceAll(',', ' or ')}`, async (suite) =>
      mustRefuse(await send(suite, base, change), codes, suite.isStrict),
    ),
  );

/** What is sent and has to be accepted, and what more must hold of the data. */
export type Acceptance = readonly [id: string, checks: string, change: Change, holds?: (data: JsonObject) => void];

/** One rule for each request that has to be accepted. */
export const acceptances = (base: Base, rows: readonly Acceptance[]): readonly Rule[] =>
  rows.map(([id, checks, change, holds]) =>
    rule(`${base.prefix}.${id}`, checks, async (suite) => {
      const data = dataOf(await send(suite, base, change));
      must(isObject(data), 'data is no object');
      holds?.(data);
    }),
  );

/** One rule for each optional field: null counts as absent. */
export const nulls = (base: Base, fields: readonly string[]): readonly Rule[] =>
  acceptances(
    base,
    fields.map((field) => [`${field}.null`, `null in ${field} counts as absent`, { [field]: null }]),
  );

/** One rule for each field of the answers' items: every item has it in its shape. Not run without items: that some come is a rule of its own. */
export const fields = (
  prefix: string,
  items: (suite: Suite) => Promise<readonly JsonObject[]>,
  shapes: Readonly<Record<string, Shape>>,
): readonly Rule[] =>
  Object.entries(shapes).map(([field, shape]) =>
    rule(`${prefix}.${field}`, `${field} is ${shape.says}`, async (suite) => {
      const found = await items(suite);
      if (found.length === 0) throw new NotRun('nothing came whose fields could be checked');
      for (const item of found) mustBe(field, item[field], shape);
    }),
  );
