import { type Batch, DELETE, INSERT, UPDATE_BEFORE } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import type { DataType, Field } from '../../core/data-type.ts';
import type { ByteOutput } from '../byte-output.ts';
import type { RowEncoder } from '../row-encoder.ts';
import { writeJsonValue } from '../value-text.ts';
import { type JsonOptions, STRICT_JSON } from './json-options.ts';

type ColumnWriter = (vector: Vector, row: number, output: ByteOutput) => void;

/** Encodes rows as JSON objects. */
export class JsonEncoder implements RowEncoder {
  readonly #object: JsonObjectWriter;

  constructor(fields: readonly Field[], options: JsonOptions = STRICT_JSON) {
    this.#object = new JsonObjectWriter(fields, options);
  }

  encodeRow(batch: Batch, row: number, output: ByteOutput): void {
    this.#object.write(batch, row, output);
  }
}

/**
 * Encodes a changelog in Debezium's envelope, like Flink's debezium-json sink. Op c adds a row, and
 * op d removes a row.
 */
export class DebeziumJsonEncoder implements RowEncoder {
  readonly #object: JsonObjectWriter;

  constructor(fields: readonly Field[]) {
    this.#object = new JsonObjectWriter(fields, STRICT_JSON);
  }

  encodeRow(batch: Batch, row: number, output: ByteOutput): void {
    const kind = batch.kinds === null ? INSERT : batch.kinds[row]!;
    const removes = kind === UPDATE_BEFORE || kind === DELETE;
    output.literal(removes ? BEFORE : AFTER);
    this.#object.write(batch, row, output);
    output.literal(removes ? BEFORE_END : AFTER_END);
  }
}

const BEFORE = Buffer.from('{"before":');
const BEFORE_END = Buffer.from(',"after":null,"op":"d"}');
const AFTER = Buffer.from('{"before":null,"after":');
const AFTER_END = Buffer.from(',"op":"c"}');

class JsonObjectWriter {
  readonly #keys: readonly Buffer[];
  readonly #writers: readonly ColumnWriter[];

  constructor(fields: readonly Field[], options: JsonOptions) {
    this.#keys = fields.map((f, i) => Buffer.from(`${i === 0 ? '{' : ','}${JSON.stringify(f.name)}:`));
    this.#writers = fields.map((f) => columnWriter(f.type, options));
  }

  write(batch: Batch, row: number, output: ByteOutput): void {
    const keys = this.#keys;
    const writers = this.#writers;
    const { columns } = batch;
    for (let c = 0; c < keys.length; c++) {
      output.literal(keys[c]!);
      writers[c]!(columns[c]!, row, output);
    }
    output.literal(keys.length === 0 ? EMPTY : END);
  }
}

const END = Buffer.from('}');
const EMPTY = Buffer.from('{}');
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const QUOTE = Buffer.from('"');

function columnWriter(type: DataType, { iso }: JsonOptions): ColumnWriter {
  const general = writeJsonValue(type, iso);
  const writeGeneral: ColumnWriter = (vector, row, output) => output.text(general(vector.get(row)));
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (vector, row, output) => {
        if (vector.kind !== 'number') writeGeneral(vector, row, output);
        else if (vector.nulls !== null && vector.nulls[row] === 1) output.literal(NULL);
        else output.integer(vector.values[row]!);
      };
    case 'double':
      return (vector, row, output) => {
        if (vector.kind !== 'number' || vector.isNull(row) || !output.shortDouble(vector.values[row]!)) {
          writeGeneral(vector, row, output);
        }
      };
    case 'boolean':
      return (vector, row, output) => {
        if (vector.isNull(row)) output.literal(NULL);
        else output.literal(vector.get(row) === true ? TRUE : FALSE);
      };
    case 'char':
    case 'varchar':
      return (vector, row, output) => {
        if (vector.kind !== 'bytes') {
          const value = vector.get(row);
          if (value === null) output.literal(NULL);
          else output.jsonText(value as string);
        } else if (vector.nulls !== null && vector.nulls[row] === 1) output.literal(NULL);
        else {
          output.literal(QUOTE);
          output.jsonSlice(vector.buffer, vector.starts[row]!, vector.ends[row]!);
          output.literal(QUOTE);
        }
      };
    case 'timestamp':
      return (vector, row, output) => {
        if (iso || vector.kind !== 'number' || vector.isNull(row) || !inFourDigits(vector.values[row]!)) {
          writeGeneral(vector, row, output);
          return;
        }
        output.literal(QUOTE);
        output.timestamp(vector.values[row]!);
        output.literal(QUOTE);
      };
    default:
      return writeGeneral;
  }
}

/** Returns whether the year is 0 to 9999. The ISO text of these years has the fixed form. */
const inFourDigits = (ms: number): boolean => ms >= -62167219200000 && ms < 253402300800000;
