import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface RecordedMessage {
  readonly role: string;
  readonly content: string;
}

/** One request as the scripted model received it. */
export class RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; an empty object where there was none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Epoch milliseconds at which the client went away before the reply was complete; null: it did not. */
  disconnectedAt: number | null = null;
  /** Resolves when the client goes away before the reply is complete. */
  readonly disconnected: Promise<void>;
  /** Resolves when the exchange is over, whichever side ended it. */
  readonly closed: Promise<void>;
  #resolveDisconnected: () => void = () => {};
  #resolveClosed: () => void = () => {};

  constructor(request: IncomingMessage, body: Readonly<Record<string, unknown>>) {
    this.method = request.method ?? 'GET';
    this.path = request.url ?? '/';
    this.headers = request.headers;
    this.body = body;
    this.receivedAt = Date.now();
    this.disconnected = new Promise((resolve) => (this.#resolveDisconnected = resolve));
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
  }

  /** Messages of a chat request; empty for others. */
  get messages(): readonly RecordedMessage[] {
    return Array.isArray(this.body['messages']) ? (this.body['messages'] as RecordedMessage[]) : [];
  }

  /** Everything the model was told, joined: for "the prompt holds …". */
  get prompt(): string {
    return this.messages.map((message) => `${message.role}: ${message.content}`).join('\n\n');
  }

  get streamed(): boolean {
    return this.body['stream'] === true;
  }

  /** `json_schema`, `json_object`, or null for plain text. */
  get responseFormat(): string | null {
    const format = this.body['response_format'] as { type?: string } | undefined;
    return format?.type ?? null;
  }

  /** The name of the JSON schema asked for, which tells kinds of structured work apart; null where none is. */
  get schemaName(): string | null {
    const format = this.body['response_format'] as { json_schema?: { name?: string } } | undefined;
    return format?.json_schema?.name ?? null;
  }

  /** For the server only: the exchange ended. */
  end(complete: boolean): void {
    if (!complete) {
      this.disconnectedAt = Date.now();
      this.#resolveDisconnected();
    }
    this.#resolveClosed();
  }
}
