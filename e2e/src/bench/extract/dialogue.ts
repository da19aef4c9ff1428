import { readFileSync } from 'node:fs';

export const SPLITS = ['dev', 'held'] as const;
/** `dev`: the rules may be corrected against it. `held`: it was written before, and only its totals are looked at. */
export type Split = (typeof SPLITS)[number];
export type DialogueLanguage = 'en' | 'zh' | 'mixed';
export type TurnRole = 'user' | 'assistant' | 'system' | 'tool';

/** What a careful reader would remember. */
export interface Gold {
  /** All must be in the memory, each in one of its spellings. Lower case. */
  readonly terms: readonly (readonly string[])[];
  /** Null: it may be a fact or a preference. */
  readonly kind: 'preference' | null;
  /** Spellings of the person it is about; null: the user. */
  readonly about: readonly string[] | null;
  /** Beginning of its date, `2026`, `2026-03` or `2026-03-12`; null: it has none. */
  readonly date: string | null;
  readonly implicit: boolean;
  /** As it stands in the file. */
  readonly written: string;
}

/** What nobody may make a memory of. */
export interface Never {
  readonly terms: readonly (readonly string[])[];
  /** Only as something about the user: it may be kept about the one it is true of. */
  readonly ofUser: boolean;
}

export interface Turn {
  readonly role: TurnRole;
  readonly content: string;
}

export interface Dialogue {
  readonly id: string;
  readonly split: Split;
  readonly language: DialogueLanguage;
  /** The family of traps it belongs to. */
  readonly trap: string;
  /** When it begins, `YYYY-MM-DD HH:MM`, in UTC; each turn is a minute later. */
  readonly at: string;
  readonly turns: readonly Turn[];
  readonly gold: readonly Gold[];
  readonly never: readonly Never[];
  /** True enough, but nobody would miss it: neither right nor wrong. */
  readonly tolerated: readonly Never[];
}

/** A line of the fixtures; how it is written stands in `README.md` beside them. */
interface WrittenDialogue {
  readonly id: string;
  readonly language: DialogueLanguage;
  readonly trap: string;
  readonly at: string;
  readonly turns: readonly string[];
  readonly gold: readonly string[];
  readonly never: readonly string[];
  readonly tolerated: readonly string[];
}

const ROLES: Readonly<Record<string, TurnRole>> = { u: 'user', a: 'assistant', s: 'system', t: 'tool' };

const termsOf = (written: string): readonly (readonly string[])[] =>
  written
    .toLowerCase()
    .split('&')
    .map((term) => term.split('/').map((spelling) => spelling.trim()));

function goldOf(written: string): Gold {
  const [terms = '', ...traits] = written.split('|').map((part) => part.trim());
  const about = traits.find((trait) => trait.startsWith('@'));
  return {
    terms: termsOf(terms),
    kind: traits.includes('P') ? 'preference' : null,
    about: about === undefined ? null : about.slice(1).toLowerCase().split('/'),
    date: traits.find((trait) => trait.startsWith('d:'))?.slice(2) ?? null,
    implicit: traits.includes('I'),
    written,
  };
}

const neverOf = (written: string): Never => ({ terms: termsOf(written.replace(/@user$/u, '')), ofUser: written.endsWith('@user') });

function turnOf(written: string, id: string): Turn {
  const role = written.charAt(1) === ':' ? ROLES[written.charAt(0)] : undefined;
  if (role === undefined) throw new Error(`dialogue ${id}: a turn without a role`);
  return { role, content: written.slice(3) };
}

function dialogueOf(line: string, split: Split): Dialogue {
  const { turns, gold, never, tolerated, ...written } = JSON.parse(line) as WrittenDialogue;
  return {
    ...written,
    split,
    turns: turns.map((turn) => turnOf(turn, written.id)),
    gold: gold.map(goldOf),
    never: never.map(neverOf),
    tolerated: tolerated.map(neverOf),
  };
}

/** The dialogues of a split, in the order of its file. */
export const dialoguesOf = (split: Split): readonly Dialogue[] =>
  readFileSync(new URL(`./dialogues.${split}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => dialogueOf(line, split));

/** Whether a text holds all the terms, whatever their case. */
export function holds(text: string, terms: readonly (readonly string[])[]): boolean {
  const lower = text.toLowerCase();
  return terms.every((spellings) => spellings.some((spelling) => lower.includes(spelling)));
}
