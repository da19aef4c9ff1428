import { z } from 'zod';
import { envelope } from './envelope.ts';
import { UserId } from './identifiers.ts';
import { AgentId } from './labels.ts';
import { characters, codeOf, RequiredText, WireCount, WireLimit, wireObject } from './leniency.ts';

/** Levels of names above and including a field (the contract's metadata tree). */
const MAX_LEVELS = 3;
/** Most bindings of one call (the contract's limits page). */
export const MAX_BINDINGS = 20;
export const DEFAULT_TEMPLATE_PAGE = 10;
export const MAX_TEMPLATE_PAGE = 100;
/** So that one template cannot fill a prompt or a page by itself. */
export const MAX_PROFILE_FIELDS = 500;
/** Most characters of the name of a template, a category or a field; ours. */
const MAX_NAME_CHARACTERS = 256;
/** Most characters of a value; ours: it is kept as a memory. */
const MAX_VALUE_CHARACTERS = 4_096;
/** Most characters of a field to remove: its names and what stands between them. */
const MAX_PATH_CHARACTERS = 1_000;

/** A field as callers write it; partial where a profile is edited. */
export interface WireProfileLeaf {
  readonly value?: string;
  readonly algorithm_updatable?: boolean;
}
export interface WireProfileTree {
  readonly [name: string]: WireProfileTree | WireProfileLeaf;
}

const isObject = (node: unknown): node is Record<string, unknown> => typeof node === 'object' && node !== null && !Array.isArray(node);

/** A node is a field when its members are those of a field; a category holds objects alone. */
export const isWireLeaf = (node: object): node is WireProfileLeaf =>
  Object.entries(node).some(([name, member]) => (name === 'value' || name === 'algorithm_updatable') && !isObject(member));

/** What is wrong with a tree, and where; null: nothing. */
function faultOf(
  node: unknown,
  path: readonly string[],
  needsValue: boolean,
): { readonly path: readonly string[]; readonly words: string } | null {
  if (!isObject(node)) return { path, words: 'must be an object: a category, or a field with `value`' };
  if (path.length > 0 && isWireLeaf(node)) {
    const { value, algorithm_updatable: updatable } = node as Record<string, unknown>;
    if (value !== undefined && value !== null && typeof value !== 'string') return { path: [...path, 'value'], words: 'must be a string' };
    if (needsValue && typeof value !== 'string') return { path: [...path, 'value'], words: 'must be a string' };
    if (typeof value === 'string' && characters(value) > MAX_VALUE_CHARACTERS)
      return { path: [...path, 'value'], words: `must have at most ${MAX_VALUE_CHARACTERS} characters` };
    if (updatable !== undefined && updatable !== null && typeof updatable !== 'boolean')
      return { path: [...path, 'algorithm_updatable'], words: 'must be true or false' };
    return null;
  }
  if (path.length >= MAX_LEVELS) return { path, words: `must be a field: names are at most ${MAX_LEVELS} deep` };
  for (const [name, member] of Object.entries(node)) {
    if (characters(name) > MAX_NAME_CHARACTERS)
      return { path, words: `must not have names of more than ${MAX_NAME_CHARACTERS} characters` };
    if (name.trim() === '') return { path, words: 'must not have empty names' };
    const fault = faultOf(member, [...path, name], needsValue);
    if (fault !== null) return fault;
  }
  return null;
}

/** A category without fields counts as one: it is kept, too. */
const countFields = (node: object): number =>
  isWireLeaf(node) || Object.keys(node).length === 0
    ? 1
    : Object.values(node).reduce((sum: number, member) => sum + (isObject(member) ? countFields(member) : 0), 0);

const EXAMPLE = { Basics: { City: { value: '', algorithm_updatable: true }, Name: { value: '' } } };

const Metadata = (needsValue: boolean) =>
  z
    .custom<WireProfileTree>(isObject, 'must be an object of categories and fields')
    .superRefine((tree, context) => {
      const fault = faultOf(tree, [], needsValue);
      if (Object.keys(tree).length === 0)
        context.addIssue({ code: 'custom', message: 'must not be empty', params: codeOf('empty_collection') });
      else if (fault !== null) context.addIssue({ code: 'custom', path: [...fault.path], message: fault.words });
      else if (countFields(tree) > MAX_PROFILE_FIELDS)
        context.addIssue({ code: 'custom', message: `must have at most ${MAX_PROFILE_FIELDS} fields` });
    })
    .meta({
      type: 'object',
      additionalProperties: true,
      description:
        'Fields `{ "value": string, "algorithm_updatable": boolean }` by name, in categories or without, names at most three deep. ' +
        '`algorithm_updatable` (default true): what is said may change the value.',
      examples: [EXAMPLE],
    });

const TemplateId = () =>
  RequiredText().meta({ description: 'As `/add/profile_template` returned it.', examples: ['tpl_3f0c8e6d1a2b4c5d9e8f7a6b5c4d3e2f'] });
const Name = () =>
  z
    .string()
    .transform((name) => name.trim())
    .refine((name) => name !== '', { error: 'must not be empty', params: codeOf('required_field_missing') })
    .refine((name) => characters(name) <= MAX_NAME_CHARACTERS, { error: `must have at most ${MAX_NAME_CHARACTERS} characters` })
    .meta({ type: 'string', minLength: 1, maxLength: MAX_NAME_CHARACTERS, description: 'What people call it.', examples: ['Customers'] });

