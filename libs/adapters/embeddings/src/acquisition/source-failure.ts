/** Why one source did not give the weights, in words for people. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  /** True when nothing answered at all, so that asking the same host again is in vain. */
  readonly unreachable: boolean;

  constructor(message: string, options: { readonly unreachable?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.unreachable = options.unreachable ?? false;
  }
}

/** The innermost message of an error: what failed, not what noticed it. Credentials in addresses are left out. */
export function rootMessage(error: unknown): string {
  let innermost = error;
  while (typeof innermost === 'object' && innermost !== null && 'cause' in innermost && innermost.cause !== undefined)
    innermost = innermost.cause;
  const message =
    typeof innermost === 'object' && innermost !== null && 'message' in innermost ? String(innermost.message) : String(innermost);
  return message
    .replace(/\/\/[^@/\s]*@/gu, '//')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/\.$/u, '');
}
