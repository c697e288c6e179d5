/**
 * Converts decoded state to JSON. Integers beyond 2^53-1, NaN and infinities become text. Bytes
 * become hexadecimal text. Maps become pairs.
 */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner);
    if (typeof inner === 'number' && !Number.isFinite(inner)) return String(inner);
    if (inner instanceof Map || inner instanceof Set) return [...inner];
    // Buffers arrive here as the result of their toJSON.
    if (isBuffer(inner)) return Buffer.from(inner.data).toString('hex');
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('hex');
    if (ArrayBuffer.isView(inner) && !(inner instanceof DataView)) return Array.from(inner as Float64Array);
    return inner;
  });
}

const isBuffer = (value: unknown): value is { readonly data: number[] } =>
  (value as { type?: unknown } | null)?.type === 'Buffer' && Array.isArray((value as { data?: unknown }).data);
