import type { DataType, Field, SimpleKind, SimpleType, TimestampType } from '../../core/data-type.ts';
import { constant, count, type Decoder, flag, list, oneOf, optional, record, text, variant } from './decoder.ts';

const simple = (kind: SimpleKind): Decoder<SimpleType> => record<SimpleType>({ kind: constant(kind), nullable: flag });

const timestampOf = (kind: TimestampType['kind']): Decoder<TimestampType> =>
  record<TimestampType>({
    kind: constant(kind),
    precision: count,
    nullable: flag,
    attribute: optional(oneOf('rowtime', 'proctime')),
  });

const textOf = (kind: 'char' | 'varchar'): Decoder<DataType> =>
  record({ kind: constant(kind), length: count, nullable: flag });
const binaryOf = (kind: 'binary' | 'varbinary'): Decoder<DataType> =>
  record({ kind: constant(kind), length: count, nullable: flag });

/** A type may contain types. Their decoders are looked up when they are needed. */
const inner: Decoder<DataType> = (value, place) => dataType(value, place);

export const dataType: Decoder<DataType> = variant<DataType>({
  boolean: simple('boolean'),
  tinyint: simple('tinyint'),
  smallint: simple('smallint'),
  int: simple('int'),
  bigint: simple('bigint'),
  float: simple('float'),
  double: simple('double'),
  date: simple('date'),
  'interval-day-time': simple('interval-day-time'),
  'interval-year-month': simple('interval-year-month'),
  null: simple('null'),
  decimal: record({ kind: constant('decimal'), precision: count, scale: count, nullable: flag }),
  char: textOf('char'),
  varchar: textOf('varchar'),
  binary: binaryOf('binary'),
  varbinary: binaryOf('varbinary'),
  time: record({ kind: constant('time'), precision: count, nullable: flag }),
  timestamp: timestampOf('timestamp'),
  'timestamp-ltz': timestampOf('timestamp-ltz'),
  array: record({ kind: constant('array'), element: inner, nullable: flag }),
  map: record({ kind: constant('map'), key: inner, value: inner, nullable: flag }),
  multiset: record({ kind: constant('multiset'), element: inner, nullable: flag }),
  row: record({ kind: constant('row'), fields: list((value, place) => field(value, place)), nullable: flag }),
});

export const field: Decoder<Field> = record<Field>({ name: text, type: dataType });
