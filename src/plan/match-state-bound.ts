import { durationText } from '../core/quantity.ts';
import { type Growth, matchBound, type Retention } from './match-bound.ts';
import type { MatchOperation } from './match-node.ts';
import { physicalReach, readsMatchNumber } from './match-reach.ts';
import { standardBound } from './standard-bound.ts';
import type { StateBound } from './state-bound.ts';

/** Returns the state that a pattern keeps, and until when. */
export const matchStateBound = (node: MatchOperation): StateBound =>
  node.semantics === 'standard' ? preferenceBound(node) : flinkBound(node);

function flinkBound(node: MatchOperation): StateBound {
  const match = matchBound(node);
  const { growth, retention } = match;
  const per = node.partition.length === 0 ? 'in all' : 'for each key';
  const expressions = [...node.define.map(({ condition }) => condition), ...node.measures];
  const forEver = keptForEver(physicalReach(expressions).before, readsMatchNumber(expressions), false);
  const many =
    growth.kind === 'exponential'
      ? 'partial matches that multiply with each row'
      : `at most ${growthText(growth)} partial match${growth.kind === 'constant' && growth.most === 1 ? '' : 'es'}`;
  const parts = [
    `${many} ${per}${rowsText(growth, retention)}, each ${retentionText(retention)}`,
    'the rows they hold, once each',
    ...(node.skip.kind === 'no-skip' ? [] : ['complete ones while one that began earlier is open']),
    ...(forEver === '' ? [] : [`${forEver} ${per}, for ever`]),
    ...(node.time.time === 'rowtime' ? ['rows until the watermark passes them'] : []),
  ];
  const bounded = retention.kind === 'time' || retention.kind === 'rows';
  const lasts = !bounded ? 'unbounded' : retention.kind === 'rows' || forEver !== '' ? 'keyed' : 'windowed';
  return { lasts, text: parts.join('; '), match };
}

/** Returns the state of a key that has no open match. */
function keptForEver(before: number, countsMatches: boolean, readsStart: boolean): string {
  return [
    ...(before > 0 ? [before === 1 ? 'the last row (PREV)' : `the last ${before} rows (PREV)`] : []),
    ...(countsMatches ? ['a count of matches (MATCH_NUMBER)'] : []),
    ...(readsStart ? ['that it has begun (`^`)'] : []),
  ].join(', ');
}

function preferenceBound(node: MatchOperation): StateBound {
  const { rows, threads, before, countsMatches, readsStart, waitsForEnd } = standardBound(node);
  const per = node.partition.length === 0 ? '' : ' for each key';
  const most =
    threads === null
      ? 'threads that conditions can tell apart'
      : `at most ${threads} thread${threads === 1 ? '' : 's'}`;
  const ends = waitsForEnd
    ? 'until the next row or the end of the input decides `$`'
    : node.within !== null
      ? `for at most ${durationText(node.within.ms)}`
      : rows === null
        ? 'without an end in time (no WITHIN)'
        : 'until the next rows of its key decide it';
  const stays = keptForEver(before, countsMatches, readsStart);
  const mark = node.within === null || waitsForEnd ? 'a mark that the end of the input is awaited' : '';
  const forEver = [stays, mark].filter((text) => text !== '').join(', ');
  const parts = [
    `one attempt at a time${per} with ${most}, ${ends}`,
    `its rows${rows === null ? '' : ` (at most ${rows})`} and those after it that wait for it`,
    ...(forEver === '' ? [] : [`${forEver}${per}, for ever`]),
    ...(node.time.time === 'rowtime' ? ['rows until the watermark passes them'] : []),
  ];
  const bounded = !waitsForEnd && (node.within !== null || rows !== null);
  const lasts = !bounded ? 'unbounded' : node.within === null || forEver !== '' ? 'keyed' : 'windowed';
  return { lasts, text: parts.join('; ') };
}

/** Writes `n`, `n²` or a number, and `cⁿ` for exponential growth. */
export function growthText(growth: Growth): string {
  switch (growth.kind) {
    case 'constant':
      return String(growth.most);
    case 'polynomial':
      return growth.degree === 1 ? 'n' : `n${superscript(growth.degree)}`;
    case 'exponential':
      return 'cⁿ';
  }
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const superscript = (n: number): string => [...String(n)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');

function rowsText(growth: Growth, retention: Retention): string {
  if (growth.kind === 'constant') return '';
  switch (retention.kind) {
    case 'time':
      return ` (n: its rows within ${durationText(retention.ms)})`;
    case 'steps':
      return ` (n: its rows in a run without a gap of ${durationText(retention.ms)})`;
    case 'rows':
    case 'unbounded':
      return ' (n: its rows so far)';
  }
}

function retentionText(retention: Retention): string {
  switch (retention.kind) {
    case 'time':
      return `for at most ${durationText(retention.ms)}`;
    case 'steps':
      return `until ${durationText(retention.ms)} pass without a row, with no other end`;
    case 'rows':
      return 'until the next rows of its key decide it';
    case 'unbounded':
      return 'without an end in time (no WITHIN)';
  }
}
