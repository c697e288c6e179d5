import type { Field } from '../core/data-type.ts';
import { typeName, withNullable } from '../core/data-type.ts';
import { explainAggregate, explainExpression } from './explain-expression.ts';
import type { MatchRows, PatternElement, PatternSequence, Quantifier } from './match-node.ts';
import { inputsOf, type Plan } from './plan.ts';
import type { PlanNode, WindowSpec, WindowTime } from './plan-node.ts';
import { stateBound } from './state-bound.ts';

/**
 * A plan as text: a tree from each sink down to its scans, what it keeps, then the JSON. A node
 * that several readers share is written out once and named afterwards.
 */
export function explainPlan(plan: Plan): string {
  const written = new Set<number>();
  const lines: string[] = [];
  const write = (id: number, depth: number): void => {
    const node = plan.nodes[id]!;
    const indent = '  '.repeat(depth);
    if (written.has(id)) {
      lines.push(`${indent}${node.name} (see above)`);
      return;
    }
    written.add(id);
    const inputs = inputsOf(node);
    lines.push(`${indent}${describe(node, inputs[0] === undefined ? [] : plan.nodes[inputs[0]]!.fields)}`);
    const state = stateBound(node);
    if (state !== null) lines.push(`${indent}  [state: ${state.text}]`);
    for (const input of inputs) write(input, depth + 1);
  };
  for (const node of plan.nodes) if (node.kind === 'sink') write(node.id, 0);
  const settings = Object.entries(plan.settings).map(([key, value]) => `${key} = ${value}`);
  return [
    `== Plan of ${plan.name} ==`,
    ...lines,
    ...(settings.length === 0 ? [] : ['', '== Settings ==', ...settings]),
    '',
    '== JSON ==',
    JSON.stringify(plan, null, 2),
  ].join('\n');
}

function describe(node: PlanNode, input: readonly Field[]): string {
  const name = (index: number): string => input[index]?.name ?? `$${index}`;
  const columns = (list: readonly number[]): string => list.map(name).join(', ');
  switch (node.kind) {
    case 'scan':
      return `Scan ${node.table} (${node.fields.map((field) => `${field.name} ${typeName(withNullable(field.type, true))}`).join(', ')})`;
    case 'project':
      return `Project (${node.expressions.map((expression, i) => named(explainExpression(expression, input), node.fields[i]!.name)).join(', ')})`;
    case 'filter':
      return `Filter ${explainExpression(node.condition, input)}`;
    case 'watermark':
      return `Watermark for ${name(node.column)} as ${explainExpression(node.expression, input)}`;
    case 'union':
      return 'UnionAll';
    case 'window-table':
      return `Windows ${windowText(node.window, node.time, input)}`;
    case 'group-aggregate':
      return `GroupAggregate by (${columns(node.keys)}) computing (${node.aggregates.map((call) => explainAggregate(call, input)).join(', ')})`;
    case 'window-aggregate': {
      const window = node.attached
        ? `windows of (${name(node.attached.start)}, ${name(node.attached.end)})`
        : windowText(node.window, node.time, input);
      return `WindowAggregate ${window} by (${columns(node.keys)}) computing (${node.aggregates.map((call) => explainAggregate(call, input)).join(', ')})`;
    }
    case 'match':
      return [
        `Match${node.semantics === 'standard' ? ' (SQL standard)' : ''} (${patternText(node.pattern)})`,
        node.partition.length === 0 ? '' : ` partitioned by (${columns(node.partition)})`,
        ` ordered by (${[name(node.time.column), ...node.order.map((item) => `${name(item.column)}${item.descending ? ' DESC' : ''}`)].join(', ')})`,
        node.within === null ? '' : ` within ${node.within.ms} ms`,
        `, ${rowsText(node.rows)}${skipText(node)}`,
        node.subsets.map(({ name, members }) => `, subset ${name} = (${members.join(', ')})`).join(''),
        `, define (${node.define.map((each) => `${each.variable}: ${explainExpression(each.condition, input)}`).join('; ')})`,
        `, measures (${node.measures.map((measure, i) => named(explainExpression(measure, input), measureName(node, i))).join(', ')})`,
      ].join('');
    case 'sink': {
      const key =
        node.primaryKey.length === 0 ? '' : `, key (${node.primaryKey.map((i) => node.fields[i]!.name).join(', ')})`;
      return `Sink ${node.table} (${node.options['connector'] ?? '?'}), ${node.changelog === 'insert' ? 'new rows only' : 'changes'}${key}`;
    }
  }
}

