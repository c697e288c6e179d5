import type { StatementCstNode } from '../../grammar/cst-types.ts';
import { checkNesting, checkTextSize } from '../../grammar/limits.ts';
import { parseStatement } from '../../grammar/parser.ts';
import { scan } from '../../grammar/scanner.ts';
import { type StatementTokens, splitStatements } from '../../grammar/split-statements.ts';
import { QuotedIdentifier, Unreadable } from '../../grammar/tokens.ts';
import { STRING } from '../core/data-type.ts';
import type { SourceSpan } from '../core/diagnostic.ts';
import { explainPlan } from '../plan/explain.ts';
import type { Plan } from '../plan/plan.ts';
import { redactPlan } from '../plan/redact-secrets.ts';
import { assemblePlan } from './assemble-plan.ts';
import type { Query } from './ast/query.ts';
import type { ExplainMatch, Insert, QueryStatement, Statement } from './ast/statement.ts';
import { BuildContext } from './build-ast/build-context.ts';
import { buildStatement } from './build-ast/build-statement.ts';
import type { CompiledStatement, CompileOptions, CompileResult, Extension } from './compile-result.ts';
import { newJob } from './lower/job-context.ts';
import { lowerCollect, lowerInsert } from './lower/lower-sink.ts';
import type { Relation } from './lower/relation.ts';
import { refuseStatement } from './refuse-statement.ts';
import { Session } from './session.ts';
import { applySetting } from './settings.ts';
import { createTable } from './statements/create-table.ts';
import { createView, drop } from './statements/create-view.ts';
import { explainMatch } from './statements/explain-match.ts';
import { describe, show } from './statements/show.ts';

/**
 * Compiles a text and reports all its mistakes at once. If one is an error, nothing may run, and
 * `statements` has only the statements that could be compiled.
 */
export function compile(text: string, options: CompileOptions): CompileResult {
  const session = new Session(
    options.catalog,
    options.connectors,
    options.settings,
    options.fixedSettings ?? new Set(),
  );
  const statements: CompiledStatement[] = [];
  const tooLarge = checkTextSize(text);
  if (tooLarge !== null) session.diagnostics.addAll([tooLarge]);
  else new Compilation(text, options.fileName, session, statements).run();
  return {
    diagnostics: session.diagnostics.list(),
    statements,
    catalog: {
      tables: new Map(session.tables),
      views: new Map(
        [...session.views].map(([name, view]) => [name, { name: view.name, query: view.query, columns: view.columns }]),
      ),
    },
    settings: Object.fromEntries(session.settings),
    secrets: session.secrets,
    extensions: distinct(session.extensions).sort((a, b) => a.span.start - b.span.start),
  };
}

/** Removes equal extensions. A view that is used twice reports its extensions once. */
function distinct(extensions: readonly Extension[]): Extension[] {
  const byKey = new Map<string, Extension>();
  for (const each of extensions) {
    const key = `${each.span.start} ${each.what}`;
    if (!byKey.has(key)) byKey.set(key, each);
  }
  return [...byKey.values()];
}

/** The compilation of one text. */
class Compilation {
  readonly #text: string;
  readonly #fileName: string;
  readonly #session: Session;
  readonly #statements: CompiledStatement[];
  readonly #initialSettings: ReadonlyMap<string, string>;
  readonly #jobNames = new Map<string, number>();

  constructor(text: string, fileName: string, session: Session, statements: CompiledStatement[]) {
    this.#text = text;
    this.#fileName = fileName;
    this.#session = session;
    this.#statements = statements;
    this.#initialSettings = new Map(session.settings);
  }

  run(): void {
    const { diagnostics } = this.#session;
    const scanned = scan(this.#text);
    diagnostics.addAll(scanned.diagnostics);
    const split = splitStatements(scanned.tokens, this.#text.length);
    diagnostics.addAll(split.diagnostics);
    for (const unit of split.units) {
      if (unit.kind === 'single') {
        const statement = this.#parse(unit.statement);
        if (statement !== null) this.#guarded(statement.span, () => this.#compile(statement));
      } else this.#guarded(unit.span, () => this.#statementSet(unit.statements, unit.explain, unit.span));
    }
  }

  /**
   * Compiles a statement. Reports a mistake if the statement exhausts the stack although it exceeds
   * no limit.
   */
  #guarded(span: SourceSpan, compileStatement: () => void): void {
    try {
      compileStatement();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#session.diagnostics.error(
        'SQL_LIMIT',
        span,
        'the statement is nested too deeply',
        'split it, for example with views',
      );
    }
  }

