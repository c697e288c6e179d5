import type { Expression } from '../../../plan/expression.ts';
import type { Name } from '../../ast/expression.ts';
import type { Session } from '../../session.ts';
import { withoutAttribute } from '../../typecheck/convert.ts';
import type { RelationField } from '../relation.ts';

/** The scope of all expressions of one MATCH_RECOGNIZE. */
export interface MatchScope {
  readonly session: Session;
  readonly fields: readonly RelationField[];
  /** False: the input has a mistake. */
  readonly known: boolean;
  /** True: the semantics of the SQL standard. False: Flink's semantics. */
  readonly standard: boolean;
  readonly allRows: boolean;
  /** Variables of PATTERN and DEFINE, and subsets. */
  readonly variables: ReadonlySet<string>;
  /** Names of the input table. */
  readonly inputAlias: string | null;
  readonly time: 'rowtime' | 'proctime' | null;
  /** The input's time column, for the type of MATCH_ROWTIME. */
  readonly timeColumn: number | null;
}

/** The place of an expression: MEASURES, or DEFINE of one variable. */
export type MatchPlace = { readonly kind: 'measures' } | { readonly kind: 'define'; readonly variable: string };

export const isVariable = (name: Name, match: MatchScope): boolean => match.variables.has(name.text);

export const nullable = (row: Expression): Expression['type'] => ({ ...withoutAttribute(row.type), nullable: true });

export const variablesHint = (match: MatchScope): string =>
  `the variables are ${[...match.variables].map((name) => `\`${name}\``).join(', ')}`;
