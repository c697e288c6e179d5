import { referencesIn } from '../core/option-reference.ts';
import type { Plan } from './plan.ts';
import type { TableOptions } from './table-options.ts';

/** The text that is shown instead of a secret. */
export const REDACTED = '******';

/** The keys of a table's options that its connector declares secret. */
export type SecretOptions = (options: TableOptions) => readonly string[];

/** Returns the options for display, with secrets that are written as literals replaced. */
export function redactOptions(options: TableOptions, secrets: SecretOptions): TableOptions {
  const hidden = new Set(secrets(options).filter((key) => isLiteralSecret(options[key])));
  if (hidden.size === 0) return options;
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, hidden.has(key) ? REDACTED : value]));
}

/** Returns the plan for display. The unchanged plan is stored and run. */
export function redactPlan(plan: Plan, secrets: SecretOptions): Plan {
  return {
    ...plan,
    nodes: plan.nodes.map((node) =>
      node.kind === 'scan' || node.kind === 'sink' ? { ...node, options: redactOptions(node.options, secrets) } : node,
    ),
  };
}

/** Returns whether the value is a literal: it is not empty and contains no reference. */
export function isLiteralSecret(value: string | undefined): boolean {
  return value !== undefined && value !== '' && referencesIn(value).length === 0;
}
