import type { CompiledStatement } from '../../compiler/compile-result.ts';
import { systemClock } from '../../core/clock.ts';
import type { Sink } from '../../engine/sink.ts';
import type { Plan } from '../../plan/plan.ts';
import { limitedSink, limitOf } from './limited-sink.ts';
import { JsonRowWriter } from './row-writer.ts';
import { writeOut } from './standard-streams.ts';

/** How the rows of a SELECT are shown. */
export interface OutputFlags {
  readonly output?: 'table' | 'jsonl' | 'changelog';
  /** Leaves out the kinds of the rows of a result with changes. */
  readonly hideOp?: boolean;
}

/**
 * Returns the sink that shows the rows of a SELECT. It calls `onFull` when it has all rows of the
 * LIMIT.
 */
export function resultSink(plan: Plan, flags: OutputFlags, onFull: () => void): Sink {
  const sink = sinkOf(plan, flags);
  const limit = limitOf(plan);
  return limit === null ? sink : limitedSink(sink, limit, onFull);
}

function sinkOf(plan: Plan, flags: OutputFlags): Sink {
  const sink = plan.nodes[plan.nodes.length - 1]!;
  const form = flags.output ?? (process.stdout.isTTY ? 'table' : 'jsonl');
  const changes = sink.kind === 'sink' && sink.changelog === 'changelog' && flags.hideOp !== true;
  if (form !== 'table') return new JsonRowWriter(sink.fields, form === 'changelog' || changes, writeOut);
  return lazyTable(sink.fields, changes);
}

/** Returns a table writer. Imports the writer's library in the background. */
function lazyTable(fields: Plan['nodes'][number]['fields'], changes: boolean): Sink {
  const options = { changes, columns: process.stdout.columns ?? null, clock: systemClock };
  const load = import('../output/table-writer.ts').then(
    ({ TableWriter }) => new TableWriter(fields, options, writeOut),
  );
  return {
    write: async (batch) => (await load).write(batch),
    prepare: () => ({ prepared: Promise.resolve(null) }),
    commit: async () => {},
    restore: async () => {},
    close: async () => (await load).close(),
  };
}

/** Writes the rows of a statement such as SHOW TABLES. */
export async function writeRows(
  statement: Extract<CompiledStatement, { kind: 'rows' }>,
  flags: OutputFlags,
): Promise<void> {
  if (statement.fields.length === 1 && (flags.output === undefined || flags.output === 'table')) {
    for (const row of statement.rows) writeOut(`${String(row[0])}\n`);
    return;
  }
  for (const row of statement.rows) {
    const object = Object.fromEntries(statement.fields.map((f, i) => [f.name, row[i] ?? null]));
    writeOut(`${JSON.stringify(flags.output === 'changelog' ? { op: '+I', row: object } : object)}\n`);
  }
}
