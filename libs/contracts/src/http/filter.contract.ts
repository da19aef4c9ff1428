import { z } from 'zod';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** No record: that would drop a member called `__proto__`, and with it a condition. */
export const FilterObject = () =>
  z.custom<Readonly<Record<string, unknown>>>(isObject, { error: 'must be an object' }).meta({ type: 'object', additionalProperties: {} });

/**
 * The filter as it stands on the wire; its grammar is read where the time zone and the strictness are known.
 * Only that it is an object is checked here.
 */
export const WireFilter = () =>
  FilterObject()
    .optional()
    .meta({
      description:
        'Narrows what is searched before anything is ranked. `{"and": […]}` or `{"or": […]}` of conditions, nested up to three deep; one condition names one ' +
        'field: `{"app_id": "shop"}`, `{"tags": {"contains": "travel"}}`, `{"create_time": {"gte": "2026-03-01"}}`, `{"related_id": ["ana", "ben"]}`. Fields: `agent_id`, `app_id`, ' +
        '`tags`, `related_id` (any of these users and agents), `create_time`, `update_time`, and every key of `info` by its bare name or as `info.<key>`. ' +
        'Operators: `=`, `contains`, `in`, `like`, `gt`, `gte`, `lt`, `lte`. It may be split by source: ' +
        '`{"user": …, "agent": …, "public": …, "knowledgebase": …}`; sources that are not named are not narrowed.',
      examples: [{ and: [{ app_id: 'shop-ios' }, { create_time: { gte: '2026-03-01' } }] }],
    });