const exactlyOneSubject = (
  subject: { readonly user_id?: string | undefined; readonly agent_id?: string | undefined },
  context: z.RefinementCtx,
): void => {
  const given = [subject.user_id, subject.agent_id].filter((id) => id !== undefined);
  if (given.length === 0)
    context.addIssue({ code: 'custom', path: ['user_id'], message: 'is required, or agent_id', params: codeOf('required_field_missing') });
  if (given.length > 1) context.addIssue({ code: 'custom', path: ['agent_id'], message: 'must not stand beside user_id' });
};

const Subject = {
  user_id: UserId()
    .optional()
    .meta({ type: 'string', description: 'Whose profile: this, or `agent_id`.', examples: ['ana'] }),
  agent_id: AgentId().meta({ type: 'string', description: 'The profile of an agent that has memories of its own.' }),
};

export const AddProfileTemplateRequest = wireObject({ name: Name(), metadata: Metadata(true) }).meta({
  id: 'AddProfileTemplateRequest',
  examples: [{ name: 'Customers', metadata: EXAMPLE }],
});
export type AddProfileTemplateRequest = z.infer<typeof AddProfileTemplateRequest>;
export const AddProfileTemplateReply = envelope('AddProfileTemplateReply', z.object({ profile_template_id: z.string() }));

const TemplateSummary = {
  profile_template_id: z.string(),
  name: z.string(),
  project_id: z.string(),
  instance_count: z.number().describe('To how many subjects it is bound.'),
  create_time: z.string().describe('ISO 8601.'),
  update_time: z.string().describe('ISO 8601.'),
};

export const ListProfileTemplatesRequest = wireObject({
  page: WireCount()
    .optional()
    .meta({ type: 'integer', minimum: 1, description: 'From 1. Default 1.', examples: [1] }),
  size: WireLimit(MAX_TEMPLATE_PAGE)
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum: MAX_TEMPLATE_PAGE, description: `Default ${DEFAULT_TEMPLATE_PAGE}.`, examples: [10] }),
}).meta({ id: 'ListProfileTemplatesRequest', examples: [{ page: 1, size: 10 }] });
export type ListProfileTemplatesRequest = z.infer<typeof ListProfileTemplatesRequest>;
export const ListProfileTemplatesReply = envelope(
  'ListProfileTemplatesReply',
  z.object({
    profile_templates: z.array(z.object(TemplateSummary)).describe('Newest first.'),
    total: z.number(),
    current: z.number(),
    size: z.number(),
    pages: z.number(),
  }),
);

export const GetProfileTemplateRequest = wireObject({ profile_template_id: TemplateId() }).meta({ id: 'GetProfileTemplateRequest' });
export type GetProfileTemplateRequest = z.infer<typeof GetProfileTemplateRequest>;
const WireMetadata = z.record(z.string(), z.unknown()).describe('The tree, each field with both members.');
export const GetProfileTemplateReply = envelope(
  'GetProfileTemplateReply',
  z.object({ profile_template: z.object({ ...TemplateSummary, metadata: WireMetadata }) }),
);

export const UpdateProfileTemplateRequest = wireObject({
  profile_template_id: TemplateId(),
  name: Name(),
  metadata: Metadata(true),
}).meta({ id: 'UpdateProfileTemplateRequest' });
export type UpdateProfileTemplateRequest = z.infer<typeof UpdateProfileTemplateRequest>;
export const UpdateProfileTemplateReply = envelope(
  'UpdateProfileTemplateReply',
  z.object({ success: z.literal(true), profile_template_id: z.string(), affected_instances: z.number() }),
);

export const DeleteProfileTemplateRequest = wireObject({ profile_template_id: TemplateId() }).meta({ id: 'DeleteProfileTemplateRequest' });
export type DeleteProfileTemplateRequest = z.infer<typeof DeleteProfileTemplateRequest>;
export const DeleteProfileTemplateReply = envelope(
  'DeleteProfileTemplateReply',
  z.object({ success: z.literal(true), profile_template_id: z.string(), deleted_instances: z.number() }),
);

export const BindProfileTemplateRequest = wireObject({
  bind_list: z
    .array(wireObject({ ...Subject, profile_template_id: TemplateId() }).superRefine(exactlyOneSubject))
    .min(1)
    .max(MAX_BINDINGS)
    .meta({ description: `Whom to bind to what, all or none; at most ${MAX_BINDINGS}. What was said before is not read again.` }),
}).meta({ id: 'BindProfileTemplateRequest' });
export type BindProfileTemplateRequest = z.infer<typeof BindProfileTemplateRequest>;

export const EditProfileRequest = wireObject({
  ...Subject,
  profile_template_id: TemplateId(),
  metadata: Metadata(false)
    .optional()
    .meta({ type: 'object', description: 'Fields to set, as a part of the tree.', examples: [{ Basics: { City: { value: 'Lyon' } } }] }),
  remove_fields: z
    .array(z.string().max(MAX_PATH_CHARACTERS))
    .max(MAX_PROFILE_FIELDS)
    .optional()
    .meta({ description: 'Fields to remove from this profile: `Category.Field`.', examples: [['Basics.Name']] }),
})
  .superRefine(exactlyOneSubject)
  .meta({ id: 'EditProfileRequest' });
export type EditProfileRequest = z.infer<typeof EditProfileRequest>;

export const DeleteProfileRequest = wireObject({ ...Subject, profile_template_id: TemplateId() })
  .superRefine(exactlyOneSubject)
  .meta({ id: 'DeleteProfileRequest' });
export type DeleteProfileRequest = z.infer<typeof DeleteProfileRequest>;

export const ProfileDoneReply = envelope('ProfileDoneReply', z.object({ success: z.literal(true) }));
