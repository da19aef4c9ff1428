import type { ProjectLimits, ProjectSettings } from '@continuo/ports';
import { UsageError } from './output.ts';

/** One setting of a project as an operator writes it. */
interface WrittenSetting {
  readonly name: string;
  readonly meaning: string;
  /** What it is now, in the words it could be set with. */
  readonly shown: (settings: ProjectSettings) => string;
  /** @throws UsageError. */
  readonly changed: (settings: ProjectSettings, value: string) => ProjectSettings;
}

/** Back to what the installation is configured for, or no limit. */
const DEFAULT = 'default';

/** Every setting, in the order it is listed. */
export const PROJECT_SETTINGS: readonly WrittenSetting[] = [
  {
    name: 'independent-agents',
    meaning: 'on: agents have memories of their own; off: an agent is a label',
    shown: ({ independentAgents }) => onOff(independentAgents),
    changed: (settings, value) => ({ ...settings, independentAgents: truthOf('independent-agents', value) ?? false }),
  },
  {
    name: 'strict',
    meaning: "on: the contract's strict forms",
    shown: ({ strict }) => onOff(strict),
    changed: (settings, value) => ({ ...settings, strict: truthOf('strict', value) }),
  },
  {
    name: 'legacy-status-list',
    meaning: 'on: /get/status answers a list of one',
    shown: ({ legacyStatusList }) => onOff(legacyStatusList),
    changed: (settings, value) => ({ ...settings, legacyStatusList: truthOf('legacy-status-list', value) }),
  },
  {
    name: 'retention-days',
    meaning: 'days after which transcripts of mined messages are erased',
    shown: ({ retentionDays }) => number(retentionDays),
    changed: (settings, value) => ({ ...settings, retentionDays: numberOf('retention-days', value) }),
  },
  limit('requests-per-minute', 'requests to each endpoint', 'requestsPerMinute'),
  limit('input-tokens-per-minute', 'tokens of all inputs', 'inputTokensPerMinute'),
  limit('chat-request-tokens-per-day', 'tokens of questions to chats, a UTC day', 'chatRequestTokensPerDay'),
  limit('chat-answer-tokens-per-day', 'tokens of answers of chats, a UTC day', 'chatAnswerTokensPerDay'),
];

/** The settings after `NAME=VALUE`, several in order. @throws UsageError for a name or a value that is none. */
export function changedBy(settings: ProjectSettings, changes: readonly string[]): ProjectSettings {
  return changes.reduce((known, change) => {
    const [name = '', ...rest] = change.split('=');
    const setting = PROJECT_SETTINGS.find((each) => each.name === name.trim());
    if (setting === undefined || rest.length === 0) {
      throw new UsageError(
        `"${change}" sets nothing: NAME=VALUE is expected, with one of ${PROJECT_SETTINGS.map((each) => each.name).join(', ')}.`,
      );
    }
    return setting.changed(known, rest.join('=').trim().toLowerCase());
  }, settings);
}

function limit(name: string, what: string, member: keyof ProjectLimits): WrittenSetting {
  return {
    name,
    meaning: `most ${what}`,
    shown: ({ limits }) => number(limits[member]),
    changed: (settings, value) => ({ ...settings, limits: { ...settings.limits, [member]: numberOf(name, value) } }),
  };
}

const onOff = (value: boolean | null): string => (value === null ? DEFAULT : value ? 'on' : 'off');
const number = (value: number | null): string => (value === null ? DEFAULT : String(value));

function truthOf(name: string, value: string): boolean | null {
  if (['on', 'true', 'yes', '1'].includes(value)) return true;
  if (['off', 'false', 'no', '0'].includes(value)) return false;
  if (value === DEFAULT) return null;
  throw new UsageError(`${name} must be on, off or ${DEFAULT}.`);
}

function numberOf(name: string, value: string): number | null {
  if (value === DEFAULT || value === 'off') return null;
  if (/^[1-9]\d{0,11}$/.test(value)) return Number(value);
  throw new UsageError(`${name} must be a whole number from 1, or ${DEFAULT}.`);
}
