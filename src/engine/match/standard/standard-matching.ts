import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { physicalReach, readsMatchNumber } from '../../../plan/match-reach.ts';
import { compileScalar, type MatchResolver } from '../../expressions/compile-scalar.ts';
import { ConjunctProbe } from '../explain/conjunct-probe.ts';
import { KeyedMatching } from '../keyed-matching.ts';
import { type MatchBinding, matchResolver, rowReader } from '../match-binding.ts';
import { limitsOf } from '../match-limits.ts';
import { MatchResults } from '../match-results.ts';
import { type BuiltMatching, type MatchingParts, placesOf, stateTable } from '../matching-parts.ts';
import { type ConditionBinding, conditionResolver } from './condition-binding.ts';
import { conditionReads } from './condition-reads.ts';
import type { PartitionState } from './partition-state.ts';
import { partitionStateCodec } from './partition-state-codec.ts';
import { compileProgram } from './program.ts';
import { StandardMatcher } from './standard-matcher.ts';
import type { StandardObserver } from './standard-observer.ts';
import { StandardRows } from './standard-rows.ts';
import { compileTarget } from './standard-skip.ts';
import { ThreadStepper } from './thread-stepper.ts';

export interface CompiledMatcher {
  readonly matcher: StandardMatcher;
  readonly stepper: ThreadStepper;
  readonly rows: StandardRows;
  /** The pattern's variables, as paths number them. */
  readonly variables: readonly string[];
  readonly numbersMatches: boolean;
  /** Compiles the expressions that only conditions contain. */
  readonly resolver: MatchResolver<ConditionBinding>;
}

/**
 * Creates the matcher of a pattern. Its rows have the columns `kept`, each at its place `keptAt`.
 */
export function compileMatcher(
  node: MatchNode,
  kept: readonly number[],
  keptAt: Int32Array,
  environment: FunctionEnvironment,
  observer: StandardObserver | null = null,
): CompiledMatcher {
  const conditions = node.define.map(({ condition }) => condition);
  const program = compileProgram(node.pattern);
  const { variables } = program;
  const reads = conditionReads(variables, node.subsets, node.define, keptAt);
  const resolver = conditionResolver(variables, node.subsets, reads.chains, keptAt, environment);
  const rows = new StandardRows(
    variables.map((name) => node.define.find(({ variable }) => variable === name)?.condition ?? null),
    kept,
    keptAt,
    resolver,
    environment,
  );
  const withinMs = node.within?.ms ?? Number.POSITIVE_INFINITY;
  const accepts = (binding: ConditionBinding): boolean => rows.accepts(binding);
  const stepper = new ThreadStepper(program, reads, node.within !== null, accepts, observer);
  const numbersMatches = readsMatchNumber([...node.measures, ...conditions]);
  const matcher = new StandardMatcher(program, stepper, {
    withinMs,
    skip: compileTarget(node.skip, variables, node.subsets),
    unmatched: node.rows.kind === 'all' && node.rows.unmatched,
    numbersMatches,
    lookahead: reads.lookahead,
    measureLookahead: physicalReach(node.measures).after,
    lookback: physicalReach([...conditions, ...node.measures]).before,
    observer,
  });
  return { matcher, stepper, rows, variables, numbersMatches, resolver };
}

/** Creates a matching with the semantics of the SQL standard. */
export function standardMatching(parts: MatchingParts): BuiltMatching {
  const { node, input, kept, context, observed, timers, scaleMs } = parts;
  const { environment } = context;
  const keptAt = placesOf(kept, input.length);

  const observer = observed?.semantics === 'standard' ? observed.observer : null;
  const {
    matcher,
    stepper,
    rows: tests,
    variables,
    numbersMatches,
    resolver: ofConditions,
  } = compileMatcher(node, kept, keptAt, environment, observer);
  observer?.openStandard({
    node,
    variables,
    input,
    columns: kept,
    probe: new ConjunctProbe(variables, node.define, input, (expression) =>
      compileScalar(expression, ({ row }, column) => row.values[keptAt[column]!], environment, ofConditions),
    ),
  });
  const types = kept.map((column) => input[column]!.type);
  const codec = partitionStateCodec(stepper, types);
  const states = stateTable(parts, codec);

  const rows = rowReader(keptAt);
  const resolver = matchResolver(variables, rows, environment, node.subsets);
  const measures = node.measures.map((measure) =>
    compileScalar<MatchBinding>(measure, (binding, column) => rows(binding.path!, column), environment, resolver),
  );
  const sources = { partition: node.partition, keptAt, measures };
  const results = new MatchResults(node.fields, node.outputs, node.rows, sources, context.batchRows);
  const matching = new KeyedMatching<PartitionState, StandardRows>(
    matcher,
    states,
    timers,
    tests,
    results,
    node.partition,
    {
      eventTime: node.time.time === 'rowtime',
      withinMs: null,
      scaleMs,
      hasPending: true,
      showsTimeouts: false,
      endsQuietly: false,
      numbersMatches,
      limits: limitsOf(context.settings),
    },
    codec.sizeOf,
  );
  return { matching, results };
}
