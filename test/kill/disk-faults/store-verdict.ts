import type { Change } from '../../../src/service/store/change.ts';
import { ServiceState } from '../../../src/service/store/service-state.ts';

/** What a life of the store said, line by line. */
export interface StoreLife {
  readonly opened: boolean;
  /** The message of a start that was refused; null: it was not refused. */
  readonly refusal: string | null;
  readonly acknowledged: number;
  readonly refused: number;
  readonly warnings: readonly string[];
  /** The states in which the store may be now. */
  readonly possible: readonly (readonly Change[])[];
}

/**
 * Reads what a life said. `before`: the states in which the store may have been before it. Throws
 * an error if it was opened with another state.
 */
export function readLife(output: string, before: StoreLife['possible']): StoreLife {
  let possible = before;
  let [opened, acknowledged, refused] = [false, 0, 0];
  let refusal: string | null = null;
  let begun: readonly Change[] | null = null;
  const warnings: string[] = [];
  for (const text of output.split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as {
      readonly opened?: readonly Change[];
      readonly begins?: readonly Change[];
      readonly acknowledged?: boolean;
      readonly refused?: string;
      readonly failed?: string;
      readonly message?: string;
      readonly warning?: string;
    };
    if (line.warning !== undefined) warnings.push(line.warning);
    if (line.failed !== undefined) refusal = `${line.failed}: ${line.message}`;
    if (line.opened !== undefined) {
      opened = true;
      if (!isAmong(line.opened, possible))
        throw new Error(`it was opened with another state: ${differenceOf(line.opened, possible)}`);
      possible = [line.opened];
    }
    if (line.begins !== undefined) begun = line.begins;
    if (line.acknowledged === true) {
      acknowledged++;
      possible = possible.map((state) => after(state, begun!));
      begun = null;
    }
    if (line.refused !== undefined) {
      refused++;
      // Only then may it be there.
      if (/the write is in doubt/.test(line.message!))
        possible = possible.flatMap((state) => [state, after(state, begun!)]);
      begun = null;
    }
  }
  // A crash before the answer: it may have taken effect.
  if (begun !== null) possible = possible.flatMap((state) => [state, after(state, begun!)]);
  return { opened, refusal, acknowledged, refused, warnings, possible };
}

function after(state: readonly Change[], changes: readonly Change[]): readonly Change[] {
  const next = new ServiceState();
  for (const change of [...state, ...changes]) next.apply(change);
  return next.all();
}

export const isAmong = (state: readonly Change[], possible: StoreLife['possible']): boolean =>
  possible.some((other) => JSON.stringify(other) === JSON.stringify(state));

export function differenceOf(state: readonly Change[], possible: StoreLife['possible']): string {
  const has = new Set(state.map((change) => JSON.stringify(change)));
  const wanted = possible[0]!.map((change) => JSON.stringify(change));
  const missing = wanted.filter((text) => !has.has(text));
  const extra = [...has].filter((text) => !wanted.includes(text));
  return `missing ${missing.join().slice(0, 300)}; extra ${extra.join().slice(0, 300)}`;
}
