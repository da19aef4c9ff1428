import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ChatCompletionChunk, ChatStreamEvent, RESULT_CODES, type ResultCode } from '@continuo/contracts';
import { z } from 'zod';
import { ERROR_TABLE } from '../server/error-table.ts';
import { describeDownloads, describeUploads } from './describe-uploads.ts';
import { EXAMPLES } from './examples.ts';

const DESCRIPTION = `
Continuo remembers what users say and answers with it.

**Key.** Send \`Authorization: Token <key>\` (or \`Bearer\`). \`npm start\` shows the key once and says where it is kept.

**Tolerance.** \`null\` means absent, unknown fields are ignored, numbers may come as strings, and ceilings above the allowed are lowered.

**Replies** are wrapped: \`{"code": 0, "message": "ok", "data": {…}}\`. Errors have the same form with another code, \`data: null\` and a message that names the field; the codes are listed with \`ErrorReply\` at the end of this page.

**Repeats.** The same request sent again, because its answer was lost, is done once. \`Idempotency-Key\` makes that explicit.
`.trim();

/** The OpenAPI document of the API, generated from the contracts' schemas. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Continuo')
    .setDescription(DESCRIPTION)
    .setVersion('1.0.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token <key>` or `Bearer <key>`' }, 'ApiKey')
    .addTag('Messages', 'What was said.')
    .addTag('Memories', 'What is remembered of it.')
    .addTag('Chat', 'Answers that use it.')
    .addTag('OpenAI', 'The same memory for clients of OpenAI’s form.')
    .addTag('Knowledge bases', 'Documents that are searched beside memories.')
    .addTag('Service', 'Address and key.')
    .build();
  const document = SwaggerModule.createDocument(app, options, {
    standardSchemaConverter: (schema, { schemaType }) => convert(schema, schemaType),
    autoTagControllers: false,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/u, '').toLowerCase()}_${method}`,
  });
  addComponent(document, 'ChatStreamEvent', ChatStreamEvent);
  addComponent(document, 'ChatCompletionChunk', ChatCompletionChunk);
  listCodes(document);
  describeStream(document);
  describeRefusals(document);
  describeUploads(document);
  describeDownloads(document);
  addExamples(document);
  return document;
}

/** A zod schema as JSON schema, with the examples that zod leaves out of schemas that also transform. */
function convert(schema: unknown, io: 'input' | 'output') {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $schema: _schema,
    definitions,
    ...json
  } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples) && jsonSchema.$ref === undefined) jsonSchema.examples = examples;
    },
  });
  return { schema: json, components: (definitions ?? {}) as Record<string, unknown> };
}

function addComponent(document: OpenAPIObject, name: string, schema: z.ZodType): void {
  const converted = convert(schema, 'output');
  const schemas = (document.components ??= {}).schemas ?? {};
  document.components.schemas = schemas;
  const definition = converted?.components[name];
  if (definition === undefined) throw new Error(`${name} has no definition`);
  schemas[name] = JSON.parse(JSON.stringify(definition).replaceAll('#/definitions/', '#/components/schemas/')) as (typeof schemas)[string];
}

/** The events of a stream have a schema of their own. */
function describeStream(document: OpenAPIObject): void {
  for (const [address, path] of Object.entries(document.paths)) {
    const done = path.post?.responses['200'];
    const stream = done === undefined || '$ref' in done ? undefined : done.content?.['text/event-stream'];
    const event = address.endsWith('/chat/completions') ? 'ChatCompletionChunk' : 'ChatStreamEvent';
    if (stream !== undefined) stream.schema = serverSentEvent(event);
  }
}

/** Whatever a success is made of, a refusal is JSON. */
function describeRefusals(document: OpenAPIObject): void {
  for (const { get, post } of Object.values(document.paths)) {
    for (const [status, reply] of Object.entries({ ...get?.responses, ...post?.responses })) {
      if (status === '200' || reply === undefined || '$ref' in reply || reply.content === undefined) continue;
      const [content] = Object.values(reply.content);
      if (content !== undefined) reply.content = { 'application/json': content };
    }
  }
}

/** One event as it travels: its data are JSON text. */
const serverSentEvent = (name: string) => ({
  type: 'object',
  required: ['data'],
  properties: {
    event: { type: 'string' },
    data: { type: 'string', description: `JSON of \`${name}\`.`, 'x-json-schema': { $ref: `#/components/schemas/${name}` } },
  },
});

function addExamples(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    const body = path.post?.requestBody;
    if (body === undefined || '$ref' in body) continue;
    const content = body.content['application/json'];
    const schema = content?.schema;
    if (content === undefined || schema === undefined || !('$ref' in schema)) continue;
    const examples = EXAMPLES[schema.$ref.split('/').at(-1) ?? ''];
    if (examples !== undefined) content.examples = { ...examples };
  }
}

/** The codes this server answers with, beside the schema of its errors. */
function listCodes(document: OpenAPIObject): void {
  const schema = document.components?.schemas?.['ErrorReply'];
  if (schema === undefined || '$ref' in schema) throw new Error('ErrorReply has no definition');
  const used = new Set<ResultCode>(Object.values(ERROR_TABLE).map((entry) => entry.code));
  const lines = [...used].toSorted((left, right) => left - right).map((code) => `- \`${code}\` ${RESULT_CODES[code]}`);
  schema.description = `${schema.description ?? ''}\n\n${lines.join('\n')}`.trim();
}
