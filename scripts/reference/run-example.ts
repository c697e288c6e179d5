import { InputTable, ManualClock, type Program, run } from '../../src/index.ts';
import { compileProgram } from '../../src/library/compile-program.ts';
import type { SinkNode } from '../../src/plan/nodes/sink.ts';
import type { FunctionEntry, FunctionFamily } from './functions/function-entry.ts';
import { shownValue } from './shown-value.ts';

/** The time of the clock in all examples. */
const NOW = new Date('2026-03-01T12:30:45Z');
const HOUR_MS = 3_600_000;

export interface Answer {
  /** The answer as text, for the page. */
  readonly text: string;
  /** `extended`: Flink SQL does not accept the example. */
  readonly level: Program['level'];
}

/** Runs the example of a function. Throws if the text has a mistake or gives no row. */
export async function answerOf(family: FunctionFamily, entry: FunctionEntry): Promise<Answer> {
  const text = (family.query ?? plainQuery)(entry.example);
  const settings = { ...entry.settings, 'table.local-time-zone': 'UTC', 'state.backend.type': 'memory' };
  const program = compileProgram(text, { settings });
  const rows = await rowsOf(program, settings, family.events);
  if (rows.length === 0) throw new Error(`no row: ${text}`);
  const answer = family.answer ?? ((all: readonly (readonly string[])[]) => all.at(-1)![0]!);
  return { text: answer(rows), level: program.level };
}

const plainQuery = (example: string): string => `SELECT ${example} AS answer;`;

/** Runs a program and returns its rows as texts. A changed row replaces the last one. */
async function rowsOf(
  program: Program,
  settings: Readonly<Record<string, string>>,
  events: FunctionFamily['events'],
): Promise<string[][]> {
  const input = new InputTable();
  const inputs = events === undefined ? {} : { inputs: { events: input } };
  await using running = await run(program, { ...inputs, settings, clock: new ManualClock(NOW) });
  if (events !== undefined) {
    await input.write(...events);
    // Windows on processing time end only when the clock has passed their end.
    if (program.text.includes('PROCTIME()')) await running.advance(HOUR_MS);
    input.end();
  }
  const { fields } = program.jobs[0]!.plan.nodes.at(-1) as SinkNode;
  const rows: string[][] = [];
  for await (const { kind, row } of running.changes()) {
    if (kind === '+I' || kind === '+U') rows.push(fields.map(({ name, type }) => shownValue(row[name], type)));
  }
  return rows;
}
