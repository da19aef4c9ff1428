import type { OpenAPIObject } from '@nestjs/swagger';

/** An upload may come as a form, too: what is not a file stands in its address then. */
export function describeUploads(document: OpenAPIObject): void {
  const [, path] = Object.entries(document.paths).find(([address]) => address.endsWith('/add/knowledgebase-file')) ?? [];
  const operation = path?.post;
  const body = operation?.requestBody;
  if (operation === undefined || body === undefined || '$ref' in body) return;
  body.content['multipart/form-data'] = {
    schema: {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'array', items: { type: 'string', format: 'binary' }, description: 'Each file a part of this name.' } },
    },
  };
  operation.parameters = [
    ...(operation.parameters ?? []),
    { name: 'knowledgebase_id', in: 'query', required: false, description: 'Of a form: the base.', schema: { type: 'string' } },
    {
      name: 'type',
      in: 'query',
      required: false,
      description: 'Of a form: what its files are.',
      schema: { type: 'string', enum: ['document', 'skill'] },
    },
  ];
}

/** What comes back as bytes when it is there is refused in the envelope like everything else. */
export function describeDownloads(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const [status, reply] of Object.entries(path.get?.responses ?? {})) {
      if (reply === undefined || '$ref' in reply || status === '200') continue;
      const bytes = reply.content?.['application/octet-stream'];
      if (bytes !== undefined) reply.content = { 'application/json': bytes };
    }
  }
}
