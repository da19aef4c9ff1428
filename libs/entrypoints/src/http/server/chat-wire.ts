import type { AppError, ChatStreamEvent } from '@continuo/contracts';
import type { ChatAnswer, ChatEvent } from '@continuo/use-cases';
import { ok } from '../shaping/ok.ts';
import { recallExplanation } from '../shaping/recall-explanation.ts';
import { eventFrame } from './server-sent-events.ts';

/** How an answer looks on the wire, whole or streamed. */
export interface ChatWire {
  whole(answer: ChatAnswer): object;
  /** What is sent of one event. */
  frames(event: ChatEvent): string;
  /** What ends a stream that broke. */
  failure(error: AppError): string;
}

/** The contract's own form. @param explained whether the answer tells how its memories were found. */
export function contractWire(explained: boolean): ChatWire {
  const debugOf = ({ recall }: ChatAnswer) => (explained && recall !== null ? { debug: recallExplanation(recall) } : {});
  return {
    whole: (answer) => ok({ response: answer.response, conversation_id: answer.conversationId, ...debugOf(answer) }),
    frames: (event) =>
      frameOf(event.type === 'end' ? { type: 'end', data: '', ...debugOf(event.answer) } : { type: event.type, data: event.text }),
    failure: (error) => frameOf({ type: 'error', data: error.message }) + frameOf({ type: 'end', data: '' }),
  };
}

/** Some clients read the name of the event, others its data alone. */
const frameOf = (event: ChatStreamEvent): string => `event: message\n${eventFrame(event)}`;
