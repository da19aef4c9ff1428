import { AppError } from '@continuo/contracts';
import type { ChatModel, ChatModelDescription, ChatModelEvent, StructuredModel, StructuredReply } from '@continuo/ports';

/** Stands where no chat model is configured and none was found. */
export class NoChatModel implements ChatModel {
  readonly #reason: string;

  /** @param reason one sentence for people: why there is none */
  constructor(reason: string) {
    this.#reason = reason;
  }

  stream(): AsyncIterable<ChatModelEvent> {
    const next = async (): Promise<never> => {
      throw noModel();
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  describe(): ChatModelDescription {
    return { available: false, models: [], reason: this.#reason };
  }
}

/** Stands where no model does structured work: the rules do it. */
export class NoStructuredModel implements StructuredModel {
  available(): boolean {
    return false;
  }

  async complete(): Promise<StructuredReply> {
    throw noModel();
  }
}

function noModel(): AppError {
  return new AppError('model_unknown', 'No chat model is configured.');
}
