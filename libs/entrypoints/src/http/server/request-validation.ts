import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { readRequest } from '@continuo/contracts';
import { z } from 'zod';

/** Parses every body that has a schema; errors carry the contract's code and name the field. */
export class RequestValidation implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const schema: unknown = metadata.schema;
    return metadata.type === 'body' && schema instanceof z.ZodType ? readRequest(schema, value) : value;
  }
}
