import { connectorCatalog, deliveryPromise } from '../../connectors/connector-registry.ts';
import { explainPlan } from '../../plan/explain.ts';
import { encodePlan } from '../../plan/plan-json.ts';
import { redactPlan } from '../../plan/redact-secrets.ts';
import { compileFile, printDiagnostics } from '../compile-file.ts';

/**
 * Runs `sequitur explain FILE.sql`. Prints the plan of every job as a tree or as JSON. Hides
 * secrets.
 */
export async function explainCommand(
  file: string,
  flags: { set: Record<string, string>; json?: boolean },
): Promise<number> {
  const compiled = compileFile(file, flags.set);
  printDiagnostics(compiled);
  if (compiled.failed) return 2;
  for (const statement of compiled.result.statements) {
    if (statement.kind !== 'job') continue;
    const plan = redactPlan(statement.plan, connectorCatalog.secrets);
    if (flags.json) {
      process.stdout.write(`${encodePlan(plan)}\n`);
      continue;
    }
    process.stdout.write(`${explainPlan(plan)}\n`);
    for (const node of plan.nodes) {
      if (node.kind === 'sink') process.stdout.write(`Delivery of ${node.table}: ${deliveryPromise(node.options)}\n`);
    }
  }
  return 0;
}
