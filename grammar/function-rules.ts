import type { CstNode, ParserMethod } from 'chevrotain';
import { JsonRules } from './json-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

type Rule = ParserMethod<[], CstNode>;

/** Function calls: with words between the arguments, or plain ones with FILTER and OVER. */
export abstract class FunctionRules extends JsonRules {
  abstract operand: Rule;

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
      this.OPTION9(() => this.SUBRULE(this.argumentClauses));
    });
    this.CONSUME(t.RightParen);
    this.OPTION1({
      // A name that is no keyword may follow a call: SELECT COUNT(*) ignore.
      GATE: () => this.LA(2).tokenType === kw('NULLS'),
      DEF: () => this.SUBRULE2(this.nullTreatment),
    });
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

  /** The clauses before the closing bracket of an aggregate. */
  argumentClauses = this.RULE('argumentClauses', () => {
    this.OPTION(() => this.SUBRULE(this.nullTreatment));
    this.OPTION2(() => {
      this.CONSUME(kw('ORDER'));
      this.CONSUME(kw('BY'));
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.orderItem) });
    });
  });

  /** `IGNORE NULLS` stands in the brackets of an aggregate or after them. */
  nullTreatment = this.RULE('nullTreatment', () => {
    this.OR([{ ALT: () => this.CONSUME(kw('IGNORE')) }, { ALT: () => this.CONSUME(kw('RESPECT')) }]);
    this.CONSUME(kw('NULLS'));
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
}