const named = (text: string, name: string): string => (text === name ? text : `${text} AS ${name}`);

function windowText(window: WindowSpec, time: WindowTime, input: readonly Field[]): string {
  const on = `on ${input[time.column]?.name ?? `$${time.column}`}${time.zone === null ? '' : ` in ${time.zone}`}`;
  const offset = 'offsetMs' in window && window.offsetMs !== 0 ? `, offset ${window.offsetMs} ms` : '';
  switch (window.kind) {
    case 'tumble':
      return `TUMBLE(size ${window.sizeMs} ms${offset}) ${on}`;
    case 'hop':
      return `HOP(slide ${window.slideMs} ms, size ${window.sizeMs} ms${offset}) ${on}`;
    case 'cumulate':
      return `CUMULATE(step ${window.stepMs} ms, size ${window.sizeMs} ms${offset}) ${on}`;
    case 'session':
      return `SESSION(gap ${window.gapMs} ms) ${on}`;
  }
}

/** The field that shows a measure. */
function measureName(node: Extract<PlanNode, { kind: 'match' }>, measure: number): string {
  const at = node.outputs.findIndex((output) => 'measure' in output && output.measure === measure);
  return node.fields[at]?.name ?? `$${measure}`;
}

const LINKS: Readonly<Record<PatternElement['link'], string>> = {
  next: '',
  'followed-by': 'FOLLOWED BY ',
  'followed-by-any': 'FOLLOWED BY ANY ',
  'not-next': 'NOT NEXT ',
  'not-followed-by': 'NOT FOLLOWED BY ',
};

/** A pattern as in PATTERN (…). */
export function patternText(sequence: PatternSequence): string {
  return sequence.elements
    .map((element, i) => {
      return `${i === 0 ? '' : LINKS[element.link]}${elementText(element)}${quantifierText(element.quantifier)}${loopText(element.quantifier)}`;
    })
    .join(' ');
}

function elementText(element: PatternElement): string {
  switch (element.kind) {
    case 'variable':
      return element.variable;
    case 'group':
      return `(${patternText(element.sequence)})`;
    case 'alternation':
      return `(${element.alternatives.map(patternText).join(' | ')})`;
    case 'permutation':
      return `PERMUTE(${element.members.map(patternText).join(', ')})`;
    case 'exclusion':
      return `{- ${patternText(element.sequence)} -}`;
    case 'anchor':
      return element.at === 'start' ? '^' : '$';
  }
}

function quantifierText(quantifier: Quantifier): string {
  const { min, max, optional, greedy } = quantifier;
  if (min === 1 && max === 1) return optional ? '?' : '';
  const low = optional ? 0 : min;
  if (low === 0 && max === 1) return greedy ? '?' : '??';
  const range =
    max === null ? (low === 0 ? '*' : low === 1 ? '+' : `{${low},}`) : low === max ? `{${low}}` : `{${low},${max}}`;
  return `${range}${greedy || low === max ? '' : '?'}`;
}

/** What stands between the rows of a loop, what ends it, and how far its rows may be apart. */
function loopText({ min, max, inner, until, gapMs }: Quantifier): string {
  if (min === 1 && max === 1) return '';
  return [
    inner === 'consecutive' ? '' : ` ${inner.toUpperCase()}`,
    until === undefined ? '' : ` UNTIL ${until}`,
    gapMs === undefined ? '' : ` WITHIN ${gapMs} ms`,
  ].join('');
}

function rowsText(rows: MatchRows): string {
  if (rows.kind === 'one') return rows.timeouts ? 'time-outs shown, ' : '';
  return `all rows${rows.empty === 'omit' ? '' : ', empty matches shown'}${rows.unmatched ? ', unmatched rows shown' : ''}, `;
}

function skipText(node: Extract<PlanNode, { kind: 'match' }>): string {
  const { skip } = node;
  switch (skip.kind) {
    case 'no-skip':
      return 'no skip';
    case 'to-next-row':
      return 'skip to next row';
    case 'past-last-row':
      return 'skip past last row';
    case 'to-first':
      return `skip to first ${skip.variable}`;
    case 'to-last':
      return `skip to last ${skip.variable}`;
  }
}
