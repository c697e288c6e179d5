type Json = Readonly<Record<string, unknown>>;

/**
 * Converts a node of format 1 to format 2. `input` becomes a list of inputs, as a union has. The
 * time to live of groups is dropped; it was always 0.
 */
export function upgradeNode({ input, ...node }: Json): Json {
  const inputs = 'inputs' in node ? node['inputs'] : input === undefined ? [] : [input];
  if (node['kind'] !== 'group-aggregate' || node['ttlMs'] !== 0) return { ...node, inputs };
  const { ttlMs: _ttlMs, ...group } = node;
  return { ...group, inputs };
}
