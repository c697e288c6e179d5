type Json = Readonly<Record<string, unknown>>;

/**
 * A node of a plan of format 1 in the form of format 2: `input` has become a list of inputs, as a
 * union has it, and the time to live of groups, which was always 0, is gone.
 */
export function upgradeNode({ input, ...node }: Json): Json {
  const inputs = 'inputs' in node ? node['inputs'] : input === undefined ? [] : [input];
  if (node['kind'] !== 'group-aggregate' || node['ttlMs'] !== 0) return { ...node, inputs };
  const { ttlMs: _ttlMs, ...group } = node;
  return { ...group, inputs };
}
