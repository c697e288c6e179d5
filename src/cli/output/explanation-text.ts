import { styleText } from 'node:util';
import { durationText } from '../../core/quantity.ts';
import type {
  AttemptJson,
  EndJson,
  ExplanationJson,
  RowJson,
  WantedJson,
  WayJson,
} from '../../service/match-explanation/explanation-json.ts';

/**
 * Limits on the shown ways of one attempt and on the shown rows without an attempt. The text gives
 * the number of the others. The JSON contains all.
 */
const WAYS_SHOWN = 3;
const ROWS_SHOWN = 5;

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';
type Paint = (style: Style, text: string) => string;

/** Returns an answer to EXPLAIN MATCH as text. */
export function explanationText(explanation: ExplanationJson, color: boolean): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  return [...head(explanation, paint), '', ...body(explanation, paint)].map((line) => `${line}\n`).join('');
}

function head(
  { match, pattern, withinMs, variables, key, between, rows, late }: ExplanationJson,
  paint: Paint,
): string[] {
  const keyText = Object.entries(key).map(
    ([column, value]) => `${column} = ${value === 'NULL' ? "'NULL'" : (value ?? 'NULL')}`,
  );
  const title = [match, ...(keyText.length === 0 ? [] : [`for ${keyText.join(', ')}`])].join(' ');
  const width = Math.max(...variables.map(({ name }) => name.length));
  return [
    paint('bold', title) + (between === null ? '' : `, attempts from ${between[0]} to ${between[1]}`),
    `  PATTERN (${pattern})${withinMs === null ? '' : ` WITHIN ${durationText(withinMs)}`}`,
    ...variables.map(({ name, condition }) => {
      const text = condition === 'true' ? paint('dim', 'every row') : condition;
      return `    ${paint('cyan', name.padEnd(width))}  ${text}`;
    }),
    `  ${count(rows, 'row')} in time${late.length === 0 ? '' : `, ${paint('yellow', `${late.length} late`)}`}`,
  ];
}

function body(explanation: ExplanationJson, paint: Paint): string[] {
  const { attempts, notBegun, late, leftOut, failure, rows } = explanation;
  const lines = attempts.flatMap((attempt) => [...attemptLines(attempt, paint), '']);
  if (rows === 0 && late.length === 0) lines.push('There is no row with this key.', '');
  if (notBegun.length > 0) {
    lines.push(paint('bold', `${count(notBegun.length + leftOut.notBegun, 'row')} began no attempt`));
    for (const row of notBegun.slice(0, ROWS_SHOWN)) {
      lines.push(`  ${rowText(row)}`, ...row.wanted.flatMap((wanted) => wantedLines(wanted, '    ', paint)));
    }
    if (notBegun.length > ROWS_SHOWN) lines.push(paint('dim', `  and ${notBegun.length - ROWS_SHOWN} more`));
    lines.push('');
  }
  if (late.length > 0) {
    lines.push(paint('yellow', `${count(late.length + leftOut.late, 'row')} came too late and took no part`));
    for (const row of late.slice(0, ROWS_SHOWN)) {
      lines.push(`  ${rowText(row)}, the watermark was at ${row.watermark}`);
    }
    if (late.length > ROWS_SHOWN) lines.push(paint('dim', `  and ${late.length - ROWS_SHOWN} more`));
    lines.push('');
  }
  if (leftOut.attempts > 0) lines.push(paint('dim', `${leftOut.attempts} further attempts are not shown`), '');
  if (failure !== null) lines.push(paint('red', `The job fails here: ${failure}`), '');
  const matches = attempts.flatMap(({ ways }) => ways.filter(({ outcome }) => outcome === 'match')).length;
  lines.push(`${count(matches, 'match', 'matches')} from ${count(attempts.length + leftOut.attempts, 'attempt')}`);
  return lines;
}

