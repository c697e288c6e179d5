import type { CstNode, IToken } from '../../../grammar/chevrotain.ts';
import type { IdentifierCstNode } from '../../../grammar/cst-types.ts';
import { limit, MAX_NODES } from '../../../grammar/limits.ts';
import { QuotedIdentifier } from '../../../grammar/tokens.ts';
import type { Diagnostic, SourceSpan } from '../../core/diagnostic.ts';
import type { ErrorCode } from '../../core/error-codes.ts';
import type { Name } from '../ast/expression.ts';
import { isReservedInFlink } from './flink-reserved-words.ts';

/** The context of the builders: the text, the diagnostics, and a count of nodes. */
export class BuildContext {
  readonly text: string;
  readonly diagnostics: Diagnostic[] = [];
  /** The level of the text. `portable` refuses some spellings that only this project accepts. */
  readonly portable: boolean;
  #nodes = 0;

  constructor(text: string, portable: boolean) {
    this.text = text;
    this.portable = portable;
  }

  error(code: ErrorCode, span: SourceSpan, message: string, hint?: string): void {
    this.diagnostics.push({ code, severity: 'error', message, span, ...(hint === undefined ? {} : { hint }) });
  }

  /** Refuses a spelling at the portable level. The other levels accept it. */
  notPortable(span: SourceSpan, message: string, hint?: string): void {
    if (this.portable) this.error('SQL_NOT_PORTABLE', span, message, hint);
  }

  /**
   * Returns the name of a new object. At the portable level the name must not be a word that Flink
   * reserves.
   */
  newName(node: IdentifierCstNode): Name {
    const name = nameOf(node);
    if (this.portable && !name.quoted && isReservedInFlink(name.text)) {
      this.error(
        'SQL_NOT_PORTABLE',
        name.span,
        `\`${name.text}\` is a reserved word in Flink`,
        'put it in back quotes, or choose another name',
      );
    }
    return name;
  }

  newNames(nodes: readonly IdentifierCstNode[]): Name[] {
    return nodes.map((node) => this.newName(node));
  }

  count(span: SourceSpan): void {
    this.#nodes++;
    if (this.#nodes === MAX_NODES + 1) {
      this.diagnostics.push(
        limit(
          span,
          `the statement has more than ${MAX_NODES} expressions`,
          'split it into several statements or views',
        ),
      );
    }
  }
}

export const spanOf = (node: CstNode): SourceSpan => ({
  start: node.location!.startOffset,
  end: node.location!.endOffset! + 1,
});

export const tokenSpan = (token: IToken): SourceSpan => ({ start: token.startOffset, end: token.endOffset! + 1 });

export const join = (from: SourceSpan, to: SourceSpan): SourceSpan => ({ start: from.start, end: to.end });

export function nameOfToken(token: IToken): Name {
  const quoted = token.tokenType === QuotedIdentifier;
  return {
    text: quoted ? token.image.slice(1, -1).replaceAll('``', '`') : token.image,
    quoted,
    span: tokenSpan(token),
  };
}

export const nameOf = (node: IdentifierCstNode): Name => nameOfToken(node.children.Identifier[0]!);

export const names = (nodes: readonly IdentifierCstNode[] | undefined): Name[] => (nodes ?? []).map(nameOf);

/** Returns the value of a string literal token. */
export const stringValue = (token: IToken): string => token.image.slice(1, -1).replaceAll("''", "'");

/** Sorts tokens of several lists by their position in the text. */
export const inOrder = (tokens: readonly IToken[]): IToken[] =>
  [...tokens].sort((a, b) => a.startOffset - b.startOffset);
