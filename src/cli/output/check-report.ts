import { styleText } from 'node:util';
import { TextLines } from '../../core/diagnostic.ts';
import { stateBound } from '../../plan/state-bound.ts';
import type { CompiledFile } from '../compile-file.ts';

/** The report of `check` about a file without mistakes. */
export interface CheckReport {
  readonly file: string;
  readonly level: 'portable' | 'extended';
  readonly jobs: readonly string[];
  /** The semantics of the patterns; null without patterns. */
  readonly semantics: 'flink' | 'standard' | null;
  readonly extensions: readonly {
    readonly line: number;
    readonly column: number;
    readonly what: string;
    readonly portable?: string;
  }[];
  /** The state of each stateful operator, and its bound. */
  readonly state: readonly { readonly operator: string; readonly lasts: string; readonly bound: string }[];
}

export function checkReport({ file, text, result }: CompiledFile, level: CheckReport['level']): CheckReport {
  const plans = result.statements.flatMap((statement) => (statement.kind === 'job' ? [statement.plan] : []));
  const nodes = plans.flatMap((plan) => plan.nodes);
  const match = nodes.find((node) => node.kind === 'match');
  const lines = new TextLines(text);
  return {
    file,
    level,
    jobs: plans.map((plan) => plan.name),
    semantics: match?.kind === 'match' ? match.semantics : null,
    extensions: result.extensions.map(({ what, span, portable }) => ({
      ...lines.positionOf(span.start),
      what,
      ...(portable === undefined ? {} : { portable }),
    })),
    state: nodes.flatMap((node) => {
      const bound = stateBound(node);
      return bound === null ? [] : [{ operator: node.name, lasts: bound.lasts, bound: bound.text }];
    }),
  };
}

/** Returns the report as lines for people. */
export function checkText(report: CheckReport, color: boolean): string {
  const dim = (text: string): string => (color ? styleText('dim', text) : text);
  const jobs = `${report.jobs.length} job${report.jobs.length === 1 ? '' : 's'}`;
  const lines = [`${report.file}: ok, ${report.level}, ${[jobs, ...report.jobs].join(' ')}`];
  if (report.semantics !== null) lines.push(`  ${dim('patterns')}   match as ${SEMANTICS[report.semantics]}`);
  for (const { line, column, what, portable } of report.extensions) {
    const rewriting = portable === undefined ? '' : `; in Flink SQL: ${portable}`;
    lines.push(`  ${dim('extension')}  ${line}:${column} ${what}${rewriting}`);
  }
  for (const { operator, lasts, bound } of report.state) {
    const mark = lasts === 'windowed' || !color ? bound : styleText('yellow', bound);
    lines.push(`  ${dim('state')}      ${operator}: ${mark}`);
  }
  return `${lines.join('\n')}\n`;
}

const SEMANTICS = {
  flink: "Flink's automaton does",
  standard: 'the SQL standard says, in order of preference',
} as const;
