import { normaliseValue } from '../extraction/draft.ts';
import { placeValue } from '../extraction/places.ts';
import type { Candidate } from '../memory.ts';
import { normaliseText } from '../text/fold.ts';
import { profilePath, type ProfileField } from './profile-tree.ts';

/** A field that what is said may fill, with the template it comes from. */
export interface UpdatableField extends ProfileField {
  readonly templateId: string;
}

/** What people call the slots that extraction fills. Compared folded, so that case and width do not matter. */
const NAMES_OF_SLOTS: Readonly<Record<string, readonly string[]>> = {
  'home.city': [
    'city',
    'home city',
    'residence',
    'location',
    'lives in',
    'place of residence',
    'address',
    '城市',
    '居住地',
    '所在地',
    '住址',
    '现居地',
  ],
  origin: ['origin', 'hometown', 'home town', 'from', 'birthplace', '家乡', '老家', '籍贯', '出生地'],
  'work.employer': ['employer', 'company', 'workplace', 'organisation', 'organization', '公司', '雇主', '工作单位', '单位'],
  'work.role': ['role', 'job', 'job title', 'occupation', 'profession', 'position', 'title', '职业', '职位', '工作', '岗位'],
  name: ['name', 'full name', 'real name', '姓名', '名字'],
  'name.called': ['nickname', 'preferred name', 'called', '昵称', '称呼'],
  age: ['age', '年龄'],
  birthday: ['birthday', 'date of birth', 'birth date', '生日', '出生日期'],
  'marital.status': ['marital status', 'relationship status', '婚姻状况', '婚姻'],
  'language.native': ['native language', 'mother tongue', 'language', '母语', '语言'],
  'contact.email': ['email', 'e-mail', 'email address', '邮箱', '电子邮件'],
  'contact.phone': ['phone', 'phone number', 'telephone', 'mobile', '电话', '手机号', '电话号码'],
  'body.height': ['height', '身高'],
  'body.weight': ['weight', '体重'],
  'phone.model': ['phone model', '手机', '手机型号'],
  car: ['car', 'vehicle', '车', '汽车'],
};

const SLOT_OF_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES_OF_SLOTS).flatMap(([slot, names]) => names.map((name) => [normaliseText(name), slot] as const)),
);

/** Nobody says a longer name. */
const LONGEST_NAME = 256;

/** The longest value that a sentence of the form "my … is …" gives a field. */
const LONGEST_VALUE = 120;

/**
 * What a batch's candidates say about fields of a profile. Only what the subject says of itself counts; what is denied changes
 * nothing, for a field does not say what is not.
 */
export function profileCandidates(candidates: readonly Candidate[], fields: readonly UpdatableField[]): readonly Candidate[] {
  return fields.flatMap((field) => {
    const name = field.names.at(-1) ?? '';
    if (!field.algorithmUpdatable || name.length > LONGEST_NAME) return [];
    const sought: Sought = { slot: SLOT_OF_NAME.get(normaliseText(name)), patterns: patternsOf(name) };
    return candidates.flatMap((candidate) => {
      const value = valueFor(sought, candidate);
      return value === null ? [] : [candidateOf(field, value, candidate)];
    });
  });
}

/** How a field is recognised in what is said, the same for all candidates. */
interface Sought {
  readonly slot: string | undefined;
  readonly patterns: readonly RegExp[];
}

function valueFor({ slot, patterns }: Sought, candidate: Candidate): string | null {
  if (candidate.origin !== 'user' || candidate.about !== null || candidate.negated || !isStatement(candidate)) return null;
  if (slot !== undefined && candidate.topicKey === slot && candidate.topicValue !== null) return asSaid(candidate, candidate.topicValue);
  if (slot !== undefined && candidate.topicKey !== null) return null;
  return statedValue(patterns, candidate);
}

const isStatement = ({ kind }: Candidate): boolean => kind === 'fact' || kind === 'preference' || kind === 'event';

/** The value in the speaker's spelling: slots hold it folded. */
function asSaid({ entities, quotes }: Candidate, value: string): string {
  const entity = entities.find((each) => normaliseValue(each) === value || placeValue(each) === value);
  if (entity !== undefined) return entity;
  for (const quote of quotes) {
    const at = quote.toLowerCase().indexOf(value);
    if (at >= 0) return quote.slice(at, at + value.length);
  }
  return value;
}

/** `My favourite colour is green`, `我的血型是O型`: a field is filled when the sentence names it. */
function patternsOf(name: string): readonly RegExp[] {
  const escaped = name.trim().replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  if (escaped === '') return [];
  return [
    new RegExp(String.raw`\bmy ${escaped}(?: is|['’]s|:) (?<value>[^.!?;\n]+)`, 'iu'),
    new RegExp(`我的?${escaped}(?:是|为|：|:)(?<value>[^。！？；\n]+)`, 'u'),
  ];
}

function statedValue(patterns: readonly RegExp[], { quotes }: Candidate): string | null {
  for (const quote of quotes) {
    const said = patterns.map((pattern) => pattern.exec(quote)).find((match) => match !== null);
    const value = said?.groups?.['value']?.trim();
    if (value !== undefined && value !== '' && value.length <= LONGEST_VALUE) return value;
  }
  return null;
}

/** One field as a memory: it fills a slot of its own, so that a later value supersedes it. */
function candidateOf(field: UpdatableField, value: string, from: Candidate): Candidate {
  return {
    ...from,
    ...profileStatement(field, value),
    keyPhrases: [...new Set([...field.names, ...from.keyPhrases])],
    // The wording is ours; what was said stands in the quotes.
    eventTime: null,
  };
}

/** What a profile memory says, apart from where it comes from. */
export function profileStatement(field: UpdatableField, value: string) {
  const path = profilePath(field.names);
  return {
    kind: 'profile' as const,
    preferenceType: null,
    reasoning: '',
    title: field.names.at(-1) ?? path,
    text: `${path}: ${value}`,
    topicKey: profileSlot(field.templateId, path),
    topicValue: normaliseValue(value),
    negated: false,
    about: null,
    details: {
      profile: {
        templateId: field.templateId,
        category: field.names.length > 1 ? profilePath(field.names.slice(0, -1)) : '',
        field: field.names.at(-1) ?? '',
        path,
        value,
        algorithmUpdatable: field.algorithmUpdatable,
      },
    },
  };
}

/** The slot of a field. */
export const profileSlot = (templateId: string, path: string): string => `profile.${templateId}.${path}`;
