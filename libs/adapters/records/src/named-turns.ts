import { type Filter, matchesFilter, saidAt, type Scope, statementKey, statementsIn } from '@continuo/domain';
import type { Selectable } from 'kysely';
import { insertDenials } from './rows/denial-rows.ts';
import { idLists } from './rows/id-list.ts';
import { labelsOf, scopeOf } from './rows/message-row.ts';
import { isRecallable } from './rows/recallable.ts';
import type { MessagesTable } from './schema/tables.ts';
import type { Database } from './sql-dialect.ts';

const TURN_COLUMNS = ['id', 'project_id', 'subject', 'content', 'chat_time', 'created_at', 'hidden'] as const;

/** A message that is recalled verbatim, or was until it was hidden. */
export type TurnRow = Pick<Selectable<MessagesTable>, (typeof TURN_COLUMNS)[number]>;

/** Those of these ids that are turns, whosesoever they are. */
export async function namedTurns(transaction: Database, ids: readonly string[]): Promise<readonly TurnRow[]> {
  const rows: TurnRow[] = [];
  for (const list of idLists(ids)) {
    rows.push(
      ...(await transaction.selectFrom('messages').select(TURN_COLUMNS).where('id', 'in', list).where('recallable', '=', 1).execute()),
    );
  }
  return rows;
}

/** Messages looked through at a time. */
const PAGE = 2_000;

/** The turns of a project that a filter matches as it does in a search, knowledge bases aside. */
export async function matchingTurns(
  database: Database,
  { projectId, filter }: { readonly projectId: string; readonly filter: Filter },
): Promise<readonly { readonly id: string; readonly scope: Scope }[]> {
  const found: { readonly id: string; readonly scope: Scope }[] = [];
  for (let last = Number.MIN_SAFE_INTEGER; ;) {
    const rows = await database
      .selectFrom('messages')
      .select(['sequence', 'id', 'project_id', 'subject', 'tags_json', 'info_json', 'app_id', 'agent_id', 'related_ids_json', 'created_at'])
      .where('project_id', '=', projectId)
      .where('subject', 'not like', 'base:%')
      .where(isRecallable)
      .where('sequence', '>', last)
      .orderBy('sequence')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const turn = { labels: labelsOf(row), createdAt: row.created_at, updatedAt: row.created_at };
      if (matchesFilter(turn, filter)) found.push({ id: row.id, scope: scopeOf(row) });
    }
    last = rows.at(-1)?.sequence ?? last;
    if (rows.length < PAGE) return found;
  }
}

/** What was said in deleted turns of one subject does not come back from what was said before. */
export function denyWords(transaction: Database, scope: Scope, turns: readonly TurnRow[], now: number): Promise<void> {
  const denials = turns.flatMap((turn) =>
    statementsIn(turn.content).map((statement) => ({
      project_id: scope.projectId,
      subject: scope.subject,
      normalised_text: statementKey(statement),
      topic_key: null,
      topic_value: null,
      stated_at: saidAt({ chatTime: turn.chat_time, createdAt: turn.created_at }),
    })),
  );
  return insertDenials(transaction, denials, now);
}
