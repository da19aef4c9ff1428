/** Tokens a scripted reply claims; `null`: the reply says nothing about usage, as many local servers do. */
export interface ScriptedUsage {
  readonly promptTokens: number;
  readonly answerTokens: number;
}

export interface SaysOptions {
  /** Reasoning sent before the text, in a field of its own. */
  readonly reasoning?: string;
  /** The field that carries `reasoning`. Default `reasoning_content`. */
  readonly reasoningField?: 'reasoning_content' | 'reasoning';
  /** Default `stop`; `null`: the reply never says why it ended. */
  readonly finish?: string | null;
  /** Default: 7 prompt tokens and one token per piece; `null`: absent. */
  readonly usage?: ScriptedUsage | null;
  /** The deltas of a streamed reply, word for word; must join to the text. Default: one per word. */
  readonly pieces?: readonly string[];
  /** Waits this long before each delta of a streamed reply, or before the whole of another. */
  readonly delayMs?: number;
  /** `characters`: every multi-byte character is torn over two packets; `frames`: every event is torn over two packets. */
  readonly split?: 'none' | 'characters' | 'frames';
  /**
   * What happens after `afterPieces` deltas. Default `finish`: the answer is completed. `cut`: the socket is destroyed; `hang`: silence;
   * `hang-before-usage`: silence after the reason for the end, in a stream.
   */
  readonly ending?: 'finish' | 'cut' | 'hang' | 'hang-before-usage';
  /** Default: all of them. */
  readonly afterPieces?: number;
  /** Waited for between the deltas and `ending`, so that a test decides when. */
  readonly until?: Promise<unknown>;
}

/** One thing the scripted model does with a request. */
export type ScriptedReply =
  | { readonly kind: 'says'; readonly text: string; readonly options: SaysOptions }
  | { readonly kind: 'status'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }
  | { readonly kind: 'no-choice' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' };

/** Answers with this text. */
export const says = (text: string, options: SaysOptions = {}): ScriptedReply => ({ kind: 'says', text, options });

/** Answers with a value as JSON. */
export const saysJson = (value: unknown, options: SaysOptions = {}): ScriptedReply => says(JSON.stringify(value), options);

/** Answers with any status and body. */
export const answersStatus = (status: number, body: unknown = null, headers: Readonly<Record<string, string>> = {}): ScriptedReply => ({
  kind: 'status',
  status,
  headers,
  body,
});

/** 429, with `retry-after` as the provider would write it: seconds or an HTTP date. */
export const limits = (retryAfter?: string): ScriptedReply =>
  answersStatus(
    429,
    { error: { message: 'Rate limit reached.', type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  );

/** 500 without a reason. */
export const fails = (status = 500): ScriptedReply => answersStatus(status, { error: { message: 'The server had an error.' } });

/** 400 that names one parameter of the request, as providers do for what they do not know. */
export const rejectsParameter = (parameter: string, hint = 'is not supported with this model'): ScriptedReply =>
  answersStatus(400, {
    error: {
      message: `Unsupported parameter: '${parameter}' ${hint}.`,
      type: 'invalid_request_error',
      param: parameter,
      code: 'unsupported_parameter',
    },
  });

/** Answers 200 with no choice in it. */
export const offersNoChoice = (): ScriptedReply => ({ kind: 'no-choice' });

/** Accepts the request and never answers. */
export const hangs = (): ScriptedReply => ({ kind: 'hang' });

/** Closes the connection instead of answering. */
export const resets = (): ScriptedReply => ({ kind: 'reset' });
