import type { SourceSpan } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import type { Expression } from '../../plan/expression.ts';
import type { Name } from '../ast/expression.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { RelationField } from '../lower/relation.ts';

/**
 * A table in FROM: its alias and its columns. `known` is false if the table has a mistake. Its
 * columns are not checked then.
 */
export interface ScopeTable {
  readonly alias: string | null;
  readonly known: boolean;
  /** Index of the first column in the input row. */
  readonly offset: number;
  readonly fields: readonly RelationField[];
}

/** The names that an expression can see. */
export class Scope {
  readonly tables: readonly ScopeTable[];

  constructor(tables: readonly ScopeTable[]) {
    this.tables = tables;
  }

  static of(alias: string | null, fields: readonly RelationField[] | null): Scope {
    return new Scope([{ alias, known: fields !== null, offset: 0, fields: fields ?? [] }]);
  }

  get hasUnknown(): boolean {
    return this.tables.some((table) => !table.known);
  }

  columnNames(): string[] {
    return this.tables.flatMap((table) => table.fields.map((field) => field.name));
  }

  /**
   * Resolves `a` or `t.a`, and returns the rest of a longer path (fields of a ROW). Returns null
   * after reporting a mistake. Returns null without a report if the mistake is in the table.
   */
  resolve(
    parts: readonly Name[],
    diagnostics: Diagnostics,
  ): { readonly expression: Expression; readonly used: number; readonly field: RelationField } | null {
    const [first, second] = parts;
    const plain = this.find(this.tables, first!.text);
    if (plain.length === 1) return { ...column(plain[0]!), used: 1 };
    if (plain.length > 1) {
      const tables = plain.map((hit) => `\`${hit.table.alias ?? '?'}\``).join(' and ');
      return diagnostics.error(
        'SQL_AMBIGUOUS_COLUMN',
        first!.span,
        `column \`${first!.text}\` is in ${tables}`,
        `write which one is meant, for example \`${plain[0]!.table.alias ?? 't'}.${first!.text}\``,
      );
    }
    if (second !== undefined) {
      const tables = this.tables.filter((table) => table.alias === first!.text);
      if (tables.some((table) => !table.known)) return null;
      const hits = this.find(tables, second.text);
      if (hits.length === 1) return { ...column(hits[0]!), used: 2 };
      if (tables.length > 0) {
        const names = tables.flatMap((table) => table.fields.map((field) => field.name));
        return diagnostics.error(
          'SQL_UNKNOWN_COLUMN',
          second.span,
          `no column \`${second.text}\` in \`${first!.text}\``,
          () => didYouMean(second.text, names),
        );
      }
      if (this.hasUnknown) return null;
      const aliases = this.tables.map((table) => table.alias).filter((alias) => alias !== null);
      return diagnostics.error('SQL_UNKNOWN_TABLE', first!.span, `no table or column \`${first!.text}\` here`, () =>
        didYouMean(first!.text, [...aliases, ...this.columnNames()]),
      );
    }
    if (this.hasUnknown) return null;
    return this.unknownColumn(first!.text, first!.span, diagnostics);
  }

  private unknownColumn(name: string, span: SourceSpan, diagnostics: Diagnostics): null {
    const names = this.columnNames();
    const only = this.tables.length === 1 ? this.tables[0]!.alias : null;
    const where = this.tables.length === 0 ? '' : only === null ? ' here' : ` in \`${only}\``;
    const text = this.tables.length === 0 ? `column \`${name}\` needs a FROM clause` : `no column \`${name}\`${where}`;
    const few = (): string | undefined =>
      names.length > 0 && names.length <= 12 ? `the columns are ${names.map((n) => `\`${n}\``).join(', ')}` : undefined;
    return diagnostics.error('SQL_UNKNOWN_COLUMN', span, text, () => didYouMean(name, names) ?? few());
  }

  private find(tables: readonly ScopeTable[], name: string): { table: ScopeTable; index: number }[] {
    const hits: { table: ScopeTable; index: number }[] = [];
    for (const table of tables) {
      for (const [i, field] of table.fields.entries()) if (field.name === name) hits.push({ table, index: i });
    }
    return hits;
  }
}

function column({ table, index }: { table: ScopeTable; index: number }): {
  expression: Expression;
  field: RelationField;
} {
  const field = table.fields[index]!;
  return { expression: { kind: 'column', index: table.offset + index, type: field.type }, field };
}
