import type { DataTypeCstNode, PlainTypeCstNode } from '../../../grammar/cst-types.ts';
import type { DataType } from '../../core/data-type.ts';
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  MAX_TEXT_LENGTH,
  SMALLINT,
  STRING,
  TINYINT,
  timestamp,
  timestampLtz,
  withNullable,
} from '../../core/data-type.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { BuildContext } from './build-context.ts';
import { spanOf } from './build-context.ts';

/** The types without parameters, by all their names. */
export const SIMPLE_TYPES: Readonly<Record<string, DataType>> = {
  BOOLEAN,
  BOOL: BOOLEAN,
  TINYINT,
  SMALLINT,
  INT,
  INTEGER: INT,
  BIGINT,
  FLOAT,
  REAL: FLOAT,
  DOUBLE,
  DATE,
  STRING,
  BYTES,
};

/** A number in brackets after the name of a type. */
export interface TypeParameter {
  readonly what: 'precision' | 'scale' | 'length';
  readonly least: number;
  readonly most: number;
  /** The value if the text does not give it. */
  readonly default: number;
}

const LENGTH: TypeParameter = { what: 'length', least: 1, most: MAX_TEXT_LENGTH, default: 1 };
const PRECISION: TypeParameter = { what: 'precision', least: 1, most: 38, default: 10 };
/** The scale is not larger than the precision either. */
const SCALE: TypeParameter = { what: 'scale', least: 0, most: 38, default: 0 };
const DIGITS: TypeParameter = { what: 'precision', least: 0, most: 9, default: 6 };

/** The parameters of the types that have some, by all their names. */
export const TYPE_PARAMETERS: Readonly<Record<string, readonly TypeParameter[]>> = {
  DECIMAL: [PRECISION, SCALE],
  NUMERIC: [PRECISION, SCALE],
  DEC: [PRECISION, SCALE],
  CHAR: [LENGTH],
  VARCHAR: [LENGTH],
  BINARY: [LENGTH],
  VARBINARY: [LENGTH],
  TIME: [{ ...DIGITS, default: 0 }],
  TIMESTAMP: [DIGITS],
  TIMESTAMP_LTZ: [DIGITS],
};
const KNOWN_BUT_REFUSED = ['RAW', 'STRUCTURED', 'VARIANT', 'BITMAP', 'INTERVAL'];

/**
 * Converts a written data type. Reports an unknown type and returns STRING, so that the type causes
 * no further mistakes.
 */
export function buildDataType(node: DataTypeCstNode, context: BuildContext): DataType {
  const c = node.children;
  const base = c.collectionType
    ? buildCollection(node, context)
    : c.rowType
      ? buildRow(node, context)
      : buildPlain(c.plainType![0]!, context);
  return c.NOT ? withNullable(base, false) : base;
}

function buildCollection(node: DataTypeCstNode, context: BuildContext): DataType {
  const c = node.children.collectionType![0]!.children;
  const parts = c.dataType.map((part) => buildDataType(part, context));
  if (c.MAP) {
    if (parts.length === 2) return { kind: 'map', key: parts[0]!, value: parts[1]!, nullable: true };
    context.error(
      'SQL_INVALID_TYPE',
      spanOf(node),
      'MAP needs a key type and a value type',
      'for example MAP<STRING, INT>',
    );
    return { kind: 'map', key: STRING, value: parts[0]!, nullable: true };
  }
  if (parts.length !== 1) {
    context.error('SQL_INVALID_TYPE', spanOf(node), `${c.ARRAY ? 'ARRAY' : 'MULTISET'} takes one element type`);
  }
  return { kind: c.ARRAY ? 'array' : 'multiset', element: parts[0]!, nullable: true };
}

