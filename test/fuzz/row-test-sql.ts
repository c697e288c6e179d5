import type { RowTest } from './row-test.ts';

/** Returns the tests as a condition of DEFINE. */
export function conditionSql(tests: readonly RowTest[], variable: string): string {
  return tests.map((test) => testSql(test, variable)).join(' AND ');
}

function testSql(test: RowTest, variable: string): string {
  switch (test.test) {
    case 'kind':
      return `kind IN (${test.in.map((kind) => `'${kind}'`).join(', ')})`;
    case 'value':
      return `${variable}.v ${test.compare} ${test.value}`;
    case 'earlier': {
      const { of, compare, column, orNone } = test;
      const other =
        of.from === 'last' && of.offset === 0 && of.variable !== variable
          ? `${of.variable}.${column}`
          : `${of.from.toUpperCase()}(${of.variable}.${column}${of.offset === 0 ? '' : `, ${of.offset}`})`;
      const comparison = `${variable}.${column} ${compare} ${other}`;
      return orNone ? `(${other} IS NULL OR ${comparison})` : comparison;
    }
    case 'total':
      return `${test.total}(${test.of === null ? '' : `${test.of}.`}v) ${test.compare} ${test.value}`;
    case 'any':
      return `(${test.of.map((one) => testSql(one, variable)).join(' OR ')})`;
  }
}
