import { bytesField, floatField, integerField, joined, messageField, textField, type Encoded } from './protobuf.ts';

/** Element types of ONNX tensors (TensorProto.DataType). */
export const ELEMENT = { float: 1, int8: 3, int32: 6, int64: 7, int4: 22 } as const;
export type ElementType = (typeof ELEMENT)[keyof typeof ELEMENT];

/** An attribute is an integer unless it is wrapped as `{ float }`. */
export type Attribute = number | { readonly float: number };

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Where the operator comes from; undefined: the ONNX standard. */
  readonly domain?: string;
  /** Names of the outputs; undefined: one, with a generated name. */
  readonly outputs?: readonly string[];
}

/** A named edge of the graph with its type. A text as dimension is a symbolic size. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly dimensions: readonly (number | string)[];
}

/** ONNX Runtime's own fused operators. */
export const MICROSOFT_DOMAIN = 'com.microsoft';

/** 4-bit tensors came with file version 10 and operator set 21. */
const IR_VERSION = 10;
const OPERATOR_SET = 21;

/** Field numbers of onnx.proto: each message's own, so that the calls below read like the schema. */
const MODEL = { irVersion: 1, producer: 2, graph: 7, operatorSet: 8 };
const OPERATOR_SET_ID = { domain: 1, version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 };
const ATTRIBUTE = { name: 1, float: 2, integer: 3, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, integer: 2 };
const TENSOR = { dimension: 1, type: 2, name: 8, raw: 9 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { element: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { size: 1, symbol: 2 };

/** Builds an ONNX model node by node. Values are passed around by name, as in the file. */
export class OnnxGraph {
  private readonly nodes: Encoded[] = [];
  private readonly initializers: Encoded[] = [];
  private counter = 0;

  /** Adds a weight; its bytes are taken as they lie in memory (little endian, like every platform Node runs on). */
  weight(name: string, type: ElementType, dimensions: readonly number[], data: ArrayBufferView): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push(
      messageField(GRAPH.initializer, [
        ...dimensions.map((size) => integerField(TENSOR.dimension, size)),
        integerField(TENSOR.type, type),
        textField(TENSOR.name, name),
        bytesField(TENSOR.raw, bytes),
      ]),
    );
    return name;
  }

  /** Adds a small list of whole numbers, as the shape operators take them. */
  integers(...values: readonly number[]): string {
    return this.weight(this.freshName(), ELEMENT.int64, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds an operator with one output and returns the output's name. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const [output] = this.nodeWithOutputs(operator, inputs, { ...options, outputs: options.outputs ?? [this.freshName()] });
    if (output === undefined) throw new TypeError(`${operator} needs an output`);
    return output;
  }

  /** Adds one of ONNX Runtime's fused operators. */
  fused(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.node(operator, inputs, { attributes, domain: MICROSOFT_DOMAIN });
  }

  /** Adds an operator with several outputs and returns their names. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    options: NodeOptions & { readonly outputs: readonly string[] },
  ): readonly string[] {
    this.nodes.push(
      messageField(GRAPH.node, [
        ...inputs.map((name) => textField(NODE.input, name)),
        ...options.outputs.map((name) => textField(NODE.output, name)),
        textField(NODE.name, `${operator}_${this.nodes.length}`),
        textField(NODE.operator, operator),
        ...Object.entries(options.attributes ?? {}).map(([name, value]) => attribute(name, value)),
        ...(options.domain === undefined ? [] : [textField(NODE.domain, options.domain)]),
      ]),
    );
    return options.outputs;
  }

  freshName(): string {
    this.counter += 1;
    return `value_${this.counter}`;
  }

  /** The bytes of the model file, in pieces. */
  encode(inputs: readonly ValueInfo[], outputs: readonly ValueInfo[]): Encoded {
    return joined([
      integerField(MODEL.irVersion, IR_VERSION),
      textField(MODEL.producer, 'continuo'),
      messageField(MODEL.graph, [
        ...this.nodes,
        textField(GRAPH.name, 'embedding'),
        ...this.initializers,
        ...inputs.map((value) => valueField(GRAPH.input, value)),
        ...outputs.map((value) => valueField(GRAPH.output, value)),
      ]),
      operatorSet('', OPERATOR_SET),
      operatorSet(MICROSOFT_DOMAIN, 1),
    ]);
  }
}

function attribute(name: string, value: Attribute): Encoded {
  const content =
    typeof value === 'number'
      ? [integerField(ATTRIBUTE.integer, value), integerField(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer)]
      : [floatField(ATTRIBUTE.float, value.float), integerField(ATTRIBUTE.type, ATTRIBUTE_TYPE.float)];
  return messageField(NODE.attribute, [textField(ATTRIBUTE.name, name), ...content]);
}

function operatorSet(domain: string, version: number): Encoded {
  return messageField(MODEL.operatorSet, [textField(OPERATOR_SET_ID.domain, domain), integerField(OPERATOR_SET_ID.version, version)]);
}

function valueField(field: number, value: ValueInfo): Encoded {
  const sizes = value.dimensions.map((size) =>
    messageField(SHAPE.dimension, [typeof size === 'number' ? integerField(DIMENSION.size, size) : textField(DIMENSION.symbol, size)]),
  );
  const tensor = [integerField(TENSOR_TYPE.element, value.type), messageField(TENSOR_TYPE.shape, sizes)];
  return messageField(field, [textField(VALUE.name, value.name), messageField(VALUE.type, [messageField(TYPE.tensor, tensor)])]);
}
