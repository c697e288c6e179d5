import { compile } from '../../src/compiler/compile.ts';
import { connectorCatalog } from '../../src/connectors/connector-registry.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { caseSql } from '../fuzz/case-sql.ts';
import { randomCase } from '../fuzz/generate/random-case.ts';
import type { MatchCase } from '../fuzz/match-case.ts';
import { resultVariables } from '../fuzz/match-node-of.ts';
import { TooManyAttempts } from '../fuzz/reference/reference-run.ts';
import type { SeededRandom } from '../fuzz/seeded-random.ts';
import type { TestRow } from '../unit/engine/operators/match-harness.ts';
import { grouped, matching, measureNames, passing, tumbling } from './naive-interpreter.ts';

/** A query with its input and its expected output. */
export interface Workload {
  readonly name: string;
  readonly plan: Plan;
  /**
   * A changed query with the same output. Only nodes without state, above nodes with state, are
   * different.
   */
  readonly changed: Plan;
  /** By table. */
  readonly inputs: ReadonlyMap<string, readonly TestRow[]>;
  /** Lines of all sinks from the naive interpreter; null: it does not support this query. */
  readonly naive: readonly string[] | null;
  readonly late: number | null;
}

const COLUMNS = 'id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3)';
const source = (name: string, delayMs: number): string =>
  `CREATE TABLE ${name} (${COLUMNS}, WATERMARK FOR ts AS ts - INTERVAL '${(delayMs / 1000).toFixed(3)}' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'in-${name}', 'format' = 'json');\n`;
const sink = (name: string, columns: string, format = 'json'): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = 'out-${name}', 'format' = '${format}');\n`;

const WINDOWS = (windowing: string): string =>
  `SELECT k, window_start AS w, COUNT(*) AS c, SUM(v) AS s, MAX(id) AS m FROM TABLE(${windowing}) GROUP BY k, window_start, window_end`;
const WINDOW_COLUMNS = 'k STRING, w TIMESTAMP(3), c BIGINT, s BIGINT, m INT';
const TUMBLE = WINDOWS("TUMBLE(TABLE steps, DESCRIPTOR(ts), INTERVAL '5' SECOND)");
const SESSION = WINDOWS("SESSION(TABLE steps PARTITION BY k, DESCRIPTOR(ts), INTERVAL '2' SECOND)");

type Maker = (random: SeededRandom) => Workload | null;

const delays = [1000, 3000];

const MAKERS: readonly Maker[] = [
  (random) => {
    const delayMs = random.oneOf(delays);
    const rows = someRows(random);
    const { lines, late } = tumbling(rows, 5000, delayMs);
    const tables = source('steps', delayMs) + sink('windows', WINDOW_COLUMNS);
    return made('tumbling window', tables, 'windows', TUMBLE, { steps: rows }, lines, late);
  },
  (random) => {
    const delayMs = random.oneOf(delays);
    const rows = someRows(random);
    const tables = source('steps', delayMs) + sink('windows', WINDOW_COLUMNS);
    return made('session window', tables, 'windows', SESSION, { steps: rows }, null, null);
  },
  (random) => {
    const rows = someRows(random);
    const tables = source('steps', 1000) + sink('totals', 'k STRING, c BIGINT, s BIGINT', 'debezium-json');
    const query = 'SELECT k, COUNT(*) AS c, SUM(v) AS s FROM steps GROUP BY k';
    return made('group', tables, 'totals', query, { steps: rows }, grouped(rows), null);
  },
  (random) => {
    const delayMs = random.oneOf(delays);
    const rows = someRows(random);
    const { lines, late } = tumbling(rows, 5000, delayMs);
    const tables =
      source('steps', delayMs) + sink('windows', WINDOW_COLUMNS) + sink('passed', 'id INT, k STRING, v BIGINT');
    const text = (query: string): string =>
      `${tables}EXECUTE STATEMENT SET BEGIN
