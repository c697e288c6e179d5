/** Bytes of a value without its texts, roughly. */
const VALUE_BYTES = 8;

/** Returns whether plain data is larger than `bytesMax`. Looks at no more than that. */
export function isLargerThan(data: unknown, bytesMax: number): boolean {
  let bytes = 0;
  const open: unknown[] = [data];
  while (open.length > 0) {
    const value = open.pop();
    bytes += VALUE_BYTES + (typeof value === 'string' ? value.length : 0);
    if (bytes > bytesMax) return true;
    if (typeof value !== 'object' || value === null) continue;
    if (value instanceof Map) open.push(...value.keys(), ...value.values());
    else for (const [key, part] of Object.entries(value)) open.push(key, part);
  }
  return false;
}
