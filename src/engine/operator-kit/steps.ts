/**
 * The steps of an operator. The generator yields a promise when it must wait, usually for state
 * that is not in memory. Operators wait in no other way.
 */
export type Steps<Result = void> = Generator<Promise<void>, Result>;

/**
 * Runs steps. Returns nothing if they never waited, otherwise a promise (see `Operator`).
 */
export function runSteps(steps: Steps): void | Promise<void> {
  const next = steps.next();
  if (next.done !== true) return waitAndGoOn(next.value, steps);
}

async function waitAndGoOn(first: Promise<void>, steps: Steps): Promise<void> {
  await first;
  for (let next = steps.next(); next.done !== true; next = steps.next()) await next.value;
}

/** Yields the promise, if there is one. */
export function* waitFor(result: void | Promise<void>): Steps {
  if (result !== undefined) yield result;
}

/** Waits for several reads, which run at the same time. */
export function* waitForAll(results: readonly (void | Promise<void>)[]): Steps {
  const waits = results.filter((result) => result !== undefined);
  if (waits.length > 0) yield Promise.all(waits).then(() => {});
}