function attemptLines({ first, ways, moreWays }: AttemptJson, paint: Paint): string[] {
  const matched = ways.some(({ outcome }) => outcome === 'match');
  const waits = ways.some(({ outcome }) => outcome === 'open' || outcome === 'held-back');
  const sign = matched ? paint('green', '✔') : waits ? paint('yellow', '…') : paint('red', '✘');
  const shown = ways.slice(0, Math.max(WAYS_SHOWN, ways.findLastIndex(({ outcome }) => outcome === 'match') + 1));
  const hidden = ways.length - shown.length + moreWays;
  return [
    `${sign} ${paint('bold', `attempt from ${first.time}`)}`,
    ...shown.flatMap((way) => wayLines(way, paint)),
    ...(hidden === 0 ? [] : [paint('dim', `  and ${count(hidden, 'other way')}, none further`)]),
  ];
}

function wayLines(way: WayJson, paint: Paint): string[] {
  const width = Math.max(...way.rows.map(({ variable }) => variable.length));
  return [
    ...way.rows.map((row) => `    ${paint('cyan', row.variable.padEnd(width))}  ${rowText(row)}`),
    ...endLines(way, way.rows.length === 0, paint),
  ];
}

/** `empty`: the way has no rows. This is true only for an empty match. */
function endLines(end: EndJson, empty: boolean, paint: Paint): string[] {
  switch (end.outcome) {
    case 'match': {
      const held =
        end.completeAt === end.time
          ? ''
          : `, complete at ${end.completeAt}${end.heldBy === undefined ? '' : ` but held back by the attempt from ${end.heldBy.time}`}`;
      return [paint('green', `  → ${empty ? 'empty match' : 'match'} ${end.number} at ${end.time}`) + held];
    }
    case 'ended':
      return [
        `${paint('red', '  → ended by')} ${rowText(end.by)}`,
        ...end.wanted.flatMap((wanted) => wantedLines(wanted, '      ', paint)),
        ...(end.strict ? [paint('dim', '      and no other row may come between')] : []),
      ];
    case 'forbidden':
      return [
        `${paint('red', '  → ended by')} ${rowText(end.by)}`,
        `      it is ${end.variables.join(', ')}, which must not come`,
      ];
    case 'expired':
      return [`${paint('red', `  → ran out at ${end.time}`)}${waiting(' waiting for', end.waitedFor)}`];
    case 'skipped':
      return [
        `${paint('yellow', '  → skipped')} by AFTER MATCH of match ${end.match}${end.complete ? '; it was complete and held back' : ''}`,
      ];
    case 'open':
      return [
        end.absenceUntil === undefined
          ? `${paint('yellow', '  → still open')}${waiting(', waiting for', end.waitsFor)}`
          : `${paint('yellow', '  → still open')}, a match at ${end.absenceUntil} if nothing forbidden comes before`,
      ];
    case 'held-back':
      return [
        `${paint('yellow', '  → complete')} at ${end.completeAt}, but ${end.heldBy === undefined ? 'it has not come out' : `held back by the attempt from ${end.heldBy.time}`}`,
      ];
  }
}

const waiting = (words: string, variables: readonly string[]): string =>
  variables.length === 0 ? '' : `${words} ${variables.join(' or ')}`;

function wantedLines({ variable, failed, insteadOf }: WantedJson, indent: string, paint: Paint): string[] {
  if (failed.length === 0) {
    const also =
      insteadOf === undefined
        ? 'the pattern cannot take it here'
        : `it is also ${insteadOf.join(', ')}, which takes precedence`;
    return [`${indent}could be ${paint('cyan', variable)}, but ${also}`];
  }
  return failed.map(({ condition, values, error }) => {
    const read = Object.entries(values).map(([text, value]) => `${text} = ${valueText(value)}`);
    const why = error === undefined ? read.join(', ') : `cannot be computed: ${error}`;
    return `${indent}no ${paint('cyan', variable)}: ${condition}${why === '' ? '' : paint('dim', `  (${why})`)}`;
  });
}

function rowText({ time, row }: RowJson): string {
  const cells = Object.entries(row).filter(([, value]) => value !== time);
  return `${time}${cells.length === 0 ? '' : '  '}${cells.map(([name, value]) => `${name} = ${valueText(value)}`).join(', ')}`;
}

/** Returns the text of a value. Control characters of data must not reach a terminal. */
function valueText(value: unknown): string {
  return JSON.stringify(value)
    .replace(/^"(.*)"$/s, "'$1'")
    .replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
