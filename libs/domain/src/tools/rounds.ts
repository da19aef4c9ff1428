import type { Message } from '../message.ts';
import { errorIn } from './outcome.ts';
import { answeredCall, toolCallsIn, type ToolCall } from './tool-messages.ts';

/** A call with what came of it. */
export interface RoundCall extends ToolCall {
  readonly message: Message;
  /** Null: no result is known. */
  readonly result: { readonly message: Message; readonly error: string | null } | null;
}

/** What was done with tools for one request. */
export interface ToolRound {
  /** Null: nobody asked, as far as is known. */
  readonly request: Message | null;
  /** In the order they were made; at least one. */
  readonly calls: readonly RoundCall[];
  /** False: results may still come. */
  readonly isOver: boolean;
  /** What went on without waiting for results; null: nothing yet. */
  readonly endedBy: Message | null;
}

/** One conversation cut at every message of a user's, and only the parts in which tools were called. */
export function toolRoundsIn(messages: readonly Message[]): readonly ToolRound[] {
  const starts = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  const cuts = [...new Set([0, ...starts])];
  return cuts.flatMap((start, index) => {
    const end = cuts[index + 1] ?? messages.length;
    const round = roundOf(messages.slice(start, end), messages[end] ?? null);
    return round === null ? [] : [round];
  });
}

function roundOf(messages: readonly Message[], next: Message | null): ToolRound | null {
  const calls = callsIn(messages);
  if (calls.length === 0) return null;
  const lastCall = messages.findLastIndex((message) => toolCallsIn(message).length > 0);
  const lastWords = messages.find((message, index) => index > lastCall && message.role === 'assistant');
  const endedBy = lastWords ?? next;
  const [first] = messages;
  return {
    request: first?.role === 'user' ? first : null,
    calls,
    isOver: endedBy !== null || calls.every(({ result }) => result !== null),
    endedBy,
  };
}

/** A result belongs to the oldest call of its id that has none; clients use ids anew. */
function callsIn(messages: readonly Message[]): readonly RoundCall[] {
  const calls: RoundCall[] = [];
  for (const message of messages) {
    calls.push(...toolCallsIn(message).map((call) => ({ ...call, message, result: null })));
    const id = answeredCall(message);
    const position = id === null ? -1 : calls.findIndex((call) => call.id === id && call.result === null);
    const call = calls[position];
    if (call !== undefined) calls[position] = { ...call, result: { message, error: errorIn(message.content) } };
  }
  return calls;
}
