import { DataTypeRules } from './data-type-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/** Values written in the text: numbers, texts, times, intervals. */
export abstract class LiteralRules extends DataTypeRules {
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
}
