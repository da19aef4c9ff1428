import { once } from 'node:events';
import { encodeMessage, failureOf, GENERATION_RPC } from '@continuo/contracts';
import type { CallOptions, ChatModel, ChatModelEvent, ChatModelRequest } from '@continuo/ports';
import { orAborted } from './or-aborted.ts';
import { encodeReply, type RpcCalls, type StreamCall } from './rpc-calls.ts';

const METHOD = GENERATION_RPC.stream;

/**
 * Streams one answer. Nothing is asked of the model that the caller's window does not take.
 *
 * A failure before the first piece is the status of the call. Later ones travel among the pieces: a status overtakes pieces that still
 * wait to be read at the client, and what was said so far would be lost.
 */
export async function streamAnswer(calls: RpcCalls, chat: ChatModel, call: StreamCall): Promise<void> {
  await calls.stream(METHOD, call, async (request, options, note) => {
    const answer = wholeCharacters(chat, request, options);
    let hasBegun = false;
    try {
      for (;;) {
        const step = await orAborted(answer.next(), options.signal);
        if (step.done === true) return;
        await write(call, encodeReply(METHOD, step.value), options.signal);
        hasBegun = true;
      }
    } catch (error) {
      if (!hasBegun || call.cancelled) throw error;
      const failure = calls.asFailure(METHOD, call.metadata, error);
      note(failure);
      call.write(encodeMessage(METHOD.reply, { type: 'failure', failure: failureOf(failure) }));
    } finally {
      // Not awaited: it ends after the pull it is busy with, which the signal stops.
      answer.return(undefined).catch(() => undefined);
    }
  });
}

async function write(call: StreamCall, message: object, signal: AbortSignal): Promise<void> {
  if (call.write(message)) return;
  await once(call, 'drain', { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** Half of a character cannot travel as UTF-8: it waits for the other half, which a model may send in the next piece. */
async function* wholeCharacters(
  chat: ChatModel,
  request: ChatModelRequest,
  options: CallOptions,
): AsyncGenerator<ChatModelEvent, undefined> {
  const waiting = { text: '', reasoning: '' };
  for await (const event of chat.stream(request, options)) {
    if (event.type === 'end') {
      yield event;
      continue;
    }
    const said = waiting[event.type] + event.text;
    waiting[event.type] = /[\uD800-\uDBFF]$/u.exec(said)?.[0] ?? '';
    const whole = said.slice(0, said.length - waiting[event.type].length);
    if (whole !== '') yield { type: event.type, text: whole };
  }
  return undefined;
}
