import { didYouMean } from '../../core/did-you-mean.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { matchesIn } from '../../plan/match-question.ts';
import { patternText } from '../../plan/pattern-text.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Name } from '../ast/expression.ts';
import type { Query } from '../ast/query.ts';
import { parseViewQuery } from '../parse-view.ts';
import type { Session } from '../session.ts';

/** A pattern and the plan that has it. */
export interface FoundPattern {
  readonly plan: Plan;
  readonly match: MatchNode;
}

/** The places where EXPLAIN MATCH looks for a pattern. */
export interface PatternPlaces {
  /** The earlier jobs of the text. */
  readonly jobs: readonly Plan[];
  /** Compiles the query over a view. */
  selectAll(query: Query): Plan | null;
  readonly session: Session;
}

/**
 * Finds the pattern of a name. The name is that of a view, a filled table or a job with one
 * pattern, or that of the pattern itself. Returns null after reporting a mistake.
 */
export function findPattern(name: Name, places: PatternPlaces): FoundPattern | null {
  const { session } = places;
  if (session.broken.has(name.text)) return null;
  const plan = planOf(name, places);
  if (plan === 'failed') return null;
  if (plan !== null) return onlyPattern(plan, name, session);
  return patternWithName(name, places);
}

/** Returns the plan of a view, of the job that writes a table, or of the job with that name. */
function planOf(name: Name, { jobs, selectAll, session }: PatternPlaces): Plan | 'failed' | null {
  if (session.views.has(name.text)) {
    const text = `SELECT * FROM \`${name.text.replaceAll('`', '``')}\``;
    const query = parseViewQuery({ name: name.text, query: text, columns: null }, name, session);
    return (query === null ? null : selectAll(query)) ?? 'failed';
  }
  const filling = jobs.find((plan) => plan.nodes.some((node) => node.kind === 'sink' && node.table === name.text));
  return filling ?? jobs.find((job) => job.name === name.text) ?? null;
}

/** Returns the plan's pattern. If there are several, returns the one whose scope is the name. */
function onlyPattern(plan: Plan, name: Name, session: Session): FoundPattern | null {
  const all = matchesIn(plan);
  const named = all.filter((node) => node.name === `${name.text}.match` || node.name.startsWith(`${name.text}.match-`));
  if (named.length === 1) return { plan, match: named[0]! };
  if (all.length === 1) return { plan, match: all[0]! };
  return session.diagnostics.error(
    'SQL_INVALID_STATEMENT',
    name.span,
    all.length === 0
      ? `there is no MATCH_RECOGNIZE in \`${name.text}\``
      : `\`${name.text}\` has ${all.length} patterns: ${all.map(described).join(', ')}`,
    all.length === 0 ? undefined : `write the name of one, for example EXPLAIN MATCH '${all[0]!.name}'`,
  );
}

const described = (match: MatchNode): string => `${match.name} (${patternText(match.pattern)})`;

/**
 * Finds a pattern by its name, or by its job and its name: `job/pattern`. The pattern of a view is
 * the same in all jobs that read the view.
 */
function patternWithName(name: Name, places: PatternPlaces): FoundPattern | null {
  const { jobs, session } = places;
  const named = (plan: Plan): FoundPattern[] =>
    matchesIn(plan)
      .filter((match) => match.name === name.text || `${plan.name}/${match.name}` === name.text)
      .map((match) => ({ plan, match }));
  const [inView] = viewsAround(name, places).flatMap(named);
  if (inView !== undefined) return inView;
  const found = jobs.flatMap(named);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const names = found.map(({ plan, match }) => `${plan.name}/${match.name}`);
    return session.diagnostics.error(
      'SQL_INVALID_STATEMENT',
      name.span,
      `${found.length} jobs have a pattern \`${name.text}\``,
      `write the job before it: '${names.join("' or '")}'`,
    );
  }
  const known = [...session.views.keys(), ...jobs.flatMap((job) => [job.name, ...sinksOf(job), ...patternsOf(job)])];
  return session.diagnostics.error(
    'SQL_UNKNOWN_TABLE',
    name.span,
    session.tables.has(name.text)
      ? `no INSERT INTO \`${name.text}\` stands before`
      : `no view, filled table, job or pattern \`${name.text}\``,
    didYouMean(name.text, known) ?? 'name the view with the pattern, or the table that its matches are inserted into',
  );
}

/** Returns the plans of the views whose name is the first part of this name. */
function viewsAround(name: Name, { selectAll, session }: PatternPlaces): Plan[] {
  const views = [...session.views.keys()].filter((view) => name.text.startsWith(`${view}.`));
  return views.flatMap((view) => {
    const text = `SELECT * FROM \`${view.replaceAll('`', '``')}\``;
    const query = parseViewQuery({ name: view, query: text, columns: null }, name, session);
    return (query === null ? null : selectAll(query)) ?? [];
  });
}

const patternsOf = (plan: Plan): string[] => matchesIn(plan).map(({ name }) => name);
const sinksOf = (plan: Plan): string[] => plan.nodes.flatMap((node) => (node.kind === 'sink' ? [node.table] : []));
