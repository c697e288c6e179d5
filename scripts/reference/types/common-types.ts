import {
  BIGINT,
  DATE,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  timestamp,
  timestampLtz,
  typeName,
} from '../../../src/core/data-type.ts';
import { commonType, decimalResult } from '../../../src/functions/common-type.ts';
import { table } from '../markdown.ts';

const char = (length: number): DataType => ({ kind: 'char', length, nullable: true });

const PAIRS: readonly (readonly [DataType, DataType])[] = [
  [INT, BIGINT],
  [INT, decimal(10, 2)],
  [decimal(10, 2), decimal(5, 4)],
  [BIGINT, FLOAT],
  [decimal(10, 2), FLOAT],
  [FLOAT, DOUBLE],
  [char(2), char(2)],
  [char(2), char(5)],
  [timestamp(3), timestamp(6)],
  [timestamp(3), timestampLtz(3)],
  [DATE, timestamp(3)],
];

/** Returns the table of pairs of types with their common type. */
export function commonTypeTable(): string {
  const rows = PAIRS.map(([a, b]) => {
    const common = commonType(a, b);
    return [typeName(a), typeName(b), common === null ? 'none: use CAST' : typeName(common)];
  });
  return table(['one value', 'other value', 'common type'], rows);
}

const DECIMALS = [
  [decimal(10, 2), decimal(10, 2)],
  [decimal(10, 2), decimal(5, 4)],
  [decimal(38, 10), decimal(38, 10)],
] as const;

/** Returns the table of the types of calculations with DECIMAL. */
export function decimalTable(): string {
  const rows = DECIMALS.map(([a, b]) => [
    typeName(a),
    typeName(b),
    ...(['+', '*', '/', '%'] as const).map((operator) => typeName(decimalResult(operator, a, b))),
  ]);
  return table(['a', 'b', '`a + b`, `a - b`', '`a * b`', '`a / b`', '`a % b`'], rows);
}
