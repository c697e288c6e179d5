import type { DataType } from '../core/data-type.ts';
import { checkValueLength, explainTooLarge } from '../core/value-size.ts';
import type { ScalarFunction, ScalarKernel } from './scalar-function.ts';

/**
 * Returns the function with kernels that check the size of their results. A result that is too long
 * fails with EXPRESSION_TOO_LARGE and the name of the function. Functions whose results have a
 * fixed size keep their kernels.
 */
export function withBoundedResult(definition: ScalarFunction): ScalarFunction {
  const { name, scalar } = definition;
  return {
    ...definition,
    scalar(args, result, environment) {
      const kernel = scalar.call(definition, args, result, environment);
      return growsWithValues(result) ? boundedKernel(name, kernel, args.length) : kernel;
    },
  };
}

/** Returns whether the size of a value depends on the values that it is made of. */
export function growsWithValues({ kind }: DataType): boolean {
  switch (kind) {
    case 'char':
    case 'varchar':
    case 'binary':
    case 'varbinary':
    case 'array':
    case 'map':
    case 'multiset':
      return true;
    default:
      return false;
  }
}

/** Returns the value if it is not too long. */
export function checkedValue(maker: string, value: unknown): unknown {
  if (typeof value === 'string' || value instanceof Uint8Array) checkValueLength(maker, value.length);
  return value;
}

/** The usual numbers of arguments have closures of their own, because spreading is slow. */
function boundedKernel(name: string, kernel: ScalarKernel, args: number): ScalarKernel {
  if (args === 1) {
    return (a) => {
      try {
        return checkedValue(name, kernel(a));
      } catch (error) {
        throw explainTooLarge(error, name);
      }
    };
  }
  if (args === 2) {
    return (a, b) => {
      try {
        return checkedValue(name, kernel(a, b));
      } catch (error) {
        throw explainTooLarge(error, name);
      }
    };
  }
  if (args === 3) {
    return (a, b, c) => {
      try {
        return checkedValue(name, kernel(a, b, c));
      } catch (error) {
        throw explainTooLarge(error, name);
      }
    };
  }
  return (...values) => {
    try {
      return checkedValue(name, kernel(...values));
    } catch (error) {
      throw explainTooLarge(error, name);
    }
  };
}