function buildRow(node: DataTypeCstNode, context: BuildContext): DataType {
  const fields = node.children.rowType![0]!.children.rowField!.map((field) => ({
    name: context.newName(field.children.identifier[0]!).text,
    type: buildDataType(field.children.dataType[0]!, context),
  }));
  const seen = new Set<string>();
  for (const field of fields) {
    if (seen.has(field.name))
      context.error('SQL_DUPLICATE_NAME', spanOf(node), `the ROW has two fields \`${field.name}\``);
    seen.add(field.name);
  }
  return { kind: 'row', fields, nullable: true };
}

function buildPlain(node: PlainTypeCstNode, context: BuildContext): DataType {
  const c = node.children;
  const token = c.name![0]!;
  const name = token.image.toUpperCase();
  const numbers = (c.IntegerLiteral ?? []).map((literal) => Number(literal.image));
  const span = spanOf(node);
  const problem = (message: string, hint?: string): DataType => {
    context.error('SQL_INVALID_TYPE', span, message, hint);
    return STRING;
  };
  const zoned = c.ZONE !== undefined;
  if (zoned && name !== 'TIMESTAMP' && name !== 'TIME') return problem(`${name} does not take a time zone`);
  if (name === 'REAL') context.notPortable(span, 'Flink does not accept the type REAL', 'write FLOAT');
  const simple = SIMPLE_TYPES[name];
  if (simple !== undefined) {
    return numbers.length === 0 ? simple : problem(`${name} takes no length or precision`);
  }
  const parameters = TYPE_PARAMETERS[name] ?? [];
  if (parameters.length > 0 && numbers.length > parameters.length)
    return problem(`${name} takes at most ${parameters.length} parameter${parameters.length > 1 ? 's' : ''}`);
  const [first = 0, second = 0] = valuesOf(name, parameters, numbers, problem);
  switch (name) {
    case 'DECIMAL':
    case 'NUMERIC':
    case 'DEC':
      return decimal(first, second);
    case 'CHAR':
    case 'VARCHAR':
      return { kind: name === 'CHAR' ? 'char' : 'varchar', length: first, nullable: true };
    case 'BINARY':
    case 'VARBINARY':
      return { kind: name === 'BINARY' ? 'binary' : 'varbinary', length: first, nullable: true };
    case 'TIME':
      if (c.WITH) return problem('TIME with a time zone is not supported');
      return { kind: 'time', precision: first, nullable: true };
    case 'TIMESTAMP':
      if (c.WITH && !c.LOCAL) {
        return problem(
          'TIMESTAMP WITH TIME ZONE is not supported',
          'use TIMESTAMP_LTZ (TIMESTAMP WITH LOCAL TIME ZONE)',
        );
      }
      return c.WITH ? timestampLtz(first) : timestamp(first);
    case 'TIMESTAMP_LTZ':
      return timestampLtz(first);
    default: {
      if (KNOWN_BUT_REFUSED.includes(name)) return problem(`the type ${name} is not supported for columns and casts`);
      const known = [...Object.keys(SIMPLE_TYPES), ...Object.keys(TYPE_PARAMETERS), 'ARRAY', 'MAP', 'ROW', 'MULTISET'];
      const near =
        name === 'TEXT' ? 'STRING' : name === 'DATETIME' ? 'TIMESTAMP(3)' : name === 'LONG' ? 'BIGINT' : null;
      return problem(`unknown data type \`${token.image}\``, near ? `did you mean ${near}?` : didYouMean(name, known));
    }
  }
}

/**
 * Returns the values of the parameters of a type. After reporting a mistake, returns values that
 * cause no further mistakes.
 */
function valuesOf(
  name: string,
  parameters: readonly TypeParameter[],
  numbers: readonly number[],
  problem: (message: string) => void,
): readonly number[] {
  const values: number[] = [];
  for (const [i, { what, least, most, default: normal }] of parameters.entries()) {
    const value = numbers[i] ?? normal;
    const highest = what === 'scale' ? values[0]! : most;
    if (value < least || value > highest) {
      problem(`the ${what} of ${name} must be between ${least} and ${highest}, got ${value}`);
      return parameters.map((parameter) => (parameter.what === 'length' ? parameter.most : parameter.default));
    }
    values.push(value);
  }
  return values;
}
