/**
 * Runs an operator's steps: a generator that yields a promise wherever it has to wait. As long as
 * nothing has to be waited for it runs through at once and returns nothing, otherwise a promise
 * (see `Operator`).
 */
export function driveSteps(steps: Generator<Promise<void>, void>): void | Promise<void> {
  const next = steps.next();
  if (next.done !== true) return waitAndGoOn(next.value, steps);
}

async function waitAndGoOn(first: Promise<void>, steps: Generator<Promise<void>, void>): Promise<void> {
  await first;
  for (let next = steps.next(); next.done !== true; next = steps.next()) await next.value;
}

/** Yields what there is to wait for, if anything. */
export function* waitFor(result: void | Promise<void>): Generator<Promise<void>, void> {
  if (result !== undefined) yield result;
}
