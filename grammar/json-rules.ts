import type { CstNode, ParserMethod } from 'chevrotain';
import { LiteralRules } from './literal-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

type Rule = ParserMethod<[], CstNode>;

/** JSON functions with the clauses of the SQL standard. */
export abstract class JsonRules extends LiteralRules {
  abstract expression: Rule;

  /**
   * JSON_VALUE, JSON_QUERY, JSON_EXISTS. The builder of the tree checks which clause a function
   * accepts.
   */
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
}
