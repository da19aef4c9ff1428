import { z } from 'zod';
import { ModelsFile } from './models-file.ts';
import { metaOf, SETTING_NAMES, type SettingName, Settings } from './settings.ts';

const INTRODUCTION = `# Configuration

Settings are read from the environment and from the file \`.env\` in the folder Continuo is started in; the environment wins. An empty
value is as good as none unless the description says otherwise. Mistakes are reported all at once, at start.

This page is generated from the schema by \`npm run docs:configuration\`.
`;

const MODELS_FILE = `
## The models file

\`CONTINUO_MODELS_FILE\` names a JSON file with several models, for example:

\`\`\`json
{
  "models": [
    { "name": "qwen2.5-72b-instruct", "base_url": "https://models.example.com/v1", "api_key_env": "MODELS_KEY" },
    { "name": "small", "base_url": "http://127.0.0.1:11434/v1", "upstream": "qwen3:4b", "thinking_off": "reasoning_effort" }
  ],
  "roles": {
    "answer": { "model": "qwen2.5-72b-instruct", "fallback": "small" },
    "extract": { "model": "small" }
  }
}
\`\`\`
`;

/** The text of `docs/configuration.md`. */
export function documentConfiguration(): string {
  const groups = [...new Set(SETTING_NAMES.map((name) => metaOf(name).group))];
  const sections = groups.map(
    (group) =>
      `\n## ${group}\n\n${table(['Setting', 'Default', 'Meaning'], SETTING_NAMES.filter((name) => metaOf(name).group === group).map(settingRow))}\n`,
  );
  return [INTRODUCTION, ...sections, MODELS_FILE, modelsFileTables()].join('');
}

function settingRow(name: SettingName): readonly string[] {
  const { description, expected, defaultText } = metaOf(name);
  return [`\`${name}\``, defaultText ?? `\`${String(defaultOf(name))}\``, `${description} Expected: ${expected}.`];
}

function defaultOf(name: SettingName): unknown {
  const schema: z.ZodType = Settings.shape[name];
  return schema instanceof z.ZodDefault ? schema.parse(undefined) : '';
}

function modelsFileTables(): string {
  const { models, roles } = ModelsFile.shape;
  return [membersTable('models', models.element.shape), membersTable('roles', roles.unwrap().shape)].join('');
}

function membersTable(name: string, shape: Readonly<Record<string, z.ZodType>>): string {
  const rows = Object.entries(shape).map(([member, schema]) => [`\`${member}\``, schema.description ?? '']);
  return `\n\`${name}\`:\n\n${table(['Member', 'Meaning'], rows)}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
