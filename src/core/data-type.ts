/**
 * SQL types. One closed union shared by compiler, plan, functions and engine; plain data, so a plan
 * can contain it.
 *
 * Internal value of each type (what `Vector.get` returns, what state and scalar evaluation hold;
 * SQL NULL is `null`):
 *
 * | type                            | value |
 * |---------------------------------|---|
 * | BOOLEAN                         | boolean |
 * | TINYINT SMALLINT INT            | number |
 * | BIGINT                          | number while |v| <= 2^53-1, otherwise bigint |
 * | FLOAT DOUBLE                    | number (FLOAT kept rounded by Math.fround) |
 * | DECIMAL(p <= 15, s)             | number: the unscaled value, an integer |
 * | DECIMAL(p > 15, s)              | bigint: the unscaled value |
 * | CHAR VARCHAR STRING             | string |
 * | BYTES (BINARY, VARBINARY)       | Uint8Array |
 * | DATE                            | number: days since 1970-01-01 |
 * | TIME                            | number: milliseconds of the day |
 * | TIMESTAMP(p <= 3), _LTZ(p <= 3) | number: milliseconds since 1970-01-01 00:00 (UTC for LTZ) |
 * | TIMESTAMP(p > 3), _LTZ(p > 3)   | bigint: nanoseconds since 1970-01-01 00:00 |
 * | INTERVAL day-time               | number: milliseconds |
 * | INTERVAL year-month             | number: months |
 * | ARRAY                           | readonly unknown[] |
 * | MAP, MULTISET                   | Map (insertion order kept; keys are internal values) |
 * | ROW                             | readonly unknown[] in field order |
 */
export type DataType =
  | SimpleType
  | DecimalType
  | TextType
  | BinaryType
  | TimeType
  | TimestampType
  | ArrayType
  | MapType
  | MultisetType
  | RowType;

export type SimpleKind =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'date'
  | 'interval-day-time'
  | 'interval-year-month'
  | 'null';

export interface SimpleType {
  readonly kind: SimpleKind;
  readonly nullable: boolean;
}
export interface DecimalType {
  readonly kind: 'decimal';
  readonly precision: number;
  readonly scale: number;
  readonly nullable: boolean;
}
/** `varchar` with length 2147483647 is STRING. */
export interface TextType {
  readonly kind: 'char' | 'varchar';
  readonly length: number;
  readonly nullable: boolean;
}
/** `varbinary` with length 2147483647 is BYTES. */
export interface BinaryType {
  readonly kind: 'binary' | 'varbinary';
  readonly length: number;
  readonly nullable: boolean;
}
export interface TimeType {
  readonly kind: 'time';
  readonly precision: number;
  readonly nullable: boolean;
}
/**
 * `attribute` is set on time attributes: the type system carries event time and processing time
 * (design, "Time").
 */
export interface TimestampType {
  readonly kind: 'timestamp' | 'timestamp-ltz';
  readonly precision: number;
  readonly nullable: boolean;
  readonly attribute?: 'rowtime' | 'proctime';
}
export interface ArrayType {
  readonly kind: 'array';
  readonly element: DataType;
  readonly nullable: boolean;
}
export interface MapType {
  readonly kind: 'map';
  readonly key: DataType;
  readonly value: DataType;
  readonly nullable: boolean;
}
export interface MultisetType {
  readonly kind: 'multiset';
  readonly element: DataType;
  readonly nullable: boolean;
}
export interface RowType {
  readonly kind: 'row';
  readonly fields: readonly Field[];
  readonly nullable: boolean;
}

/** A named column of a schema or field of a ROW. */
export interface Field {
  readonly name: string;
  readonly type: DataType;
}

export const MAX_TEXT_LENGTH = 2147483647;

const simple = (kind: SimpleKind, nullable = true): SimpleType => ({ kind, nullable });
export const BOOLEAN = simple('boolean');
export const TINYINT = simple('tinyint');
export const SMALLINT = simple('smallint');
export const INT = simple('int');
export const BIGINT = simple('bigint');
export const FLOAT = simple('float');
export const DOUBLE = simple('double');
export const DATE = simple('date');
export const NULL_TYPE = simple('null');
export const INTERVAL_DAY_TIME = simple('interval-day-time');
export const INTERVAL_YEAR_MONTH = simple('interval-year-month');
export const STRING: TextType = { kind: 'varchar', length: MAX_TEXT_LENGTH, nullable: true };
export const BYTES: BinaryType = { kind: 'varbinary', length: MAX_TEXT_LENGTH, nullable: true };
export const TIME: TimeType = { kind: 'time', precision: 0, nullable: true };
export const timestamp = (precision: number, nullable = true): TimestampType => ({
  kind: 'timestamp',
  precision,
  nullable,
});
export const timestampLtz = (precision: number, nullable = true): TimestampType => ({
  kind: 'timestamp-ltz',
  precision,
  nullable,
});
export const decimal = (precision: number, scale: number, nullable = true): DecimalType => ({
  kind: 'decimal',
  precision,
  scale,
  nullable,
});

