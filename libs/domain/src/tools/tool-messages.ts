import type { Message } from '../message.ts';

/** One call of a tool, as an assistant made it. */
export interface ToolCall {
  /** Null: it has none, so no result can be told to be its own. */
  readonly id: string | null;
  readonly tool: string;
  /** JSON text as a rule. */
  readonly argumentsText: string;
}

const LONGEST_NAME = 120;

/** The calls in an assistant's message; none in any other. */
export function toolCallsIn(message: Message): readonly ToolCall[] {
  if (message.role !== 'assistant') return [];
  const calls = memberOf(message.parts, 'tool_calls');
  return Array.isArray(calls) ? calls.flatMap(readCall) : [];
}

/** The id of the call whose result a message holds; null for any other message. */
export function answeredCall(message: Message): string | null {
  const id = message.role === 'tool' ? memberOf(message.parts, 'tool_call_id') : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

function readCall(call: unknown): readonly ToolCall[] {
  const made = memberOf(call, 'function') ?? call;
  const name = memberOf(made, 'name');
  if (typeof name !== 'string' || name.trim() === '') return [];
  const given = memberOf(made, 'arguments');
  const id = memberOf(call, 'id');
  return [
    {
      id: typeof id === 'string' && id !== '' ? id : null,
      tool: name.trim().slice(0, LONGEST_NAME),
      argumentsText: typeof given === 'string' ? given : given === undefined || given === null ? '' : JSON.stringify(given),
    },
  ];
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Null for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
