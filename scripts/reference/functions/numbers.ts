import type { FunctionFamily } from './function-entry.ts';

const SEED = '[The seed has no effect.](language-differences.md#intended-differences)';

export const ARITHMETIC: FunctionFamily = {
  title: 'Arithmetic',
  intro: `Integers overflow silently, as in Java. A division of exact numbers by zero fails the job. A division of DOUBLEs by zero is
\`Infinity\` or \`NaN\`. A DECIMAL
that needs more than 38 digits is NULL. [A calculation with DECIMAL](types.md#common-types) has a wider type. A calculation
with a time has the type of the time.`,
  entries: [
    { definition: '+', calls: ['a + b'], result: 'common type of `a` and `b`', example: '1 + 2.5' },
    {
      definition: '-',
      calls: ['a - b'],
      result: 'common type of `a` and `b`',
      example: "DATE '2026-03-01' - INTERVAL '1' DAY",
    },
    { definition: '*', calls: ['a * b'], result: 'common type of `a` and `b`', example: '1.5 * 1.5' },
    { definition: '/', calls: ['a / b'], result: 'common type of `a` and `b`', example: '7 / 2' },
    { definition: '%', calls: ['a % b'], result: 'type of `b`; DECIMAL if one is a DECIMAL', example: '-7 % 3' },
    { calls: ['MOD(a, b)'], result: 'type of `b`; DECIMAL if one is a DECIMAL', example: 'MOD(7, 3)' },
    { definition: 'NEGATE', calls: ['-a'], result: 'type of `a`', example: '-(2 + 3)' },
  ],
};

export const NUMBERS: FunctionFamily = {
  title: 'Numbers',
  entries: [
    { calls: ['ABS(x)'], result: 'type of `x`', example: 'ABS(-2.5)' },
    { calls: ['SIGN(x)'], result: 'type of `x`', example: 'SIGN(-3)' },
    { calls: ['CEIL(x)', 'CEILING(x)'], result: 'type of `x`, without digits after the point', example: 'CEIL(2.1)' },
    { calls: ['FLOOR(x)'], result: 'type of `x`, without digits after the point', example: 'FLOOR(-2.1)' },
    { calls: ['ROUND(x [, digits])'], result: 'type of `x`, with these digits', example: 'ROUND(2.345, 2)' },
    { calls: ['TRUNCATE(x [, digits])'], result: 'type of `x`, with these digits', example: 'TRUNCATE(2.345, 2)' },
    { calls: ['POWER(x, y)'], example: 'POWER(2, 10)' },
    { calls: ['SQRT(x)'], example: 'SQRT(2)' },
    { calls: ['EXP(x)'], example: 'EXP(1)' },
    { calls: ['LN(x)'], example: 'LN(10)' },
    { calls: ['LOG(x)', 'LOG(base, x)'], example: 'LOG(2, 8)' },
    { calls: ['LOG10(x)'], example: 'LOG10(1000)' },
    { calls: ['LOG2(x)'], example: 'LOG2(8)' },
    { calls: ['BIN(n)'], example: 'BIN(10)' },
    { calls: ['HEX(n)', 'HEX(text)'], example: 'HEX(255)' },
    { calls: ['RAND([seed])'], note: SEED, example: 'RAND() < 1' },
    { calls: ['RAND_INTEGER([seed,] bound)'], note: SEED, example: 'RAND_INTEGER(1)' },
    { calls: ['UUID()'], example: 'CHAR_LENGTH(UUID())' },
  ],
};

export const TRIGONOMETRY: FunctionFamily = {
  title: 'Trigonometry',
  intro: 'Angles are in radians.',
  entries: [
    { calls: ['PI()'], example: 'PI()' },
    { calls: ['E()'], example: 'E()' },
    { calls: ['SIN(x)'], example: 'SIN(0)' },
    { calls: ['COS(x)'], example: 'COS(0)' },
    { calls: ['TAN(x)'], example: 'TAN(0)' },
    { calls: ['COT(x)'], example: 'COT(1)' },
    { calls: ['ASIN(x)'], example: 'ASIN(1)' },
    { calls: ['ACOS(x)'], example: 'ACOS(1)' },
    { calls: ['ATAN(x)'], example: 'ATAN(1)' },
    { calls: ['ATAN2(y, x)'], example: 'ATAN2(1, 1)' },
    { calls: ['SINH(x)'], example: 'SINH(0)' },
    { calls: ['COSH(x)'], example: 'COSH(0)' },
    { calls: ['TANH(x)'], example: 'TANH(0)' },
    { calls: ['DEGREES(x)'], example: 'DEGREES(PI())' },
    { calls: ['RADIANS(x)'], example: 'RADIANS(180)' },
  ],
};
