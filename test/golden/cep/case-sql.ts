import type { MatchNode, PatternElement, PatternLink, PatternSequence, PatternVariable, Quantifier } from '../../../src/plan/match-node.ts';
import { patternVariables } from '../../../src/plan/walk-pattern.ts';
import { type RecordedCase, type RecordedVariable, sequenceOf, skipOf, withinOf } from './recorded-case.ts';

/**
 * Returns a case as SQL text, with the rows of its table. Returns the reason if its pattern cannot
 * be written in SQL.
 */
export type CaseSql =
  | { readonly kind: 'sql'; readonly text: string; readonly rows: readonly Record<string, unknown>[] }
  | { readonly kind: 'not in SQL'; readonly reason: string };

const LINKS: Readonly<Record<PatternLink, string>> = {
  next: '',
  'followed-by': 'FOLLOWED BY ',
  'followed-by-any': 'FOLLOWED BY ANY ',
  'not-next': 'NOT NEXT ',
  'not-followed-by': 'NOT FOLLOWED BY ',
};

/** This time is late enough that no event is at 1970-01-01, where Flink sets no timers. */
export const FIRST_MS = Date.UTC(2024, 5, 1, 9);

/**
 * Each condition is a column of 0 and 1 with its recorded result for the row. The time column
 * orders the events as they were fed.
 */
export function caseSql(recorded: RecordedCase): CaseSql {
  const pattern = sequenceOf(recorded.pattern);
  const reason = whyNot(recorded, pattern);
  if (reason !== null) return { kind: 'not in SQL', reason };
  const accepts = acceptsOf(recorded.pattern);
  const variables = patternVariables(pattern);
  const columns = [...accepts.keys()].map((_, i) => `c${i}`);
  const timed = recorded.events.some(({ ts }) => ts !== null);
  const rows = recorded.events.map((event) => ({
    id: String(event.i),
    ts: new Date(FIRST_MS + (timed ? event.ts! : event.i)).toISOString().replace('T', ' ').replace('Z', ''),
    ...Object.fromEntries([...accepts.values()].map((verdicts, i) => [columns[i], verdicts[event.i]])),
  }));
  const text = `CREATE TABLE events (id STRING, ts TIMESTAMP(3), ${columns.map((column) => `${column} INT`).join(', ')},
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/events.jsonl', 'format' = 'json');
SELECT * FROM events MATCH_RECOGNIZE (
  ORDER BY ts
  MEASURES ${variables.map((name) => `LISTAGG(\`${name}\`.id) AS \`m ${name}\``).join(', ')}
  AFTER MATCH ${skipText(skipOf(recorded.skip))}
  PATTERN (${sequenceText(pattern)})${withinText(withinOf(recorded.pattern))}
  DEFINE ${[...accepts.keys()].map((name, i) => `\`${name}\` AS ${columns[i]} = 1`).join(', ')}
);
`;
  return { kind: 'sql', text, rows };
}

/** What SQL cannot say. */
function whyNot(recorded: RecordedCase, pattern: PatternSequence): string | null {
  const all = (sequence: PatternSequence): PatternElement[] =>
    sequence.elements.flatMap((element) => [element, ...(element.kind === 'group' ? all(element.sequence) : [])]);
  const elements = all(pattern);
  if (pattern.elements.at(-1)!.quantifier.greedy) return 'a greedy last variable';
  if (elements.some(({ quantifier: { greedy, min, max } }) => greedy && min === max)) return 'times(n).greedy()';
  if (pattern.elements.every(({ quantifier }) => quantifier.optional)) return 'a pattern that may be empty';
  const first = pattern.elements[0]!;
  if (first.kind === 'variable' && first.link !== 'next') return 'a first variable with a link';
  const times = recorded.events.map(({ ts }) => ts);
  if (times.some((ts, i) => i > 0 && ts! < times[i - 1]!)) return 'events fed against the order of their times';
  return null;
}

function acceptsOf(pattern: readonly RecordedVariable[]): Map<string, readonly (0 | 1 | 'ctx')[]> {
  const accepts = new Map<string, readonly (0 | 1 | 'ctx')[]>();
  for (const recorded of pattern) {
    if (recorded.accepts) accepts.set(recorded.var, recorded.accepts);
    if (recorded.until) accepts.set(`until ${recorded.var}`, recorded.until);
    if (recorded.group) for (const [name, verdicts] of acceptsOf(recorded.group)) accepts.set(name, verdicts);
  }
  return accepts;
}

function sequenceText(sequence: PatternSequence): string {
  return sequence.elements
    .map((element, i) => {
      const item =
        element.kind === 'group' ? `(${sequenceText(element.sequence)})` : `\`${(element as PatternVariable).variable}\``;
      const { quantifier } = element;
      // No quantifier means "twice or more, or not at all", so a group is needed
      const text =
        quantifier.optional && quantifier.min > 1
          ? `(${item}${quantifierText({ ...quantifier, optional: false })})?`
          : `${item}${quantifierText(quantifier)}`;
      return `${i === 0 ? '' : LINKS[element.link]}${text}`;
    })
    .join(' ');
}

function quantifierText(quantifier: Quantifier): string {
  const { min, max, optional, greedy, inner, until, gapMs } = quantifier;
  if (max === 1) return optional ? '?' : '';
  const low = optional ? 0 : min;
  const bounds = max === null ? (low === 0 ? '*' : low === 1 ? '+' : `{${low},}`) : low === max ? `{${max}}` : `{${low},${max}}`;
  return [
    `${bounds}${greedy || low === max ? '' : '?'}`,
    inner === 'consecutive' ? 'CONSECUTIVE' : inner.toUpperCase(),
    ...(until === undefined ? [] : [`UNTIL \`${until}\``]),
    ...(gapMs === undefined ? [] : [`WITHIN ${interval(gapMs)}`]),
  ].join(' ');
}

const interval = (ms: number): string => `INTERVAL '${(ms / 1000).toFixed(3)}' SECOND`;

function withinText(within: MatchNode['within']): string {
  if (within === null) return '';
  return ` WITHIN ${interval(within.ms)}${within.type === 'previous-and-current' ? ' PER STEP' : ''}`;
}

function skipText(skip: MatchNode['skip']): string {
  switch (skip.kind) {
    case 'no-skip':
      return 'NO SKIP';
    case 'to-next-row':
      return 'SKIP TO NEXT ROW';
    case 'past-last-row':
      return 'SKIP PAST LAST ROW';
    case 'to-first':
    case 'to-last':
      return `SKIP TO ${skip.kind === 'to-first' ? 'FIRST' : 'LAST'} \`${skip.variable}\``;
  }
}
