import { definitionOf } from './nodes/registry.ts';
import type { Plan } from './plan.ts';
import { changesText } from './traits.ts';

/**
 * Returns a plan as text: a tree from each sink down to its scans, then the JSON. The tree shows
 * the changes that each node sends and the state it keeps. A node with several readers is written
 * out once, and by its name afterwards.
 */
export function explainPlan(plan: Plan): string {
  const written = new Set<number>();
  const lines: string[] = [];
  const write = (id: number, depth: number): void => {
    const node = plan.nodes[id]!;
    const indent = '  '.repeat(depth);
    if (written.has(id)) {
      lines.push(`${indent}${node.name} (see above)`);
      return;
    }
    written.add(id);
    const { explain, stateBound } = definitionOf(node);
    const schemas = { fields: node.fields, inputs: node.inputs.map((input) => plan.nodes[input]!.fields) };
    const changes = node.kind === 'sink' ? '' : ` [${changesText(node.traits.changes)}]`;
    lines.push(`${indent}${explain(node, schemas)}${changes}`);
    const state = stateBound(node);
    if (state !== null) lines.push(`${indent}  [state: ${state.text}]`);
    for (const input of node.inputs) write(input, depth + 1);
  };
  for (const node of plan.nodes) if (node.kind === 'sink') write(node.id, 0);
  const settings = Object.entries(plan.settings).map(([key, value]) => `${key} = ${value}`);
  return [
    `== Plan of ${plan.name} ==`,
    ...lines,
    ...(settings.length === 0 ? [] : ['', '== Settings ==', ...settings]),
    '',
    '== JSON ==',
    JSON.stringify(plan, null, 2),
  ].join('\n');
}
