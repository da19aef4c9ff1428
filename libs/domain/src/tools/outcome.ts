import { memberOf, parsed } from './tool-messages.ts';

const LONGEST_ERROR = 60;
/** How far into a text an error announces itself; further on it may be what was looked for. */
const HEAD = 240;

/** A short name of what went wrong, as the result words it; null for a result without a sign of failure. */
export function errorIn(result: string): string | null {
  const text = result.trim();
  const value = /^[[{"]/u.test(text) ? parsed(text) : null;
  if (typeof value === 'string') return errorInText(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? null : errorInFields(value);
  return errorInText(text);
}

const short = (text: string): string => text.replace(/\s+/gu, ' ').trim().slice(0, LONGEST_ERROR).trim();

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === false || value === '' || value === 0 || (Array.isArray(value) && value.length === 0);

const FAILED_STATUS = /^(?:error|errored|err|fail|failed|failure|exception|timeout|timed_out|denied|rejected|错误|失败|异常|超时)$/iu;

function errorInFields(fields: object): string | null {
  for (const name of ['error', 'errors', 'exception', 'err', '错误']) {
    const value = memberOf(fields, name);
    if (!isBlank(value)) return namedError(value) ?? httpCode(fields) ?? 'error';
  }
  const status = ['status', 'state', 'result', '状态'].map((name) => memberOf(fields, name)).find((value) => typeof value === 'string');
  const failed = ['success', 'ok', 'succeeded'].some((name) => memberOf(fields, name) === false);
  const flagged = ['isError', 'is_error', 'failed'].some((name) => memberOf(fields, name) === true);
  const code = httpCode(fields);
  if (!failed && !flagged && code === null && !(typeof status === 'string' && FAILED_STATUS.test(status.trim()))) return null;
  const type = ['error_type', 'errorType', 'error_code', 'errorCode']
    .map((name) => memberOf(fields, name))
    .find((value) => !isBlank(value));
  return namedError(type) ?? code ?? namedError(memberOf(fields, 'message') ?? memberOf(fields, 'msg')) ?? 'error';
}

/** `{"type": "RateLimit"}`, `"not found"`, 404. */
function namedError(value: unknown): string | null {
  if (typeof value === 'string') return errorInText(value) ?? (short(value) || null);
  if (typeof value === 'number') return isHttpError(value) ? `HTTP ${value}` : String(value);
  if (typeof value !== 'object' || value === null) return null;
  const inner = Array.isArray(value) ? (value[0] as unknown) : value;
  if (typeof inner !== 'object' || inner === null) return namedError(inner);
  for (const name of ['type', 'code', 'name', 'message']) {
    const found = memberOf(inner, name);
    if ((typeof found === 'string' && found !== '') || typeof found === 'number') return namedError(found);
  }
  return null;
}

const isHttpError = (code: number): boolean => Number.isInteger(code) && code >= 400 && code <= 599;

function httpCode(fields: object): string | null {
  for (const name of ['status_code', 'statusCode', 'http_status', 'status', 'code']) {
    const value = memberOf(fields, name);
    const code = typeof value === 'number' ? value : typeof value === 'string' && /^[45]\d\d$/u.test(value) ? Number(value) : 0;
    if (isHttpError(code)) return `HTTP ${code}`;
  }
  return null;
}

const NO_ERROR =
  /\b(?:no|without|0|zero) (?:errors?|failures?|exceptions?)\b|\b(?:errors?|failed|failures?)\s*[:=]\s*(?:0|none|null|false)\b|(?:没有|无|未发现|0 ?个)(?:任何)?(?:错误|异常|失败)|没有失败/giu;
const NAMED_ERROR = /(?:^|[\s:'"(])(?<name>[A-Z][A-Za-z]{1,40}(?:Error|Exception|Timeout))(?=$|[\s:'")(.,])/u;
const HTTP =
  /\b(?:HTTP(?:\/\d(?:\.\d)?)?|status(?: code)?|error(?: code)?|code)[\s:=#]*(?<code>[45]\d\d)\b|^(?<first>[45]\d\d)\s+(?:Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Request Timeout|Conflict|Gone|Payload Too Large|Unprocessable|Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Timeout)/iu;
const KNOWN =
  /\b(?:timed out|time-?out|permission denied|access denied|connection (?:refused|reset)|command not found|no such file or directory|rate limit(?:ed)? exceeded|rate limited|quota exceeded|invalid (?:arguments?|parameters?|api key|token|input)|unauthori[sz]ed|not authori[sz]ed)\b|超时|权限不足|没有权限|拒绝访问|访问被拒绝|连接被拒绝|参数错误|无效的?参数|频率限制/iu;
const BEGINS =
  /^(?:\W{0,3})(?<word>error|exception|failed|failure|fatal|traceback|panic|cannot|could not|couldn['’]t|unable to|not found|no such)\b|^(?:\W{0,3})(?<chinese>错误|出错|失败|异常|无法|找不到|未找到|不存在)|(?:执行|调用|请求|查询|操作|预订|连接|读取|保存)(?<failed>失败|出错|异常)/iu;

function errorInText(text: string): string | null {
  const head = text.slice(0, HEAD).replace(NO_ERROR, '').trim();
  const code = HTTP.exec(head)?.groups;
  const http = code?.['code'] ?? code?.['first'];
  const named = NAMED_ERROR.exec(text.slice(0, 2_000))?.groups?.['name'];
  if (named !== undefined && (BEGINS.test(head) || head.includes(named))) return named;
  if (http !== undefined) return `HTTP ${http}`;
  const known = head.length <= 160 || BEGINS.test(head) ? KNOWN.exec(head)?.[0] : undefined;
  if (known !== undefined) return known.toLowerCase();
  const begins = BEGINS.exec(head)?.groups;
  const word = begins?.['word'] ?? begins?.['chinese'] ?? begins?.['failed'];
  return word === undefined ? null : word.toLowerCase();
}
