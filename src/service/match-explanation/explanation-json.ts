import type { DataType, Field } from '../../core/data-type.ts';
import type { FailedCondition } from '../../engine/match/explain/conjunct-probe.ts';
import type { ExplainedWay, ShownRow, Wanted, WayEnd } from '../../engine/match/explain/match-explanation.ts';
import { END_OF_INPUT } from '../../engine/match/matcher.ts';
import { writeJsonValue } from '../../formats/value-text.ts';
import type { AnsweredQuestion } from './explain-match.ts';

/**
 * An answer to EXPLAIN MATCH as JSON: values as in result rows, integers beyond 2^53-1 as text,
 * times as text in UTC.
 */
export interface ExplanationJson {
  readonly match: string;
  readonly pattern: string;
  readonly withinMs: number | null;
  readonly variables: readonly { readonly name: string; readonly condition: string }[];
  /** The values of the key as text. NULL is null. */
  readonly key: Readonly<Record<string, string | null>>;
  readonly between: readonly [string, string] | null;
  readonly rows: number;
  readonly attempts: readonly AttemptJson[];
  readonly notBegun: readonly (RowJson & { readonly wanted: readonly WantedJson[] })[];
  readonly late: readonly (RowJson & { readonly watermark: string })[];
  readonly leftOut: { readonly late: number; readonly attempts: number; readonly notBegun: number };
  /** The rows that the query gives for the key. */
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly failure: string | null;
}

export interface RowJson {
  readonly time: string;
  readonly row: Readonly<Record<string, unknown>>;
}
export interface AttemptJson {
  readonly first: RowJson;
  readonly ways: readonly WayJson[];
  readonly moreWays: number;
}
export type WayJson = EndJson & { readonly rows: readonly (RowJson & { readonly variable: string })[] };

export interface WantedJson {
  readonly variable: string;
  readonly failed: readonly {
    readonly condition: string;
    readonly values: Readonly<Record<string, unknown>>;
    readonly error?: string;
  }[];
  /** The row fits, but it is also one of these variables, which take precedence. */
  readonly insteadOf?: readonly string[];
}

export type EndJson =
  | {
      readonly outcome: 'match';
      readonly number: number;
      readonly time: string;
      readonly completeAt: string;
      readonly heldBy?: RowJson;
    }
  | {
      readonly outcome: 'ended';
      readonly by: RowJson;
      readonly wanted: readonly WantedJson[];
      readonly strict: boolean;
    }
  | { readonly outcome: 'forbidden'; readonly by: RowJson; readonly variables: readonly string[] }
  | { readonly outcome: 'expired'; readonly time: string; readonly waitedFor: readonly string[] }
  | { readonly outcome: 'skipped'; readonly match: number; readonly complete: boolean }
  | { readonly outcome: 'open'; readonly waitsFor: readonly string[]; readonly absenceUntil?: string }
  | { readonly outcome: 'held-back'; readonly completeAt: string; readonly heldBy?: RowJson };

export function explanationJson({
  question,
  explanation,
  pattern,
  results,
  failure,
}: AnsweredQuestion): ExplanationJson {
  const show = rowWriter(explanation.fields);
  return {
    match: question.name,
    pattern,
    withinMs: explanation.withinMs,
    variables: explanation.variables,
    key: Object.fromEntries(question.key.map(({ column, value }) => [column, value])),
    between: question.between === null ? null : [timeText(question.between[0]), timeText(question.between[1])],
    rows: explanation.rows,
    attempts: explanation.attempts.map(({ first, ways, moreWays }) => ({
      first: show(first),
      ways: ways.map((way) => wayJson(way, show)),
      moreWays,
    })),
    notBegun: explanation.notBegun.map((row) => ({ ...show(row), wanted: row.wanted.map(wantedJson) })),
    late: explanation.late.map((row) => ({ ...show(row), watermark: timeText(row.watermark) })),
    leftOut: explanation.leftOut,
    results: results.map((line) => (JSON.parse(line) as { row: Record<string, unknown> }).row),
    failure,
  };
}

type ShowRow = (row: ShownRow) => RowJson;

export function rowWriter(fields: readonly Field[]): ShowRow {
  const writers = fields.map(({ name, type }) => [name, valueWriter(type)] as const);
  return ({ time, values }) => ({
    time: timeText(time),
    row: Object.fromEntries(writers.map(([name, write], i) => [name, write(values[i])])),
  });
}

function wayJson({ rows, end }: ExplainedWay, show: ShowRow): WayJson {
  return { ...endJson(end, show), rows: rows.map(({ variable, row }) => ({ variable, ...show(row) })) };
}

function endJson(end: WayEnd, show: ShowRow): EndJson {
  switch (end.kind) {
    case 'match':
      return {
        outcome: 'match',
        number: end.number,
        time: timeText(end.time),
        completeAt: timeText(end.completeAt),
        ...(end.heldBy === null ? {} : { heldBy: show(end.heldBy) }),
      };
    case 'ended':
      return { outcome: 'ended', by: show(end.row), wanted: end.wanted.map(wantedJson), strict: end.strict };
    case 'forbidden':
      return { outcome: 'forbidden', by: show(end.row), variables: end.variables };
    case 'expired':
      return { outcome: 'expired', time: timeText(end.time), waitedFor: end.waitedFor };
    case 'skipped':
      return { outcome: 'skipped', match: end.match, complete: end.complete };
    case 'open':
      return {
        outcome: 'open',
        waitsFor: end.waitsFor,
        ...(end.absenceUntil === null ? {} : { absenceUntil: timeText(end.absenceUntil) }),
      };
    case 'held-back':
      return {
        outcome: 'held-back',
        completeAt: timeText(end.completeAt),
        ...(end.heldBy === null ? {} : { heldBy: show(end.heldBy) }),
      };
  }
}

function wantedJson({ variable, failed, insteadOf }: Wanted): WantedJson {
  return { variable, failed: failed.map(failedJson), ...(insteadOf.length === 0 ? {} : { insteadOf }) };
}

function failedJson({ text, values, error }: FailedCondition): WantedJson['failed'][number] {
  return {
    condition: text,
    values: Object.fromEntries(values.map((each) => [each.text, valueWriter(each.type)(each.value)])),
    ...(error === null ? {} : { error }),
  };
}

function valueWriter(type: DataType): (value: unknown) => unknown {
  const write = writeJsonValue(type);
  return (value) => {
    const text = write(value ?? null);
    const read = JSON.parse(text) as unknown;
    return typeof read === 'number' && !Number.isSafeInteger(read) && /^-?\d+$/.test(text) ? text : read;
  };
}

/**
 * Writes a time as `2026-01-01 10:00:00`, with milliseconds if they are not zero. Writes the
 * smallest and largest time as words.
 */
export function timeText(ms: number): string {
  if (Math.abs(ms) >= END_OF_INPUT) return ms > 0 ? 'the end of the input' : 'the beginning';
  const text = new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  return text.endsWith('.000') ? text.slice(0, -4) : text;
}
