import { z } from 'zod';
import { jsonOf, type WireSchema } from './wire-schema.ts';

const Texts = z.array(z.string()).readonly();
const TextByName = z.record(z.string(), z.string()).readonly();

const DetailsShape = z.object({
  event: z.object({ times: Texts, locations: Texts, roles: Texts }).optional(),
  tool: z
    .object({
      type: z.enum(['schema', 'trajectory']),
      used: z
        .array(z.object({ tool: z.string(), errorType: z.string(), successRate: z.number(), experience: z.string() }).readonly())
        .readonly(),
      experience: z.string(),
    })
    .optional(),
  skill: z
    .object({
      name: z.string(),
      description: z.string(),
      procedure: z.string(),
      experience: Texts,
      preference: Texts,
      examples: Texts,
      script: TextByName,
      others: TextByName,
      fileId: z.string().nullable(),
    })
    .optional(),
  profile: z
    .object({
      templateId: z.string(),
      category: z.string(),
      field: z.string(),
      path: z.string(),
      value: z.string(),
      algorithmUpdatable: z.boolean(),
    })
    .optional(),
  document: z
    .object({
      fileId: z.string(),
      fileName: z.string(),
      place: z.int(),
      headings: Texts,
      page: z.int().nullable(),
    })
    .optional(),
});

/** Absent rather than undefined. */
type Present<Shape> = { readonly [Name in keyof Shape]?: Exclude<Shape[Name], undefined> };

/** Structurally the domain's `MemoryDetails`. */
export const DetailsMessage = jsonOf(DetailsShape) as WireSchema<Present<z.infer<typeof DetailsShape>>>;

/** Structurally the domain's `ExtractionOptions`, or null. */
export const ExtractionMessage = jsonOf(z.object({ views: Texts.nullable(), instructions: TextByName }).nullable());
