import type { DataType } from '../core/data-type.ts';
import type { ArgumentInfo, FunctionEnvironment, ScalarFunction, ScalarKernel } from './scalar-function.ts';

type Kernel =
  | { readonly kernel: ScalarKernel }
  | {
      /** Made for the types of one call. */
      readonly kernelFor: (
        args: readonly DataType[],
        result: DataType,
        environment: FunctionEnvironment,
      ) => ScalarKernel;
    };

type Definition = Kernel & {
  readonly name: string;
  readonly summary: string;
  readonly resolve: ScalarFunction['resolve'];
  readonly nulls?: 'strict' | 'handled';
  readonly deterministic?: boolean;
  readonly vector?: ScalarFunction['vector'];
};

/** Makes a scalar function from its parts. */
export function define(definition: Definition): ScalarFunction {
  const { name, summary, resolve } = definition;
  return {
    name,
    summary,
    resolve,
    ...(definition.nulls && { nulls: definition.nulls }),
    ...(definition.deterministic !== undefined && { deterministic: definition.deterministic }),
    ...(definition.vector && { vector: definition.vector }),
    scalar: 'kernel' in definition ? () => definition.kernel : definition.kernelFor,
  };
}

/** Returns the same function under other names. */
export function aliases(definition: ScalarFunction, ...names: readonly string[]): readonly ScalarFunction[] {
  return [definition, ...names.map((name) => ({ ...definition, name }))];
}

/** Returns the text of a literal argument; null if the argument is not a text literal. */
export function literalText(info: ArgumentInfo | undefined): string | null {
  const value = info?.literal?.value;
  return typeof value === 'string' ? value : null;
}

/**
 * Keeps the result for the last argument. In practice patterns and formats are the same for all
 * rows, so they are compiled once.
 */
export function rememberLast<K, V>(make: (key: K) => V): (key: K) => V {
  let known = false;
  let lastKey: K;
  let lastValue: V;
  return (key) => {
    if (known && key === lastKey) return lastValue;
    lastValue = make(key);
    lastKey = key;
    known = true;
    return lastValue;
  };
}
