import type { BoundShownRow, OpenMatches } from '../../engine/match/explain/open-matches.ts';
import { type RowJson, rowWriter, timeText } from './explanation-json.ts';

/** The partial matches of a running pattern for a key, as JSON. */
export interface OpenMatchesJson {
  readonly pattern: string;
  readonly key: Readonly<Record<string, string>>;
  /** The current watermark. */
  readonly watermark: string;
  /** The open partial matches, earliest start first. */
  readonly open: readonly OpenMatchJson[];
  /** Complete matches that an earlier open one holds back. */
  readonly heldBack: readonly { readonly rows: readonly BoundRowJson[] }[];
  /** Number of open partial matches that are not listed. */
  readonly more: number;
}

export interface OpenMatchJson {
  readonly rows: readonly BoundRowJson[];
  readonly waitsFor: readonly string[];
  /** The time-out of the partial match. Absent: it never times out. */
  readonly until?: string;
  /** The partial match becomes a match at `until` if no forbidden row arrives before. */
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