/** Returns the same type with another nullability. */
export function withNullable<T extends DataType>(type: T, nullable: boolean): T {
  return type.nullable === nullable ? type : { ...type, nullable };
}

/**
 * Returns the type as Flink writes it, e.g. `DECIMAL(10, 2) NOT NULL`, `TIMESTAMP(3) *ROWTIME*`.
 */
export function typeName(type: DataType): string {
  const base = baseName(type);
  const attribute =
    (type.kind === 'timestamp' || type.kind === 'timestamp-ltz') && type.attribute
      ? ` *${type.attribute.toUpperCase()}*`
      : '';
  return `${base}${type.nullable || type.kind === 'null' ? '' : ' NOT NULL'}${attribute}`;
}

function baseName(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'char':
      return `CHAR(${type.length})`;
    case 'varchar':
      return type.length === MAX_TEXT_LENGTH ? 'STRING' : `VARCHAR(${type.length})`;
    case 'binary':
      return `BINARY(${type.length})`;
    case 'varbinary':
      return type.length === MAX_TEXT_LENGTH ? 'BYTES' : `VARBINARY(${type.length})`;
    case 'time':
      return `TIME(${type.precision})`;
    case 'timestamp':
      return `TIMESTAMP(${type.precision})`;
    case 'timestamp-ltz':
      return `TIMESTAMP_LTZ(${type.precision})`;
    case 'interval-day-time':
      return 'INTERVAL SECOND(3)';
    case 'interval-year-month':
      return 'INTERVAL MONTH';
    case 'array':
      return `ARRAY<${typeName(type.element)}>`;
    case 'map':
      return `MAP<${typeName(type.key)}, ${typeName(type.value)}>`;
    case 'multiset':
      return `MULTISET<${typeName(type.element)}>`;
    case 'row':
      return `ROW<${type.fields.map((f) => `\`${f.name}\` ${typeName(f.type)}`).join(', ')}>`;
    default:
      return type.kind.toUpperCase();
  }
}

/** How a column of the type is held in a batch: see `src/batch/vector.ts`. */
export type Physical = 'number' | 'long' | 'boolean' | 'text' | 'object';

export function physicalOf(type: DataType): Physical {
  switch (type.kind) {
    case 'boolean':
      return 'boolean';
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'float':
    case 'double':
    case 'date':
    case 'time':
    case 'interval-day-time':
    case 'interval-year-month':
      return 'number';
    case 'bigint':
      return 'long';
    case 'decimal':
      return type.precision <= 15 ? 'number' : 'object';
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision <= 3 ? 'number' : 'object';
    case 'char':
    case 'varchar':
      return 'text';
    default:
      return 'object';
  }
}

/**
 * Returns whether the types are equal, apart from nullability and time attribute, also in nested
 * types.
 */
export function sameType(a: DataType, b: DataType): boolean {
  return baseNameDeep(a) === baseNameDeep(b);
}

function baseNameDeep(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `ARRAY<${baseNameDeep(type.element)}>`;
    case 'map':
      return `MAP<${baseNameDeep(type.key)}, ${baseNameDeep(type.value)}>`;
    case 'multiset':
      return `MULTISET<${baseNameDeep(type.element)}>`;
    case 'row':
      return `ROW<${type.fields.map((f) => `${f.name} ${baseNameDeep(f.type)}`).join(', ')}>`;
    default:
      return baseName(type);
  }
}

const INTEGER_KINDS = new Set(['tinyint', 'smallint', 'int', 'bigint']);
export const isInteger = (type: DataType): boolean => INTEGER_KINDS.has(type.kind);
export const isApproximate = (type: DataType): boolean => type.kind === 'float' || type.kind === 'double';
export const isNumeric = (type: DataType): boolean => isInteger(type) || isApproximate(type) || type.kind === 'decimal';
export const isText = (type: DataType): type is TextType => type.kind === 'char' || type.kind === 'varchar';
export const isTimestamp = (type: DataType): type is TimestampType =>
  type.kind === 'timestamp' || type.kind === 'timestamp-ltz';
