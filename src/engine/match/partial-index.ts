import type { NfaState } from '../../plan/nfa/nfa.ts';
import type { RowUnderTest } from './matcher.ts';
import type { PartialMatch } from './partial-match.ts';

/**
 * By state: the variables that decide whether a row changes a partial match in this state. Null:
 * any row may change it (`found-by.ts`).
 */
export type FoundBy = readonly (readonly number[] | null)[];

/**
 * An index of a key's partial matches by the value in an equality of a condition (`B.id = A.id`: by
 * the `A.id` that each partial match has taken). A row with another value does not change the
 * partial match. So the matcher offers a row only to the partial matches that the index finds.
 */
export class PartialIndex {
  readonly #foundBy: FoundBy;
  readonly #row: RowUnderTest;
  /**
   * By variable. Most values have one partial match, which is stored without a list.
   */
  readonly #values = new Map<number, Map<unknown, PartialMatch | PartialMatch[]>>();
  /** Partial matches in states that any row may change. */
  readonly #always = new Set<PartialMatch>();

  constructor(foundBy: FoundBy, row: RowUnderTest) {
    this.#foundBy = foundBy;
    this.#row = row;
  }

  #variablesOf(state: NfaState): readonly number[] | null {
    return this.#foundBy[state.index]!;
  }

  add(partial: PartialMatch): void {
    const variables = this.#variablesOf(partial.state);
    if (variables === null) {
      this.#always.add(partial);
      return;
    }
    for (const variable of variables) {
      const value = this.#row.pathValue!(variable, partial.path!);
      if (value === undefined) {
        this.#always.add(partial);
        return;
      }
      // NULL does not equal any value.
      if (value === null) continue;
      let byValue = this.#values.get(variable);
      if (byValue === undefined) {
        byValue = new Map();
        this.#values.set(variable, byValue);
      }
      const same = byValue.get(value);
      if (same === undefined) byValue.set(value, partial);
      else if (Array.isArray(same)) same.push(partial);
      else byValue.set(value, [same, partial]);
    }
  }

  delete(partial: PartialMatch): void {
    if (this.#always.delete(partial)) return;
    for (const variable of this.#variablesOf(partial.state) ?? []) {
      const value = this.#row.pathValue!(variable, partial.path!);
      const byValue = this.#values.get(variable);
      const same = byValue?.get(value);
      if (byValue === undefined || same === undefined) continue;
      if (!Array.isArray(same) || same.length === 1) byValue.delete(value);
      else {
        const at = same.indexOf(partial);
        same[at] = same[same.length - 1]!;
        same.pop();
      }
    }
  }

  /**
   * Finds the partial matches that the row may change, each once, in the order of the list. Returns
   * false if the row must be offered to all.
   */
  find(row: RowUnderTest, into: PartialMatch[]): boolean {
    into.length = 0;
    for (const [variable, byValue] of this.#values) {
      const value = row.rowValue!(variable);
      if (value === undefined) return false;
      const same = value === null ? undefined : byValue.get(value);
      if (Array.isArray(same)) for (const partial of same) into.push(partial);
      else if (same !== undefined) into.push(same);
    }
    for (const partial of this.#always) into.push(partial);
    if (into.length < 2) return true;
    into.sort((a, b) => a.place! - b.place!);
    let kept = 1;
    for (let i = 1; i < into.length; i++) if (into[i] !== into[i - 1]) into[kept++] = into[i]!;
    into.length = kept;
    return true;
  }
}
