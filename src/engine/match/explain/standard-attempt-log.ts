import type { PathNode } from '../partial-match.ts';
import type { ConditionBinding } from '../standard/condition-binding.ts';
import type { PartitionRow } from '../standard/partition-row.ts';
import type { Found } from '../standard/partition-state.ts';
import type { ObservedStandardPattern, StandardObserver } from '../standard/standard-observer.ts';
import { AttemptList, shown } from './attempt-list.ts';
import type { MatchExplanation, Wanted } from './match-explanation.ts';

/** What happened to the threads of one path when the current row was passed to them. */
interface PathStep {
  took: boolean;
  readonly wanted: Map<string, Wanted>;
}

/**
 * Records the result of each attempt of one key with the semantics of the SQL standard. A way is a
 * path that no row continued. The log does not list the ways that the matcher gave up for a
 * preferred match. Rows and attempts outside `from` to `to` (inclusive milliseconds) are
 * matched but not recorded.
 */
export class StandardAttemptLog implements StandardObserver {
  readonly #list: AttemptList;
  #observed: ObservedStandardPattern | null = null;
  #rows = 0;
  #matches = 0;
  #first: PartitionRow | null = null;
  /** By path: the step of the current row. */
  readonly #steps = new Map<PathNode | null, PathStep>();
  /** By path: the variables for which the cut threads waited. */
  readonly #cut = new Map<PathNode, { readonly variables: Set<string>; readonly bound: number | null }>();
  /** Why the first row of the attempt began nothing. */
  #notBegun: readonly Wanted[] = [];

  constructor(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) {
    this.#list = new AttemptList(from, to);
  }

  openStandard(observed: ObservedStandardPattern): void {
    this.#observed = observed;
  }

  /** Returns whether a pattern was observed. */
  get opened(): boolean {
    return this.#observed !== null;
  }

  late(read: (column: number) => unknown, time: number, watermark: number): void {
    if (this.#list.asks(time)) this.#list.late({ time, values: this.#observed!.columns.map(read), watermark });
  }

  row(): void {
    this.#rows++;
  }

  began(first: PartitionRow, open: boolean): void {
    this.#first = first;
    this.#steps.clear();
    this.#cut.clear();
    this.#notBegun = open ? [] : [reason('^', 'this is not the first row')];
  }

  tested(binding: ConditionBinding, took: boolean): void {
    const { path, variable } = binding;
    const step = this.#stepOf(path);
    step.took ||= took;
    if (took || !this.#asked()) return;
    const { probe, variables } = this.#observed!;
    const name = variables[variable]!;
    if (!step.wanted.has(name)) {
      step.wanted.set(name, { variable: name, failed: probe.failures(variable, binding), insteadOf: [] });
    }
  }

  followed(path: PathNode | null): void {
    this.#stepOf(path).wanted.set('$', reason('$', 'another row follows'));
  }

  offered(row: PartitionRow): void {
    for (const [path, { took, wanted }] of this.#steps) {
      if (took) continue;
      if (path === null) this.#notBegun = [...wanted.values()];
      else
        this.#list.close(this.#first!, path, {
          kind: 'ended',
          row: shown(row),
          wanted: [...wanted.values()],
          strict: true,
        });
    }
    this.#steps.clear();
  }

  cut(path: PathNode | null, waitsFor: number, bound: number | null): void {
    if (path === null) return;
    let cut = this.#cut.get(path);
    if (cut === undefined) {
      cut = { variables: new Set(), bound };
      this.#cut.set(path, cut);
    }
    cut.variables.add(this.#observed!.variables[waitsFor]!);
  }

  decided(best: Found | null, time: number): void {
    const first = this.#first!;
    for (const [path, { variables, bound }] of this.#cut) {
      if (path === best?.path) continue;
      const names = [...variables];
      this.#list.close(
        first,
        path,
        bound === null
          ? { kind: 'open', waitsFor: names, absenceUntil: null }
          : { kind: 'expired', time: bound, waitedFor: names },
      );
    }
    if (best !== null) {
      // A longer way that found no further row has the same rows as the match.
      if (best.path !== null) this.#list.reopen(first, best.path);
      const completeAt = best.path?.row.time ?? first.time;
      const end = { kind: 'match', number: ++this.#matches, time, completeAt, heldBy: null } as const;
      this.#list.close(first, best.path, end);
    } else if (this.#notBegun.length > 0 || !this.#list.has(first)) {
      // An attempt without an end stopped at an anchor after its rows.
      const anchors = [reason('^ or $', 'the rows before or after it do not permit the anchor')];
      this.#list.notBegun(shown(first), () => (this.#notBegun.length > 0 ? this.#notBegun : anchors));
    }
  }

  explanation(name: string): MatchExplanation {
    const { node, variables, input, columns, probe } = this.#observed!;
    return {
      name,
      fields: columns.map((column) => input[column]!),
      variables: variables.map((variable, i) => ({ name: variable, condition: probe.textOf(i) })),
      withinMs: node.within?.ms ?? null,
      rows: this.#rows,
      ...this.#list.explained(variables),
    };
  }

  #asked(): boolean {
    return this.#list.asks(this.#first!.time);
  }

  #stepOf(path: PathNode | null): PathStep {
    let step = this.#steps.get(path);
    if (step === undefined) {
      step = { took: false, wanted: new Map() };
      this.#steps.set(path, step);
    }
    return step;
  }
}

/** Returns the reason why an anchor does not hold. */
const reason = (variable: string, text: string): Wanted => ({
  variable,
  failed: [{ text, values: [], error: null }],
  insteadOf: [],
});
