import type { BoundShownRow, OpenMatches } from '../../engine/match/explain/open-matches.ts';
import { type RowJson, rowWriter, timeText } from './explanation-json.ts';

/** What a running pattern holds open for a key, as JSON text has it. */
export interface OpenMatchesJson {
  readonly pattern: string;
  readonly key: Readonly<Record<string, string>>;
  /** How far time has come. */
  readonly watermark: string;
  /** Earliest start first. */
  readonly open: readonly OpenMatchJson[];
  /** Complete, but held back by an open one that began earlier. */
  readonly heldBack: readonly { readonly rows: readonly BoundRowJson[] }[];
  /** Open ones that are not listed. */
  readonly more: number;
}

export interface OpenMatchJson {
  readonly rows: readonly BoundRowJson[];
  readonly waitsFor: readonly string[];
  /** When its time runs out; absent: never. */
  readonly until?: string;
  /** It is a match at `until`, if no forbidden row comes before. */
  readonly absence?: true;
}
export type BoundRowJson = RowJson & { readonly variable: string };

export function openMatchesJson(found: OpenMatches, key: Readonly<Record<string, string>>): OpenMatchesJson {
  const show = rowWriter(found.fields);
  const bound = (rows: readonly BoundShownRow[]): BoundRowJson[] =>
    rows.map(({ variable, row }) => ({ variable, ...show(row) }));
  return {
    pattern: found.name,
    key,
    watermark: timeText(found.watermark),
    open: found.open.map(({ rows, waitsFor, until, absence }) => ({
      rows: bound(rows),
      waitsFor,
      ...(until === null ? {} : { until: timeText(until) }),
      ...(absence ? { absence } : {}),
    })),
    heldBack: found.heldBack.map((rows) => ({ rows: bound(rows) })),
    more: found.more,
  };
}
