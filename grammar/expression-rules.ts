import type { CstNode, ParserMethod } from 'chevrotain';
import { DataTypeRules } from './data-type-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

type Rule = ParserMethod<[], CstNode>;

/**
 * Scalar expressions. Few levels on purpose: chains of operators are flat lists here and get their precedence when the tree is built,
 * which keeps the parser's stack small for deep texts.
 *
 *   expression      logicTerm ((AND | OR) logicTerm)*
 *   logicTerm       NOT* operand predicate*
 *   operand         factor ((+ | - | * | / | % | ||) factor)*
 *   factor          (+ | -)* primary ([index] | .field)*
 */
export abstract class ExpressionRules extends DataTypeRules {
  protected abstract query: Rule;

  expression = this.RULE('expression', () => {
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

  operand = this.RULE('operand', () => {
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

  literal = this.RULE('literal', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.IntegerLiteral) },
      { ALT: () => this.CONSUME(t.DecimalLiteral) },
      { ALT: () => this.CONSUME(t.ApproximateLiteral) },
      { ALT: () => this.CONSUME(t.StringLiteral) },
      { ALT: () => this.CONSUME(t.BinaryLiteral) },
      { ALT: () => this.CONSUME(kw('TRUE')) },
      { ALT: () => this.CONSUME(kw('FALSE')) },
      { ALT: () => this.CONSUME(kw('UNKNOWN')) },
      { ALT: () => this.CONSUME(kw('NULL')) },
      {
        ALT: () => {
          this.OR2([
            { ALT: () => this.CONSUME(kw('DATE'), { LABEL: 'temporal' }) },
            { ALT: () => this.CONSUME(kw('TIME'), { LABEL: 'temporal' }) },
            { ALT: () => this.CONSUME(kw('TIMESTAMP'), { LABEL: 'temporal' }) },
          ]);
          this.CONSUME2(t.StringLiteral);
        },
      },
      { ALT: () => this.SUBRULE(this.intervalLiteral) },
    ]);
  });

  intervalLiteral = this.RULE('intervalLiteral', () => {
    this.CONSUME(kw('INTERVAL'));
    this.OPTION(() => this.CONSUME(t.AdditiveOperator, { LABEL: 'sign' }));
    this.CONSUME(t.StringLiteral);
    this.SUBRULE(this.intervalQualifier);
  });

  intervalQualifier = this.RULE('intervalQualifier', () => {
    this.CONSUME(t.Identifier, { LABEL: 'from' });
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.IntegerLiteral, { LABEL: 'precision' }) });
      this.CONSUME(t.RightParen);
    });
    this.OPTION2(() => {
      this.CONSUME(kw('TO'));
      this.CONSUME2(t.Identifier, { LABEL: 'to' });
      this.OPTION3(() => {
        this.CONSUME2(t.LeftParen);
        this.CONSUME2(t.IntegerLiteral, { LABEL: 'toPrecision' });
        this.CONSUME2(t.RightParen);
      });
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

  /** Functions whose arguments are separated by words. */
  specialFunction = this.RULE('specialFunction', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.extractFunction) },
      { ALT: () => this.SUBRULE(this.positionFunction) },
      { ALT: () => this.SUBRULE(this.substringFunction) },
      { ALT: () => this.SUBRULE(this.trimFunction) },
      { ALT: () => this.SUBRULE(this.overlayFunction) },
      { ALT: () => this.SUBRULE(this.jsonFunction) },
      { ALT: () => this.SUBRULE(this.jsonObjectFunction) },
      { ALT: () => this.SUBRULE(this.jsonArrayFunction) },
    ]);
  });

  extractFunction = this.RULE('extractFunction', () => {
    this.CONSUME(kw('EXTRACT'));
    this.CONSUME(t.LeftParen);
    this.CONSUME(t.Identifier, { LABEL: 'unit' });
    this.CONSUME(kw('FROM'));
    this.SUBRULE(this.expression);
    this.CONSUME(t.RightParen);
  });

  positionFunction = this.RULE('positionFunction', () => {
    this.CONSUME(kw('POSITION'));
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.operand, { LABEL: 'needle' });
    this.CONSUME(kw('IN'));
    this.SUBRULE2(this.operand, { LABEL: 'text' });
    this.CONSUME(t.RightParen);
  });

  substringFunction = this.RULE('substringFunction', () => {
    this.CONSUME(kw('SUBSTRING'));
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expression, { LABEL: 'argument' });
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('FROM'));
          this.SUBRULE2(this.expression, { LABEL: 'argument' });
          this.OPTION(() => {
            this.CONSUME(kw('FOR'));
            this.SUBRULE3(this.expression, { LABEL: 'argument' });
          });
        },
      },
      {
        ALT: () =>
          this.MANY(() => {
            this.CONSUME(t.Comma);
            this.SUBRULE4(this.expression, { LABEL: 'argument' });
          }),
      },
    ]);
    this.CONSUME(t.RightParen);
  });

  trimFunction = this.RULE('trimFunction', () => {
    this.CONSUME(kw('TRIM'));
    this.CONSUME(t.LeftParen);
    this.OPTION(() =>
      this.OR([
        { ALT: () => this.CONSUME(kw('BOTH'), { LABEL: 'mode' }) },
        { ALT: () => this.CONSUME(kw('LEADING'), { LABEL: 'mode' }) },
        { ALT: () => this.CONSUME(kw('TRAILING'), { LABEL: 'mode' }) },
      ]),
    );
    this.OPTION2({
      GATE: () => this.LA(1).tokenType !== kw('FROM'),
      DEF: () => this.SUBRULE(this.expression, { LABEL: 'first' }),
    });
    this.OPTION3(() => {
      this.CONSUME(kw('FROM'));
      this.SUBRULE2(this.expression, { LABEL: 'text' });
    });
    this.CONSUME(t.RightParen);
  });

  overlayFunction = this.RULE('overlayFunction', () => {
    this.CONSUME(kw('OVERLAY'));
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expression, { LABEL: 'argument' });
    this.CONSUME(kw('PLACING'));
    this.SUBRULE2(this.expression, { LABEL: 'argument' });
    this.CONSUME(kw('FROM'));
    this.SUBRULE3(this.expression, { LABEL: 'argument' });
    this.OPTION(() => {
      this.CONSUME(kw('FOR'));
      this.SUBRULE4(this.expression, { LABEL: 'argument' });
    });
    this.CONSUME(t.RightParen);
  });

  /** JSON_VALUE, JSON_QUERY, JSON_EXISTS: which clause fits which function is checked when the tree is built. */
  jsonFunction = this.RULE('jsonFunction', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('JSON_VALUE'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('JSON_QUERY'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('JSON_EXISTS'), { LABEL: 'name' }) },
    ]);
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expression, { LABEL: 'json' });
    this.CONSUME(t.Comma);
    this.SUBRULE2(this.expression, { LABEL: 'path' });
    this.OPTION(() => {
      this.CONSUME(kw('RETURNING'));
      this.SUBRULE(this.dataType);
    });
    this.OPTION2(() => this.SUBRULE(this.jsonWrapper));
    this.MANY(() => this.SUBRULE(this.jsonBehavior));
    this.CONSUME(t.RightParen);
  });

  jsonWrapper = this.RULE('jsonWrapper', () => {
    this.OR([{ ALT: () => this.CONSUME(kw('WITH')) }, { ALT: () => this.CONSUME(kw('WITHOUT')) }]);
    this.OPTION(() =>
      this.OR2([{ ALT: () => this.CONSUME(kw('CONDITIONAL')) }, { ALT: () => this.CONSUME(kw('UNCONDITIONAL')) }]),
    );
    this.OPTION2(() => this.CONSUME(kw('ARRAY')));
    this.CONSUME(kw('WRAPPER'));
  });

  jsonBehavior = this.RULE('jsonBehavior', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('NULL'), { LABEL: 'mode' }) },
      { ALT: () => this.CONSUME(kw('ERROR'), { LABEL: 'mode' }) },
      { ALT: () => this.CONSUME(kw('TRUE'), { LABEL: 'mode' }) },
      { ALT: () => this.CONSUME(kw('FALSE'), { LABEL: 'mode' }) },
      { ALT: () => this.CONSUME(kw('UNKNOWN'), { LABEL: 'mode' }) },
      {
        ALT: () => {
          this.CONSUME(kw('EMPTY'), { LABEL: 'mode' });
          this.OR2([{ ALT: () => this.CONSUME(kw('ARRAY')) }, { ALT: () => this.CONSUME(kw('OBJECT')) }]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('DEFAULT'));
          this.SUBRULE(this.expression);
        },
      },
    ]);
    this.CONSUME(kw('ON'));
    this.OR3([
      { ALT: () => this.CONSUME2(kw('EMPTY'), { LABEL: 'event' }) },
      { ALT: () => this.CONSUME2(kw('ERROR'), { LABEL: 'event' }) },
    ]);
  });

  jsonObjectFunction = this.RULE('jsonObjectFunction', () => {
    this.CONSUME(kw('JSON_OBJECT'));
    this.CONSUME(t.LeftParen);
    this.OPTION(() => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.jsonMember) }));
    this.OPTION2(() => this.SUBRULE(this.jsonNulls));
    this.CONSUME(t.RightParen);
  });

  jsonMember = this.RULE('jsonMember', () => {
    this.OPTION({
      GATE: () => this.LA(1).tokenType === kw('KEY') && this.LA(2).tokenType !== kw('VALUE'),
      DEF: () => this.CONSUME(kw('KEY')),
    });
    this.SUBRULE(this.expression, { LABEL: 'key' });
    this.OR([{ ALT: () => this.CONSUME(kw('VALUE')) }, { ALT: () => this.CONSUME(t.Colon) }]);
    this.SUBRULE2(this.expression, { LABEL: 'value' });
  });

  jsonArrayFunction = this.RULE('jsonArrayFunction', () => {
    this.CONSUME(kw('JSON_ARRAY'));
    this.CONSUME(t.LeftParen);
    this.OPTION({
      GATE: () => this.LA(2).tokenType !== kw('ON'),
      DEF: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) }),
    });
    this.OPTION2(() => this.SUBRULE(this.jsonNulls));
    this.CONSUME(t.RightParen);
  });

  jsonNulls = this.RULE('jsonNulls', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('NULL'), { LABEL: 'mode' }) },
      { ALT: () => this.CONSUME(kw('ABSENT'), { LABEL: 'mode' }) },
    ]);
    this.CONSUME(kw('ON'));
    this.CONSUME2(kw('NULL'));
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

  functionCall = this.RULE('functionCall', () => {
    this.OPTION8({
      GATE: () => this.LA(2).tokenType !== t.LeftParen,
      DEF: () =>
        this.OR5([
          { ALT: () => this.CONSUME(kw('FINAL'), { LABEL: 'matchMode' }) },
          { ALT: () => this.CONSUME(kw('RUNNING'), { LABEL: 'matchMode' }) },
        ]),
    });
    this.OR([
      { ALT: () => this.CONSUME(t.Identifier, { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('LEFT'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('RIGHT'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('CUBE'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('ROLLUP'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('GROUPING'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('INSERT'), { LABEL: 'name' }) },
    ]);
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      this.OPTION2(() =>
        this.OR2([{ ALT: () => this.CONSUME(kw('DISTINCT')) }, { ALT: () => this.CONSUME(kw('ALL')) }]),
      );
      this.OR3([
        { ALT: () => this.CONSUME(t.Star) },
        {
          ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) }),
        },
      ]);
      this.OPTION3(() => {
        this.CONSUME(kw('TO'));
        this.CONSUME2(t.Identifier, { LABEL: 'unit' });
      });
      this.OPTION4(() => this.SUBRULE(this.jsonNulls));
    });
    this.CONSUME(t.RightParen);
    this.OPTION5(() => {
      this.CONSUME(kw('WITHIN'));
      this.CONSUME(kw('GROUP'));
      this.CONSUME2(t.LeftParen);
      this.CONSUME(kw('ORDER'));
      this.CONSUME(kw('BY'));
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.orderItem, { LABEL: 'withinGroup' }) });
      this.CONSUME2(t.RightParen);
    });
    this.OPTION6(() => {
      this.CONSUME(kw('FILTER'));
      this.CONSUME3(t.LeftParen);
      this.CONSUME(kw('WHERE'));
      this.SUBRULE2(this.expression, { LABEL: 'filter' });
      this.CONSUME3(t.RightParen);
    });
    this.OPTION7(() => {
      this.CONSUME(kw('OVER'));
      this.OR4([
        { ALT: () => this.SUBRULE(this.identifier, { LABEL: 'windowName' }) },
        { ALT: () => this.SUBRULE(this.windowSpecification) },
      ]);
    });
  });

  windowSpecification = this.RULE('windowSpecification', () => {
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      this.CONSUME(kw('PARTITION'));
      this.CONSUME(kw('BY'));
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression, { LABEL: 'partition' }) });
    });
    this.OPTION2(() => {
      this.CONSUME(kw('ORDER'));
      this.CONSUME2(kw('BY'));
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.orderItem) });
    });
    this.OPTION3(() => {
      this.OR([
        { ALT: () => this.CONSUME(kw('ROWS'), { LABEL: 'unit' }) },
        { ALT: () => this.CONSUME(kw('RANGE'), { LABEL: 'unit' }) },
      ]);
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(kw('BETWEEN'));
            this.SUBRULE(this.frameBound);
            this.CONSUME(kw('AND'));
            this.SUBRULE2(this.frameBound);
          },
        },
        { ALT: () => this.SUBRULE3(this.frameBound) },
      ]);
    });
    this.CONSUME(t.RightParen);
  });

  frameBound = this.RULE('frameBound', () => {
    this.OR([
      {
        GATE: () => this.LA(1).tokenType === kw('UNBOUNDED'),
        ALT: () => {
          this.CONSUME(kw('UNBOUNDED'));
          this.SUBRULE(this.frameDirection);
        },
      },
      {
        GATE: () => this.LA(1).tokenType === kw('CURRENT'),
        ALT: () => {
          this.CONSUME(kw('CURRENT'));
          this.CONSUME(kw('ROW'));
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.operand);
          this.SUBRULE2(this.frameDirection);
        },
      },
    ]);
  });

  frameDirection = this.RULE('frameDirection', () => {
    this.OR([{ ALT: () => this.CONSUME(kw('PRECEDING')) }, { ALT: () => this.CONSUME(kw('FOLLOWING')) }]);
  });

  orderItem = this.RULE('orderItem', () => {
    this.SUBRULE(this.expression);
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(kw('ASC')) }, { ALT: () => this.CONSUME(kw('DESC')) }]));
    this.OPTION2(() => {
      this.CONSUME(kw('NULLS'));
      this.OR2([{ ALT: () => this.CONSUME(kw('FIRST')) }, { ALT: () => this.CONSUME(kw('LAST')) }]);
    });
  });

  columnReference = this.RULE('columnReference', () => {
    this.SUBRULE(this.identifier);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.OR([{ ALT: () => this.SUBRULE2(this.identifier) }, { ALT: () => this.CONSUME(t.Star) }]);
    });
  });

  /** Whether the token `k` places ahead begins a query. */
  protected startsQuery(k: number): boolean {
    const type = this.LA(k).tokenType;
    return type === kw('SELECT') || type === kw('WITH') || type === kw('VALUES');
  }

  /** `name (`, or `FINAL name (`. */
  protected startsCall(): boolean {
    if (this.LA(2).tokenType === t.LeftParen) return true;
    const type = this.LA(1).tokenType;
    return (type === kw('FINAL') || type === kw('RUNNING')) && this.LA(3).tokenType === t.LeftParen;
  }

  protected isTimeUnit(): boolean {
    return /^(YEAR|QUARTER|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?$/i.test(this.LA(1).image ?? '');
  }
}