INSERT INTO passed SELECT id, k, v FROM steps WHERE v > 0;
INSERT INTO windows ${query};
END;`;
    return {
      name: 'two sinks',
      plan: planOf(text(TUMBLE)),
      changed: planOf(text(`SELECT k, w, c, s, m FROM (${TUMBLE}) WHERE c > 0`)),
      inputs: new Map([['steps', rows]]),
      naive: [...passing(rows), ...lines],
      late,
    };
  },
  (random) => {
    const both = 'CREATE VIEW both_of_them AS SELECT * FROM steps UNION ALL SELECT * FROM more;\n';
    const tables = source('steps', 1000) + source('more', 2000) + both + sink('windows', WINDOW_COLUMNS);
    const query = WINDOWS("TUMBLE(TABLE both_of_them, DESCRIPTOR(ts), INTERVAL '5' SECOND)");
    const inputs = { steps: someRows(random, 60), more: someRows(random, 60) };
    return made('two sources', tables, 'windows', query, inputs, null, null);
  },
  (random) => {
    const given = randomCase(random.below(1 << 30), 0, 'portable');
    const lines = naiveMatches(given);
    if (lines === null) return null;
    const measures = resultVariables(given).flatMap((v) => [`FIRST(${v}.id)`, `LAST(${v}.id)`, `COUNT(${v}.id)`]);
    const names = [...measureNames(given), 'last_id'];
    const types = names.map((name) => `${name} ${name.endsWith('_count') ? 'BIGINT' : 'INT'}`);
    const [, query] = caseSql(given).split(/;\s*\n\s*\n(?=SELECT)/);
    const text = query!
      .replace(
        /MEASURES .*\n/,
        `MEASURES ${[...measures, 'LAST(id)'].map((m, i) => `${m} AS ${names[i]}`).join(', ')}\n`,
      )
      .replace(/;\s*$/, '');
    const tables =
      source('steps', given.delayMs) + sink('found', [...(given.partitioned ? ['k STRING'] : []), ...types].join(', '));
    return made('pattern', tables, 'found', text, { steps: given.rows }, lines, null, 'last_id');
  },
  (random) => {
    const tables = `SET 'sequitur.match.semantics' = 'standard';\n${source('steps', 2000)}${sink('found', 'k STRING, a INT, n BIGINT, z INT')}`;
    const query = `SELECT * FROM steps MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts
  MEASURES FIRST(A.id) AS a, COUNT(B.id) AS n, LAST(C.id) AS z
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B* C) WITHIN INTERVAL '8' SECOND
  DEFINE A AS kind = 'a', B AS kind <> 'c', C AS kind IN ('b', 'c'))`;
    return made('standard pattern', tables, 'found', query, { steps: someRows(random, 80) }, null, null, 'a');
  },
];

export function randomWorkload(random: SeededRandom): Workload {
  for (;;) {
    const workload = random.oneOf(MAKERS)(random);
    if (workload !== null) return workload;
  }
}

function made(
  name: string,
  tables: string,
  target: string,
  query: string,
  inputs: Readonly<Record<string, readonly TestRow[]>>,
  naive: readonly string[] | null,
  late: number | null,
  notNull = 'c',
): Workload {
  const changed = `SELECT * FROM (${query}) WHERE ${notNull} IS NOT NULL`;
  return {
    name,
    plan: planOf(`${tables}INSERT INTO ${target} ${query};`),
    changed: planOf(`${tables}INSERT INTO ${target} ${changed};`),
    inputs: new Map(Object.entries(inputs)),
    naive,
    late,
  };
}

/** Compiled plans by text, because many seeds share a query. */
const plans = new Map<string, Plan>();

function planOf(text: string): Plan {
  const known = plans.get(text);
  if (known !== undefined) return known;
  const { statements, diagnostics } = compile(text, {
    fileName: 'simulated',
    catalog: { tables: new Map(), views: new Map() },
    connectors: connectorCatalog,
    settings: {},
  });
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new Error(`${text}\n${JSON.stringify(errors)}`);
  const plan = statements.find((s) => s.kind === 'job')!.plan;
  plans.set(text, plan);
  return plan;
}

function naiveMatches(given: MatchCase): string[] | null {
  try {
    return matching(given);
  } catch (error) {
    if (error instanceof TooManyAttempts) return null;
    throw error;
  }
}

/** Generates about one row a second. Some rows are out of order, and some are late. */
function someRows(random: SeededRandom, most = 160): TestRow[] {
  let now = Date.UTC(2026, 0, 1);
  return Array.from({ length: random.between(20, most) }, (_, i) => {
    now += random.oneOf([0, 1000, 1000, 2000]);
    return {
      id: i + 1,
      k: random.oneOf(['p', 'q', 'r', null]),
      kind: random.oneOf(['a', 'b', 'c', 'x']),
      v: random.chance(0.1) ? null : random.below(5),
      ts: now - random.oneOf([0, 0, 0, 0, 1000, 2000, 6000]),
    };
  });
}
