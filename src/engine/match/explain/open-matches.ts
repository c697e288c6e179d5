import type { Field } from '../../../core/data-type.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import type { Nfa } from '../../../plan/nfa/nfa.ts';
import { type MatchKeyState, type PartialMatch, pathRows } from '../partial-match.ts';
import type { ShownRow } from './match-explanation.ts';
import { variablesWaitedFor } from './ways-on.ts';

/**
 * The open matches of a running pattern for one key, with internal values. Rows that nothing reads
 * any more are not kept and not shown.
 */
export interface OpenMatches {
  readonly name: string;
  readonly fields: readonly Field[];
  /** Milliseconds; -Infinity before the first watermark. */
  readonly watermark: number;
  /** Earliest start first. */
  readonly open: readonly OpenMatch[];
  /** Complete matches that wait for an earlier open one. */
  readonly heldBack: readonly (readonly BoundShownRow[])[];
  /** The number of open matches that are not in the list. */
  readonly more: number;
}

export interface OpenMatch {
  readonly rows: readonly BoundShownRow[];
  readonly waitsFor: readonly string[];
  /** The time when it expires, in milliseconds; null: never. */
  readonly until: number | null;
  /** At that time it becomes a match, unless a forbidden row arrives first. */
  readonly absence: boolean;
}
export interface BoundShownRow {
  readonly variable: string;
  readonly row: ShownRow;
}

const MOST_SHOWN = 1000;

/**
 * Describes the state of a key. Null: the key has no state. `more`: partial matches that are not in
 * the state.
 */
export function openMatches(
  described: { readonly state: MatchKeyState; readonly more: number } | null,
  nfa: Nfa,
  within: MatchNode['within'],
): Pick<OpenMatches, 'open' | 'heldBack' | 'more'> {
  if (described === null) return { open: [], heldBack: [], more: 0 };
  const { state } = described;
  const rowsOf = (partial: PartialMatch): BoundShownRow[] =>
    pathRows(partial.path!).map(({ variable, row: { time, values } }) => ({
      variable: nfa.variables[variable]!,
      row: { time, values },
    }));
  const open = [...state.partial].slice(0, MOST_SHOWN).map(
    (partial): OpenMatch => ({
      rows: rowsOf(partial),
      waitsFor: variablesWaitedFor(partial.state, nfa),
      until: boundOf(partial, within),
      absence: partial.state.role === 'pending',
    }),
  );
  const heldBack = state.completed.slice(0, MOST_SHOWN).map(rowsOf);
  return { open, heldBack, more: state.partial.length - open.length + described.more };
}

function boundOf({ start, path, state }: PartialMatch, within: MatchNode['within']): number | null {
  const last = path!.row.time;
  const bounds = state.gapMs > 0 ? [last + state.gapMs] : [];
  if (within !== null) bounds.push((within.type === 'first-and-last' ? start!.time : last) + within.ms);
  return bounds.length === 0 ? null : Math.min(...bounds);
}
