import { environmentVariables } from '../../config/option-references.ts';
import { endlessInput, tableEndpoints } from '../../connectors/connector-registry.ts';
import { EngineError } from '../../core/engine-error.ts';
import { Job } from '../../engine/job/job.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { matchesIn, planUpTo } from '../../plan/match-question.ts';
import type { Plan } from '../../plan/plan.ts';
import { CapturedRows, CapturingSink } from '../golden/capturing-sink.ts';

export interface ComparisonPlace {
  readonly baseDirectory: string;
  readonly roots: readonly string[] | null;
}

/** The result of a pattern with one semantics. */
export interface OneWay {
  /**
   * Rows of matches as `{"op":"+I","row":{…}}` that only this semantics gives, in order.
   */
  readonly only: readonly string[];
  /**
   * AFTER MATCH failed, or a value could not be computed; the rows are those before the failure.
   */
  readonly failure: string | null;
}

/**
 * The results of a pattern with Flink's and with the SQL standard's semantics, over the same input.
 */
export interface SemanticsComparison {
  /** The pattern's name in the plan. */
  readonly pattern: string;
  /** The number of rows that both semantics give. */
  readonly both: number;
  readonly flink: OneWay;
  readonly standard: OneWay;
}

/**
 * Plans of one text, compiled with each semantics: the same jobs with the same patterns.
 */
export interface TwoWays {
  readonly flink: readonly Plan[];
  readonly standard: readonly Plan[];
}

/**
 * Runs each pattern of a text with both semantics over its bounded input, and compares the output
 * rows.
 */
export async function compareSemantics(plans: TwoWays, place: ComparisonPlace): Promise<SemanticsComparison[]> {
  const comparisons: SemanticsComparison[] = [];
  for (const [i, plan] of plans.flink.entries()) {
    const other = plans.standard[i]!;
    const matches = matchesIn(other);
    for (const [n, match] of matchesIn(plan).entries()) {
      const flink = await rowsOf(plan, match, place);
      const standard = await rowsOf(other, matches[n]!, place);
      comparisons.push({ pattern: match.name, ...difference(flink, standard) });
    }
  }
  return comparisons;
}

interface Outcome {
  readonly rows: readonly string[];
  readonly failure: string | null;
}

async function rowsOf(plan: Plan, match: MatchNode, place: ComparisonPlace): Promise<Outcome> {
  refuseEndless(plan, match);
  const captured = new CapturedRows();
  try {
    const job = await Job.open({
      id: 'compare-semantics',
      plan: planUpTo(plan, match, null),
      random: sameChance(),
      endpoints: tableEndpoints({ ...place, environment: environmentVariables(place.roots !== null) }, () => ({
        sink: (node) => new CapturingSink(node.fields, captured),
      })),
    });
    await job.run();
  } catch (error) {
    if (!(error instanceof EngineError) || (error.code !== 'MATCH_SKIP' && error.code !== 'EXPRESSION_FAILED')) {
      throw error;
    }
    return { rows: captured.lines, failure: `${error.code}: ${error.message}` };
  }
  return { rows: captured.lines, failure: null };
}

function refuseEndless(plan: Plan, match: MatchNode): void {
  if (match.time.time === 'proctime') {
    throw new EngineError(
      'SQL_INVALID_STATEMENT',
      `\`${match.name}\` goes by the time at which rows come, so the two ways of matching cannot be compared on the same rows`,
      { pattern: match.name },
    );
  }
  for (const node of plan.nodes) {
    const endless = node.kind === 'scan' ? endlessInput(node.options) : null;
    if (node.kind !== 'scan' || endless === null) continue;
    throw new EngineError(
      'SQL_INVALID_STATEMENT',
      `comparing reads the whole input, but \`${node.table}\` never ends: ${endless}`,
      { table: node.table },
    );
  }
}

/** Compares the rows of two outcomes as multisets: counts equal rows as often as they occur. */
function difference(flink: Outcome, standard: Outcome): Omit<SemanticsComparison, 'pattern'> {
  const counts = new Map<string, number>();
  for (const row of flink.rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  const left = new Map(counts);
  const onlyStandard = standard.rows.filter((row) => !take(left, row));
  const shared = new Map([...counts].map(([row, count]) => [row, count - (left.get(row) ?? 0)]));
  const onlyFlink = flink.rows.filter((row) => !take(shared, row));
  return {
    both: flink.rows.length - onlyFlink.length,
    flink: { only: onlyFlink, failure: flink.failure },
    standard: { only: onlyStandard, failure: standard.failure },
  };
}

/** Removes one occurrence of a row. Returns false if there is none. */
function take(rows: Map<string, number>, row: string): boolean {
  const left = rows.get(row) ?? 0;
  if (left === 0) return false;
  rows.set(row, left - 1);
  return true;
}

/**
 * Returns a generator for RAND() that gives the same numbers in both runs. The numbers are
 * multiples of the golden ratio, which are evenly distributed.
 */
function sameChance(): () => number {
  let number = 0;
  return () => {
    number = (number + (Math.sqrt(5) - 1) / 2) % 1;
    return number;
  };
}
