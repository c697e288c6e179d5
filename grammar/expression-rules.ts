import type { CstNode, ParserMethod } from 'chevrotain';
import { FunctionRules } from './function-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

type Rule = ParserMethod<[], CstNode>;

/**
 * Scalar expressions. The grammar has few levels: chains of operators are flat lists, and the
 * builder of the tree applies the precedence. This keeps the parser's stack small for deeply nested
 * texts.
 *
 *   expression      logicTerm ((AND | OR) logicTerm)*
 *   logicTerm       NOT* operand predicate*
 *   operand         factor ((+ | - | * | / | % | ||) factor)*
 *   factor          (+ | -)* primary ([index] | .field)*
 */
export abstract class ExpressionRules extends FunctionRules {
  protected abstract query: Rule;

  override expression = this.RULE('expression', () => {
    this.SUBRULE(this.logicTerm);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(kw('AND'), { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(kw('OR'), { LABEL: 'operator' }) },
      ]);
      this.SUBRULE2(this.logicTerm);
    });
  });

  logicTerm = this.RULE('logicTerm', () => {
    this.MANY(() => this.CONSUME(kw('NOT')));
    this.SUBRULE(this.operand);
    this.MANY2(() => this.SUBRULE(this.predicate));
  });

  predicate = this.RULE('predicate', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.ComparisonOperator);
          this.SUBRULE(this.operand);
        },
      },
      { ALT: () => this.SUBRULE(this.isPredicate) },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(kw('NOT')));
          this.OR2([
            { ALT: () => this.SUBRULE(this.betweenPredicate) },
            { ALT: () => this.SUBRULE(this.inPredicate) },
            { ALT: () => this.SUBRULE(this.likePredicate) },
          ]);
        },
      },
    ]);
  });

  isPredicate = this.RULE('isPredicate', () => {
    this.CONSUME(kw('IS'));
    this.OPTION(() => this.CONSUME(kw('NOT')));
    this.OR([
      { ALT: () => this.CONSUME(kw('NULL'), { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(kw('TRUE'), { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(kw('FALSE'), { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(kw('UNKNOWN'), { LABEL: 'what' }) },
      {
        ALT: () => {
          this.CONSUME(kw('DISTINCT'));
          this.CONSUME(kw('FROM'));
          this.SUBRULE(this.operand);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('JSON'));
          this.OPTION2(() =>
            this.OR2([
              { ALT: () => this.CONSUME(kw('VALUE'), { LABEL: 'jsonKind' }) },
              { ALT: () => this.CONSUME(kw('OBJECT'), { LABEL: 'jsonKind' }) },
              { ALT: () => this.CONSUME(kw('ARRAY'), { LABEL: 'jsonKind' }) },
              { ALT: () => this.CONSUME(kw('SCALAR'), { LABEL: 'jsonKind' }) },
            ]),
          );
        },
      },
    ]);
  });

  betweenPredicate = this.RULE('betweenPredicate', () => {
    this.CONSUME(kw('BETWEEN'));
    this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(kw('SYMMETRIC')) }, { ALT: () => this.CONSUME(kw('ASYMMETRIC')) }]),
    );
    this.SUBRULE(this.operand, { LABEL: 'low' });
    this.CONSUME(kw('AND'));
    this.SUBRULE2(this.operand, { LABEL: 'high' });
  });

  inPredicate = this.RULE('inPredicate', () => {
    this.CONSUME(kw('IN'));
    this.CONSUME(t.LeftParen);
    this.OR([
      { GATE: () => this.startsQuery(1), ALT: () => this.SUBRULE(this.query) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) }) },
    ]);
    this.CONSUME(t.RightParen);
  });

  likePredicate = this.RULE('likePredicate', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('LIKE')) },
      {
        ALT: () => {
          this.CONSUME(kw('SIMILAR'));
          this.CONSUME(kw('TO'));
        },
      },
    ]);
    this.SUBRULE(this.operand, { LABEL: 'pattern' });
    this.OPTION(() => {
      this.CONSUME(kw('ESCAPE'));
      this.SUBRULE2(this.operand, { LABEL: 'escape' });
    });
  });

  override operand = this.RULE('operand', () => {
    this.SUBRULE(this.factor);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.AdditiveOperator, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.MultiplicativeOperator, { LABEL: 'operator' }) },
        { ALT: () => this.CONSUME(t.Concat, { LABEL: 'operator' }) },
      ]);
      this.SUBRULE2(this.factor);
    });
  });

  factor = this.RULE('factor', () => {
    this.MANY(() => this.CONSUME(t.AdditiveOperator, { LABEL: 'sign' }));
    this.SUBRULE(this.primary);
    this.MANY2(() => this.SUBRULE(this.access));
  });

  access = this.RULE('access', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.SUBRULE(this.expression);
          this.CONSUME(t.RightBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.SUBRULE(this.identifier);
        },
      },
    ]);
  });

  primary = this.RULE('primary', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.literal) },
        { ALT: () => this.SUBRULE(this.caseExpression) },
        { ALT: () => this.SUBRULE(this.castExpression) },
        { ALT: () => this.SUBRULE(this.specialFunction) },
        { ALT: () => this.SUBRULE(this.constructorExpression) },
        { ALT: () => this.SUBRULE(this.existsExpression) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { GATE: () => this.startsCall(), ALT: () => this.SUBRULE(this.functionCall) },
        { ALT: () => this.SUBRULE(this.columnReference) },
      ],
    });
  });

  caseExpression = this.RULE('caseExpression', () => {
    this.CONSUME(kw('CASE'));
    this.OPTION(() => this.SUBRULE(this.expression, { LABEL: 'subject' }));
    this.AT_LEAST_ONE(() => {
      this.CONSUME(kw('WHEN'));
      this.SUBRULE2(this.expression, { LABEL: 'when' });
      this.CONSUME(kw('THEN'));
      this.SUBRULE3(this.expression, { LABEL: 'then' });
    });
    this.OPTION2(() => {
      this.CONSUME(kw('ELSE'));
      this.SUBRULE4(this.expression, { LABEL: 'otherwise' });
    });
    this.CONSUME(kw('END'));
  });

  castExpression = this.RULE('castExpression', () => {
    this.OR([{ ALT: () => this.CONSUME(kw('CAST')) }, { ALT: () => this.CONSUME(kw('TRY_CAST')) }]);
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expression);
    this.CONSUME(kw('AS'));
    this.SUBRULE(this.dataType);
    this.CONSUME(t.RightParen);
  });

  constructorExpression = this.RULE('constructorExpression', () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(kw('ARRAY')) }, { ALT: () => this.CONSUME(kw('MAP')) }]);
          this.CONSUME(t.LeftBracket);
          this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
          this.CONSUME(t.RightBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('ROW'));
          this.CONSUME(t.LeftParen);
          this.MANY_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.expression) });
          this.CONSUME(t.RightParen);
        },
      },
    ]);
  });

  existsExpression = this.RULE('existsExpression', () => {
    this.CONSUME(kw('EXISTS'));
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.query);
    this.CONSUME(t.RightParen);
  });

  /** `(query)`, `(a)`, `(a, b)`, `(a - b) SECOND`. */
  parenthesized = this.RULE('parenthesized', () => {
    this.CONSUME(t.LeftParen);
    this.OR([
      { GATE: () => this.startsQuery(1), ALT: () => this.SUBRULE(this.query) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) }) },
    ]);
    this.CONSUME(t.RightParen);
    this.OPTION({ GATE: () => this.isTimeUnit(), DEF: () => this.SUBRULE(this.intervalQualifier) });
  });

  columnReference = this.RULE('columnReference', () => {
    this.SUBRULE(this.identifier);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.OR([{ ALT: () => this.SUBRULE2(this.identifier) }, { ALT: () => this.CONSUME(t.Star) }]);
    });
  });

  /** Returns whether the token `k` places ahead begins a query. */
  protected startsQuery(k: number): boolean {
    const type = this.LA(k).tokenType;
    return type === kw('SELECT') || type === kw('WITH') || type === kw('VALUES');
  }

  /** Returns whether the next tokens are `name (` or `FINAL name (`. */
  protected startsCall(): boolean {
    if (this.LA(2).tokenType === t.LeftParen) return true;
    const type = this.LA(1).tokenType;
    return (type === kw('FINAL') || type === kw('RUNNING')) && this.LA(3).tokenType === t.LeftParen;
  }

  protected isTimeUnit(): boolean {
    return /^(YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?$/i.test(this.LA(1).image ?? '');
  }
}
