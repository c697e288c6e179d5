import { STRING, typeName, withNullable } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Job } from '../../engine/job/job.ts';
import { MatchOperator } from '../../engine/operators/match.ts';
import { castScalar } from '../../functions/cast/cast.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { matchesIn } from '../../plan/match-question.ts';
import type { Plan } from '../../plan/plan.ts';
import { type OpenMatchesJson, openMatchesJson } from '../match-explanation/open-matches-json.ts';

/** A question about a running job: the partial matches of one of its patterns for a key. */
export interface OpenMatchesQuestion {
  /** Name of the pattern's node in the plan; null if the job has only one pattern. */
  readonly pattern: string | null;
  /** The PARTITION BY values as texts. */
  readonly key: readonly string[];
}

/** Reads the job's state between two batches. */
export async function answerOpenMatches(job: Job, question: OpenMatchesQuestion): Promise<OpenMatchesJson> {
  const { plan } = job.options;
  const node = patternOf(plan, question.pattern);
  const key = keyOf(node, plan, question.key);
  const { operator } = job.graph.nodes[node.id]!;
  const found = await job.betweenBatches(async () =>
    operator instanceof MatchOperator ? operator.openMatches(key) : null,
  );
  if (found === null) {
    throw new EngineError(
      'SQL_NOT_SUPPORTED',
      `${node.name} has the semantics of the SQL standard; what it holds open cannot be shown`,
      { pattern: node.name },
    );
  }
  const columns = node.partition.map((column) => plan.nodes[node.inputs[0]!]!.fields[column]!.name);
  return openMatchesJson(found, Object.fromEntries(columns.map((column, i) => [column, question.key[i]!])));
}

function patternOf(plan: Plan, name: string | null): MatchNode {
  const patterns = matchesIn(plan);
  const found =
    name === null ? (patterns.length === 1 ? patterns[0] : undefined) : patterns.find((p) => p.name === name);
  if (found !== undefined) return found;
  const names = patterns.map((pattern) => pattern.name).join(', ');
  throw new EngineError(
    'CONFIG_USAGE',
    patterns.length === 0 ? 'the job has no pattern' : `name one of the job's patterns: ${names}`,
    {},
  );
}

function keyOf(node: MatchNode, plan: Plan, texts: readonly string[]): unknown[] {
  const fields = node.partition.map((column) => plan.nodes[node.inputs[0]!]!.fields[column]!);
  if (texts.length !== fields.length) {
    const names = fields.map(({ name }) => name).join(', ');
    throw new EngineError(
      'CONFIG_USAGE',
      fields.length === 0
        ? 'the pattern has no PARTITION BY, so no key'
        : `the key needs ${fields.length} values: ${names}`,
      {},
    );
  }
  const environment = {
    zone: plan.settings['table.local-time-zone'] ?? 'UTC',
    now: () => 0,
    random: () => 0,
  };
  return fields.map(({ name, type }, i) => {
    const value = castScalar(STRING, withNullable(type, true), 'null', environment)(texts[i]);
    if (value !== null) return value;
    throw new EngineError('CONFIG_USAGE', `'${texts[i]}' is no ${typeName(withNullable(type, true))} for ${name}`, {});
  });
}
