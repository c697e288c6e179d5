import type { MatchQuestion } from '../../compiler/compile-result.ts';
import { environmentVariables } from '../../config/option-references.ts';
import { endlessInput, tableEndpoints } from '../../connectors/connector-registry.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Endpoints } from '../../engine/endpoints.ts';
import { Job } from '../../engine/job/job.ts';
import { AttemptLog } from '../../engine/match/explain/attempt-log.ts';
import type { MatchExplanation } from '../../engine/match/explain/match-explanation.ts';
import { StandardAttemptLog } from '../../engine/match/explain/standard-attempt-log.ts';
import type { ObservedMatch } from '../../engine/match/match-observer.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { matchesIn } from '../../plan/match-question.ts';
import { patternText } from '../../plan/pattern-text.ts';
import type { Plan } from '../../plan/plan.ts';
import { CapturedRows, CapturingSink } from '../golden/capturing-sink.ts';

export interface ExplainPlace {
  readonly baseDirectory: string;
  readonly roots: readonly string[] | null;
  /** Replaces the tables' sources in tests. */
  readonly source?: Endpoints['source'];
}

export interface AnsweredQuestion {
  readonly question: MatchQuestion;
  readonly explanation: MatchExplanation;
  readonly pattern: string;
  /** The output rows, as `{"op":"+I","row":{…}}`. */
  readonly results: readonly string[];
  /**
   * AFTER MATCH failed, or a value could not be computed. The explanation has the attempts until
   * then.
   */
  readonly failure: string | null;
}

/** Throws if an input of the plan is unbounded. */
export function refuseEndless(plan: Plan): void {
  for (const node of plan.nodes) {
    const endless = node.kind === 'scan' ? endlessInput(node.options) : null;
    if (node.kind !== 'scan' || endless === null) continue;
    throw new EngineError(
      'SQL_INVALID_STATEMENT',
      `EXPLAIN MATCH reads its whole input, but \`${node.table}\` never ends: ${endless}`,
      { table: node.table },
    );
  }
}

/** Returns a log of the pattern's attempts, and the observer that fills it. */
function observe(
  { name: node, semantics }: MatchNode,
  between: MatchQuestion['between'],
): { readonly log: AttemptLog | StandardAttemptLog; readonly observed: ObservedMatch } {
  const [from, to] = between ?? [];
  if (semantics === 'standard') {
    const log = new StandardAttemptLog(from, to);
    return { log, observed: { node, semantics, observer: log } };
  }
  const log = new AttemptLog(from, to);
  return { log, observed: { node, semantics, observer: log } };
}

/**
 * Reads the whole input of a pattern again for one key, with the matcher that every run uses, and
 * records the outcome of each attempt.
 */
export async function explainMatch(question: MatchQuestion, place: ExplainPlace): Promise<AnsweredQuestion> {
  const { plan, between } = question;
  refuseEndless(plan);
  const captured = new CapturedRows();
  const match = matchesIn(plan).at(-1)!;
  const { log, observed } = observe(match, between);
  let failure: string | null = null;
  try {
    const job = await Job.open({
      id: 'explain-match',
      plan,
      endpoints: tableEndpoints({ ...place, environment: environmentVariables(place.roots !== null) }, (tables) => ({
        source: place.source ?? tables.source,
        sink: (node) => new CapturingSink(node.fields, captured),
      })),
      observedMatch: observed,
    });
    await job.run();
  } catch (error) {
    if (!(error instanceof EngineError) || !log.opened) throw error;
    failure = `${error.code}: ${error.message}`;
  }
  return {
    question,
    explanation: log.explanation(match.name),
    pattern: patternText(match.pattern),
    results: captured.lines,
    failure,
  };
}
