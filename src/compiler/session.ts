import type { SourceSpan } from '../core/diagnostic.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { invariant } from '../core/invariant.ts';
import type { FunctionEnvironment } from '../functions/scalar-function.ts';
import type { Name } from './ast/expression.ts';
import type { Query } from './ast/query.ts';
import type { Catalog, CatalogTable, CatalogView, ConnectorCatalog } from './catalog.ts';
import type { Extension } from './compile-result.ts';
import { Diagnostics } from './diagnostics.ts';

/** A view of this text. Its query is kept as a tree, so that it is not parsed again. */
export interface SessionView extends CatalogView {
  readonly ast: Query;
}

/** The state of a compilation: catalogue, settings, diagnostics. */
export class Session {
  readonly diagnostics = new Diagnostics();
  readonly extensions: Extension[] = [];
  readonly tables = new Map<string, CatalogTable>();
  readonly views = new Map<string, CatalogView | SessionView>();
  /** The spans of the options of each table in this text. */
  readonly optionSpans = new Map<CatalogTable, ReadonlyMap<string, SourceSpan>>();
  /** Secrets in this text. */
  readonly secrets: SourceSpan[] = [];
  /** Tables and views whose definition has a mistake. Their readers do not report it again. */
  readonly broken = new Set<string>();
  readonly settings: Map<string, string>;
  readonly connectors: ConnectorCatalog;
  readonly fixed: ReadonlySet<string>;

  constructor(
    catalog: Catalog,
    connectors: ConnectorCatalog,
    settings: Readonly<Record<string, string>>,
    fixed: ReadonlySet<string>,
  ) {
    for (const [name, table] of catalog.tables) this.tables.set(name, table);
    for (const [name, view] of catalog.views) this.views.set(name, view);
    this.connectors = connectors;
    this.settings = new Map(Object.entries(settings));
    this.fixed = fixed;
  }

  /**
   * Records an extension to Flink SQL. At the portable level an extension is a mistake. `portable`:
   * the equivalent in Flink SQL, if there is one.
   */
  readonly extension = (span: SourceSpan, what: string, portable?: string): void => {
    if (this.portable) this.diagnostics.error('SQL_NOT_PORTABLE', span, `Flink SQL has no ${what}`, portable);
    else this.extensions.push({ what, span, ...(portable === undefined ? {} : { portable }) });
  };

  get portable(): boolean {
    return this.settings.get('sequitur.sql.level') === 'portable';
  }

  get zone(): string {
    return this.settings.get('table.local-time-zone') ?? 'UTC';
  }

  get environment(): FunctionEnvironment {
    const forbidden = (): never => {
      invariant(false, 'the compiler evaluates only deterministic functions');
    };
    return { zone: this.zone, now: forbidden, random: forbidden };
  }

  /** Returns the last part of `catalog.database.table`. Returns null after reporting a mistake. */
  plainName(parts: readonly Name[]): Name | null {
    const prefix = parts.slice(0, -1).map((part) => part.text);
    const expected = ['default_catalog', 'default_database'].slice(2 - prefix.length);
    if (prefix.length <= 2 && prefix.every((part, i) => part === expected[i])) return parts.at(-1)!;
    const span = { start: parts[0]!.span.start, end: parts.at(-1)!.span.end };
    return this.diagnostics.error(
      'SQL_UNKNOWN_TABLE',
      span,
      `no database \`${prefix.join('.')}\``,
      'there is one name space; write the table without a prefix',
    );
  }

  /** Reports a name that is neither a table nor a view. */
  unknownTable(name: Name, also: Iterable<string> = []): null {
    if (this.broken.has(name.text)) return null;
    return this.diagnostics.error('SQL_UNKNOWN_TABLE', name.span, `no table or view \`${name.text}\``, () => {
      const known = [...also, ...this.tables.keys(), ...this.views.keys()];
      return didYouMean(name.text, known) ?? (known.length === 0 ? 'define it with CREATE TABLE' : undefined);
    });
  }
}
