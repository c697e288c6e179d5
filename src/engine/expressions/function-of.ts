import { invariant } from '../../core/invariant.ts';
import { findFunction } from '../../functions/registry.ts';
import type { ScalarFunction } from '../../functions/scalar-function.ts';

/** Returns the function that a plan names. The compiler has resolved it, so it exists. */
export function functionOf(name: string): ScalarFunction {
  const definition = findFunction(name);
  invariant(definition !== undefined, () => `the plan calls ${name}, which is not in the registry`);
  return definition;
}
