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

const SIMPLE: Readonly<Record<string, DataType>> = {
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
const PARAMETERIZED = [
  'DECIMAL',
  'NUMERIC',
  'DEC',
  'CHAR',
  'VARCHAR',
  'BINARY',
  'VARBINARY',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP_LTZ',
];
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
  const within = (value: number, low: number, high: number, what: string): boolean => {
    if (value >= low && value <= high) return true;
    problem(`${what} of ${name} must be between ${low} and ${high}, got ${value}`);
    return false;
  };
  const zoned = c.ZONE !== undefined;
  if (zoned && name !== 'TIMESTAMP' && name !== 'TIME') return problem(`${name} does not take a time zone`);
  if (name === 'REAL') context.notPortable(span, 'Flink does not accept the type REAL', 'write FLOAT');
  const simple = SIMPLE[name];
  if (simple !== undefined) {
    return numbers.length === 0 ? simple : problem(`${name} takes no length or precision`);
  }
  const expected = name.startsWith('DEC') || name === 'NUMERIC' ? 2 : 1;
  if (PARAMETERIZED.includes(name) && numbers.length > expected)
    return problem(`${name} takes at most ${expected} parameter${expected > 1 ? 's' : ''}`);
  const [first, second] = numbers;
  switch (name) {
    case 'DECIMAL':
    case 'NUMERIC':
    case 'DEC': {
      const precision = first ?? 10;
      const scale = second ?? 0;
      if (!within(precision, 1, 38, 'the precision') || !within(scale, 0, precision, 'the scale'))
        return decimal(10, 0);
      return decimal(precision, scale);
    }
    case 'CHAR':
    case 'VARCHAR': {
      const length = first ?? 1;
      if (!within(length, 1, MAX_TEXT_LENGTH, 'the length')) return STRING;
      return { kind: name === 'CHAR' ? 'char' : 'varchar', length, nullable: true };
    }
    case 'BINARY':
    case 'VARBINARY': {
      const length = first ?? 1;
      if (!within(length, 1, MAX_TEXT_LENGTH, 'the length')) return BYTES;
      return { kind: name === 'BINARY' ? 'binary' : 'varbinary', length, nullable: true };
    }
    case 'TIME':
      if (c.WITH) return problem('TIME with a time zone is not supported');
      within(first ?? 0, 0, 9, 'the precision');
      return { kind: 'time', precision: first ?? 0, nullable: true };
    case 'TIMESTAMP':
      if (!within(first ?? 6, 0, 9, 'the precision')) return timestamp(6);
      if (c.WITH && !c.LOCAL) {
        return problem(
          'TIMESTAMP WITH TIME ZONE is not supported',
          'use TIMESTAMP_LTZ (TIMESTAMP WITH LOCAL TIME ZONE)',
        );
      }
      return c.WITH ? timestampLtz(first ?? 6) : timestamp(first ?? 6);
    case 'TIMESTAMP_LTZ':
      return within(first ?? 6, 0, 9, 'the precision') ? timestampLtz(first ?? 6) : timestampLtz(6);
    default: {
      if (KNOWN_BUT_REFUSED.includes(name)) return problem(`the type ${name} is not supported for columns and casts`);
      const known = [...Object.keys(SIMPLE), ...PARAMETERIZED, 'ARRAY', 'MAP', 'ROW', 'MULTISET'];
      const near =
        name === 'TEXT' ? 'STRING' : name === 'DATETIME' ? 'TIMESTAMP(3)' : name === 'LONG' ? 'BIGINT' : null;
      return problem(`unknown data type \`${token.image}\``, near ? `did you mean ${near}?` : didYouMean(name, known));
    }
  }
}