  /**
   * Parses tokens. Returns null after reporting a mistake. Remembers the name of a broken CREATE,
   * so that readers of this table or view report no further mistakes.
   */
  #parse(statement: StatementTokens): Statement | null {
    const { diagnostics } = this.#session;
    const { tokens, span } = statement;
    if (tokens.some((token) => token.tokenType === Unreadable)) {
      this.#rememberBroken(statement);
      return null;
    }
    const refused = refuseStatement(tokens);
    const nesting = refused ?? checkNesting(tokens);
    if (nesting !== null) {
      diagnostics.addAll([nesting]);
      this.#rememberBroken(statement);
      return null;
    }
    const parsed = parseStatement(tokens, span.end);
    diagnostics.addAll(parsed.diagnostics);
    if (parsed.cst === null) {
      this.#rememberBroken(statement);
      return null;
    }
    const context = new BuildContext(this.#text, this.#session.portable);
    const built = buildStatement(parsed.cst as StatementCstNode, context);
    diagnostics.addAll(context.diagnostics);
    const tooMany = context.diagnostics.some((diagnostic) => diagnostic.code === 'SQL_LIMIT');
    return tooMany ? null : built;
  }

  #rememberBroken({ tokens }: StatementTokens): void {
    if (tokens[0]?.image.toUpperCase() !== 'CREATE') return;
    const at = tokens.findIndex((token, i) => i > 0 && i < 4 && /^(TABLE|VIEW)$/i.test(token.image));
    if (at < 0) return;
    const skip = tokens[at + 1]?.image.toUpperCase() === 'IF' ? 4 : 1;
    const token = tokens[at + skip];
    if (token === undefined) return;
    this.#session.broken.add(
      token.tokenType === QuotedIdentifier ? token.image.slice(1, -1).replaceAll('``', '`') : token.image,
    );
  }

  #compile(statement: Statement): void {
    const { span } = statement;
    switch (statement.kind) {
      case 'create-table': {
        const name = createTable(statement, this.#session);
        if (name !== null) this.#statements.push({ kind: 'definition', action: 'create', object: 'table', name, span });
        return;
      }
      case 'create-view': {
        const name = createView(statement, this.#session);
        if (name !== null) this.#statements.push({ kind: 'definition', action: 'create', object: 'view', name, span });
        return;
      }
      case 'drop': {
        const name = drop(statement, this.#session);
        if (name !== null)
          this.#statements.push({ kind: 'definition', action: 'drop', object: statement.object, name, span });
        return;
      }
      case 'insert':
      case 'query':
        this.#job([statement], statement.kind === 'insert' ? 'insert' : 'select', span);
        return;
      case 'explain':
        this.#explain([statement.statement], span);
        return;
      case 'explain-match':
        this.#explainMatch(statement);
        return;
      case 'describe':
      case 'show': {
        if (statement.kind === 'show' && statement.what === 'jobs') {
          this.#statements.push({ kind: 'service', action: 'show-jobs', job: null, span });
          return;
        }
        const rows = statement.kind === 'show' ? show(statement, this.#session) : describe(statement, this.#session);
        if (rows !== null) this.#statements.push({ kind: 'rows', ...rows, span });
        return;
      }
      case 'set':
        this.#set(statement);
        return;
      case 'stop-job':
        {
          const { job, savepoint, drain } = statement;
          this.#statements.push({ kind: 'service', action: 'stop-job', job, savepoint, drain, span });
        }
        return;
    }
  }

  #statementSet(list: readonly StatementTokens[], explain: boolean, span: SourceSpan): void {
    const { diagnostics } = this.#session;
    const inserts: Insert[] = [];
    for (const tokens of list) {
      const statement = this.#parse(tokens);
      if (statement === null) continue;
      if (statement.kind === 'insert') inserts.push(statement);
      else diagnostics.error('SQL_INVALID_STATEMENT', statement.span, 'a statement set holds only INSERT statements');
    }
    if (list.length === 0)
      diagnostics.error(
        'SQL_INVALID_STATEMENT',
        span,
        'the statement set is empty',
        'put INSERT statements between BEGIN and END',
      );
    if (explain) this.#explain(inserts, span);
    else if (inserts.length > 0) this.#job(inserts, 'statement-set', span);
  }

  /** Compiles a job. Reports the mistakes of a job and then leaves the job out. */
  #job(
    parts: readonly (Insert | QueryStatement)[],
    origin: 'insert' | 'statement-set' | 'select',
    span: SourceSpan,
  ): void {
    const plan = this.#plan(parts, true);
    if (plan !== null) this.#statements.push({ kind: 'job', origin, plan, span });
  }

  /** `counted`: the plan is a job. No other job gets its name. */
  #plan(parts: readonly (Insert | QueryStatement)[], counted: boolean): Plan | null {
    const job = newJob(this.#session);
    const before = this.#session.diagnostics.errors;
    const sinks = parts.map((part) => (part.kind === 'insert' ? lowerInsert(part, job) : lowerCollect(part, job)));
    if (sinks.includes(null) || sinks.length === 0 || this.#session.diagnostics.errors > before) return null;
    const relations = sinks as (readonly Relation[])[];
    // The name of the job does not contain the tables for late rows.
    const named = relations.map(([rows]) => rows!);
    return assemblePlan(this.#jobName(named, counted), relations.flat(), this.#session);
  }

  /**
   * Returns the name of a job: `pipeline.name`, or the file and the sink. A second job of the same
   * name gets a number.
   */
  #jobName(sinks: readonly Relation[], counted: boolean): string {
    const names = [...new Set(sinks.map((sink) => sink.scope))];
    const base = this.#session.settings.get('pipeline.name') ?? `${this.#fileName}.${names.join('+')}`;
    const count = (this.#jobNames.get(base) ?? 0) + 1;
    if (counted) this.#jobNames.set(base, count);
    return count === 1 ? base : `${base}-${count}`;
  }

  #explain(parts: readonly (Insert | QueryStatement)[], span: SourceSpan): void {
    const plan = this.#plan(parts, false);
    if (plan === null) return;
    const fields = [{ name: 'result', type: STRING }];
    this.#statements.push({
      kind: 'rows',
      fields,
      rows: [[explainPlan(redactPlan(plan, (options) => this.#session.connectors.secrets(options)))]],
      span,
    });
  }

  #explainMatch(statement: ExplainMatch): void {
    const session = this.#session;
    const jobs = this.#statements.flatMap((each) => (each.kind === 'job' ? [each.plan] : []));
    const selectAll = (query: Query): Plan | null =>
      this.#plan([{ kind: 'query', query, span: statement.span }], false);
    const question = explainMatch(statement, { jobs, selectAll, session });
    if (question !== null) this.#statements.push({ kind: 'explain-match', ...question, span: statement.span });
  }

  #set(statement: Extract<Statement, { kind: 'set' }>): void {
    const session = this.#session;
    const { key, value, span } = statement;
    if (statement.reset) {
      const keys = key === null ? [...session.settings.keys()] : [key];
      for (const each of keys.filter((candidate) => !session.fixed.has(candidate))) {
        const initial = this.#initialSettings.get(each);
        if (initial === undefined) session.settings.delete(each);
        else session.settings.set(each, initial);
      }
      this.#statements.push({ kind: 'set', key, value: null, span });
    } else if (key === null) {
      const rows = [...session.settings].sort(([a], [b]) => (a < b ? -1 : 1));
      const fields = [
        { name: 'key', type: STRING },
        { name: 'value', type: STRING },
      ];
      this.#statements.push({ kind: 'rows', fields, rows, span });
    } else {
      applySetting(key, value!, statement.keySpan, statement.valueSpan, session);
      this.#statements.push({ kind: 'set', key, value, span });
    }
  }
}
