import type { Span } from './span.ts';
import { openSpan } from './traces.ts';

/** The metadata in which a call carries its trace. */
export const TRACE_METADATA = 'traceparent';

/** A method as the contracts name it: `continuo.v1.Recall`, `Search`. */
interface NamedMethod {
  readonly service: string;
  readonly name: string;
}

/** The span of a call between services where it is made; it belongs to what runs there. */
export const openCallSpan = (method: NamedMethod): Span => openSpan(nameOf(method), { kind: 'client', attributes: attributesOf(method) });

/** The span of the same call where it is answered. @param parent what the metadata say, whatever that is. */
export const openServedSpan = (method: NamedMethod, parent: unknown): Span =>
  openSpan(nameOf(method), { kind: 'server', parent: typeof parent === 'string' ? parent : null, attributes: attributesOf(method) });

const nameOf = ({ service, name }: NamedMethod): string => `${service.slice(service.lastIndexOf('.') + 1)}/${name}`;

const attributesOf = ({ service, name }: NamedMethod) => ({ 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': name });
