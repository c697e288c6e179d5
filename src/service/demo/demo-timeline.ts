import fs from 'node:fs';
import type { ScanNode } from '../../plan/nodes/scan.ts';
import type { Plan } from '../../plan/plan.ts';
import { walk } from '../../plan/walk-expression.ts';
import { momentOf } from './moment.ts';

/** One input file of a pattern as the demo plays it, in an endless loop. */
export interface DemoTable {
  readonly file: string;
  /** Columns, by their names in the data, whose values are shifted with each pass. */
  readonly shifted: readonly string[];
  /** The turn of each line among the lines of all tables of the pattern in one pass. */
  readonly turns: Int32Array;
  /** Turns of one pass. */
  readonly turnsPerPass: number;
  readonly turnsPerSecond: number;
  /** Passes of one round. Event time is near the clock at the end of a round. */
  readonly passesPerRound: number;
  /** The time at which the first round starts, ms since 1970. */
  readonly startAt: number;
  readonly firstMs: number;
  readonly periodMs: number;
}

/** Longest time of one pass, for any number of rows. */
const PASS_SECONDS_MAX = 20;
const GAP_MS = 60_000;
/** Event time of one round, if a pass is not longer. */
const ROUND_MS = 12 * 3_600_000;
/** A job opens again after each round, so a round of few rows is played more slowly. */
const ROUND_SECONDS_MIN = 10;

/**
 * Lays the inputs of a pattern on one timeline. The rows of several tables keep their order in
 * event time; the wall clock only decides when the next row is sent. An hour of event time may pass
 * in seconds. This does not change the pattern's results. Event time would soon be years ahead of
 * the clock. So the passes form rounds, and each round ends at the time at which it was started.
 */
export function demoTimeline(
  plans: readonly Plan[],
  inputs: ReadonlyMap<string, string>,
  options: { readonly startAt: number; readonly rowsPerSecond: number },
): Readonly<Record<string, DemoTable>> {
  const scans = plans.flatMap((plan) => plan.nodes.flatMap((n) => (n.kind === 'scan' ? [{ plan, node: n }] : [])));
  const tables = [...inputs].flatMap(([table, file]) => {
    const mine = scans.filter((s) => s.node.table === table);
    if (mine.length === 0) return [];
    const events = new Set(mine.flatMap(({ plan, node }) => eventTimeColumns(plan, node)));
    const stamps = mine.flatMap(({ node }) =>
      node.fields.flatMap((f, i) =>
        f.type.kind === 'timestamp' || f.type.kind === 'timestamp-ltz' ? [node.columns[i]!.key] : [],
      ),
    );
    const times = readTimes(file, events.size > 0 ? [...events][0]! : (stamps[0] ?? null));
    return [{ table, file, times, shifted: [...new Set([...events, ...stamps])] }];
  });
  const arrivals = tables.flatMap(({ times }, t) => {
    // Rows arrive in the order of the file: a late row arrives directly after the previous one.
    let latest = Number.NEGATIVE_INFINITY;
    return times.map((time, row) => {
      latest = Math.max(latest, time ?? latest);
      return { t, row, at: latest };
    });
  });
  arrivals.sort((a, b) => (a.at === b.at ? a.t - b.t || a.row - b.row : a.at - b.at));
  const turns = tables.map(({ times }) => new Int32Array(times.length));
  for (const [turn, { t, row }] of arrivals.entries()) turns[t]![row] = turn;
  const known = tables.flatMap(({ times }) => times.filter((time) => time !== null));
  const firstMs = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const lastMs = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const span = known.length === 0 ? 0 : lastMs - firstMs;
  const periodMs = Math.ceil(span * 1.05) + GAP_MS;
  const passesPerRound = Math.max(1, Math.floor(ROUND_MS / periodMs));
  const common = {
    turnsPerPass: arrivals.length,
    turnsPerSecond: Math.min(
      Math.max(options.rowsPerSecond, arrivals.length / PASS_SECONDS_MAX),
      (arrivals.length * passesPerRound) / ROUND_SECONDS_MIN,
    ),
    passesPerRound,
    startAt: options.startAt,
    firstMs: known.length === 0 ? options.startAt : Math.floor(firstMs),
    periodMs,
  };
  return Object.fromEntries(
    tables.map(({ table, file, shifted }, t) => [table, { file, shifted, turns: turns[t]!, ...common }]),
  );
}

/** Returns the columns in the data from which the event time of a scan is computed. */
function eventTimeColumns(plan: Plan, scan: ScanNode): readonly string[] {
  // Columns of the current node, each with the positions in the scan from which it is computed.
  let origins: readonly (readonly number[])[] = scan.fields.map((_, i) => [i]);
  let at = scan.id;
  for (;;) {
    const next = plan.nodes.find(({ inputs }) => inputs.length === 1 && inputs[0] === at);
    if (next === undefined) return [];
    if (next.kind === 'watermark') return (origins[next.column] ?? []).map((i) => scan.columns[i]!.key);
    if (next.kind === 'project') {
      const before = origins;
      origins = next.expressions.map((expression) => {
        const found = new Set<number>();
        walk(expression, (part) => {
          if (part.kind === 'column') for (const i of before[part.index] ?? []) found.add(i);
        });
        return [...found];
      });
    } else if (next.kind !== 'filter') return [];
    at = next.id;
  }
}

/** Reads the event times of the file's lines. Null: the line has no event time. */
function readTimes(file: string, column: string | null): readonly (number | null)[] {
  return dataLines(fs.readFileSync(file, 'utf8')).map((line) => {
    if (column === null) return null;
    try {
      return momentOf((JSON.parse(line) as Record<string, unknown>)[column]);
    } catch {
      // Not JSON: the source fails or skips it, as the table's options say.
      return null;
    }
  });
}

/** Returns the lines that are not blank. */
export const dataLines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');
