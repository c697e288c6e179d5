/**
 * Calls each function in turn, even if others fail. A lock is released even if a file cannot be
 * closed. Throws the first failure at the end.
 */
export async function closeAll(closings: readonly (() => void | Promise<void> | undefined)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closings) {
    try {
      await close();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
}
