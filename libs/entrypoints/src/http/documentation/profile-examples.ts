import type { Examples } from './example.ts';

const TEMPLATE = 'tpl_3b2f0f0e5f0d4a639d0e0f3b6c0d7f11';
const METADATA = { Basics: { Name: { value: '' }, City: { value: '' } }, Work: { Occupation: { value: '', algorithm_updatable: true } } };

/** Of profiles and their templates. */
export const PROFILE_EXAMPLES = {
  AddProfileTemplateRequest: {
    customers: { summary: 'What is to be known of customers', value: { name: 'Customers', metadata: METADATA } },
  },
  ListProfileTemplatesRequest: { page: { summary: 'The first page', value: { page: 1, size: 10 } } },
  GetProfileTemplateRequest: { one: { summary: 'One template', value: { profile_template_id: TEMPLATE } } },
  UpdateProfileTemplateRequest: {
    field: {
      summary: 'A field more',
      value: { profile_template_id: TEMPLATE, name: 'Customers', metadata: { ...METADATA, Pets: { Dog: { value: '' } } } },
    },
  },
  BindProfileTemplateRequest: {
    user: { summary: 'One user', value: { bind_list: [{ user_id: 'ana', profile_template_id: TEMPLATE }] } },
  },
  EditProfileRequest: {
    locked: {
      summary: 'A value that stays as it is',
      value: {
        profile_template_id: TEMPLATE,
        user_id: 'ana',
        metadata: { Basics: { City: { value: 'Lisbon', algorithm_updatable: false } } },
      },
    },
  },
  DeleteProfileRequest: { user: { summary: 'Of one user', value: { profile_template_id: TEMPLATE, user_id: 'ana' } } },
  DeleteProfileTemplateRequest: { one: { summary: 'With all profiles made of it', value: { profile_template_id: TEMPLATE } } },
} satisfies Readonly<Record<string, Examples>>;
