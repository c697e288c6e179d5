import { ExpressionRules } from './expression-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/**
 * The rules of MATCH_RECOGNIZE. They accept Flink's clause, the clause of the SQL standard, and the
 * links and loop options of the extended level. The compiler reports the parts that the chosen
 * semantics and level do not support.
 */
export abstract class MatchRules extends ExpressionRules {
  matchRecognize = this.RULE('matchRecognize', () => {
    this.CONSUME(kw('MATCH_RECOGNIZE'));
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
      this.CONSUME(kw('MEASURES'));
      this.AT_LEAST_ONE_SEP3({ SEP: t.Comma, DEF: () => this.SUBRULE(this.measure) });
    });
    this.OPTION4(() => this.SUBRULE(this.rowsPerMatch));
    this.OPTION5(() => this.SUBRULE(this.afterMatch));
    this.CONSUME(kw('PATTERN'));
    this.CONSUME2(t.LeftParen);
    this.SUBRULE(this.pattern);
    this.CONSUME2(t.RightParen);
    this.OPTION6(() => {
      this.CONSUME(kw('WITHIN'));
      this.SUBRULE2(this.operand, { LABEL: 'within' });
      this.OPTION7(() => {
        this.CONSUME(kw('PER'));
        this.CONSUME(kw('STEP'));
      });
    });
    this.OPTION8(() => {
      this.CONSUME(kw('SUBSET'));
      this.AT_LEAST_ONE_SEP4({ SEP: t.Comma, DEF: () => this.SUBRULE(this.subset) });
    });
    this.CONSUME(kw('DEFINE'));
    this.AT_LEAST_ONE_SEP5({ SEP: t.Comma, DEF: () => this.SUBRULE(this.definition) });
    this.CONSUME(t.RightParen);
  });

  measure = this.RULE('measure', () => {
    this.SUBRULE(this.expression);
    this.CONSUME(kw('AS'));
    this.SUBRULE(this.identifier);
  });

  rowsPerMatch = this.RULE('rowsPerMatch', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('ONE'), { LABEL: 'mode' }) },
      { ALT: () => this.CONSUME(kw('ALL'), { LABEL: 'mode' }) },
    ]);
    this.OR2([{ ALT: () => this.CONSUME(kw('ROW')) }, { ALT: () => this.CONSUME(kw('ROWS')) }]);
    this.CONSUME(kw('PER'));
    this.CONSUME(kw('MATCH'));
    this.OPTION(() => {
      this.OR3([
        {
          ALT: () => {
            this.CONSUME(kw('SHOW'));
            this.OR4([{ ALT: () => this.CONSUME(kw('TIMEOUT')) }, { ALT: () => this.CONSUME(kw('EMPTY')) }]);
            this.CONSUME(kw('MATCHES'));
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('OMIT'));
            this.CONSUME2(kw('EMPTY'));
            this.CONSUME2(kw('MATCHES'));
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('WITH'));
            this.CONSUME(kw('UNMATCHED'));
            this.CONSUME2(kw('ROWS'));
          },
        },
      ]);
    });
  });

  afterMatch = this.RULE('afterMatch', () => {
    this.CONSUME(kw('AFTER'));
    this.CONSUME(kw('MATCH'));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('NO'));
          this.CONSUME(kw('SKIP'));
        },
      },
      {
        ALT: () => {
          this.CONSUME2(kw('SKIP'));
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(kw('PAST'));
                this.CONSUME(kw('LAST'));
                this.CONSUME(kw('ROW'));
              },
            },
            {
              ALT: () => {
                this.CONSUME(kw('TO'));
                this.OR3([
                  {
                    GATE: () => this.LA(2).tokenType === kw('ROW'),
                    ALT: () => {
                      this.CONSUME(kw('NEXT'));
                      this.CONSUME2(kw('ROW'));
                    },
                  },
                  {
                    GATE: () => this.LA(2).tokenType !== t.RightParen && this.LA(2).tokenType !== kw('PATTERN'),
                    ALT: () => {
                      this.OR4([
                        { ALT: () => this.CONSUME(kw('FIRST'), { LABEL: 'place' }) },
                        { ALT: () => this.CONSUME2(kw('LAST'), { LABEL: 'place' }) },
                      ]);
                      this.SUBRULE(this.identifier);
                    },
                  },
                  { ALT: () => this.SUBRULE2(this.identifier) },
                ]);
              },
            },
          ]);
        },
      },
    ]);
  });

  pattern = this.RULE('pattern', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Bar, DEF: () => this.SUBRULE(this.patternSequence) });
  });

  patternSequence = this.RULE('patternSequence', () => {
    this.SUBRULE(this.patternElement, { LABEL: 'element' });
    this.MANY(() => this.SUBRULE(this.linkedElement, { LABEL: 'element' }));
  });

  linkedElement = this.RULE('linkedElement', () => {
    this.OPTION(() => this.SUBRULE(this.patternLink));
    this.SUBRULE(this.patternElement);
  });

  patternLink = this.RULE('patternLink', () => {
    this.OPTION(() => this.CONSUME(kw('NOT')));
    this.OR([
      { ALT: () => this.CONSUME(kw('NEXT')) },
      {
        ALT: () => {
          this.CONSUME(kw('FOLLOWED'));
          this.CONSUME(kw('BY'));
          this.OPTION2(() => this.CONSUME(kw('ANY')));
        },
      },
    ]);
  });

  patternElement = this.RULE('patternElement', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('PERMUTE'));
          this.CONSUME(t.LeftParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.pattern, { LABEL: 'permuted' }) });
          this.CONSUME(t.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBrace);
          this.CONSUME(t.Minus);
          this.SUBRULE2(this.pattern, { LABEL: 'excluded' });
          this.CONSUME2(t.Minus);
          this.CONSUME(t.RightBrace);
        },
      },
      {
        ALT: () => {
          this.CONSUME2(t.LeftParen);
          this.OPTION2(() => this.SUBRULE3(this.pattern, { LABEL: 'group' }));
          this.CONSUME2(t.RightParen);
        },
      },
      { ALT: () => this.CONSUME(t.Caret, { LABEL: 'anchor' }) },
      { ALT: () => this.CONSUME(t.Dollar, { LABEL: 'anchor' }) },
      { ALT: () => this.SUBRULE(this.identifier) },
    ]);
    this.OPTION({
      GATE: () => this.LA(2).tokenType !== t.Minus || this.LA(1).tokenType !== t.LeftBrace,
      DEF: () => this.SUBRULE(this.patternQuantifier),
    });
    this.MANY({ GATE: () => this.isLoopWord(), DEF: () => this.SUBRULE(this.loopOption) });
  });

  patternQuantifier = this.RULE('patternQuantifier', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Star) },
      { ALT: () => this.CONSUME(t.Plus) },
      { ALT: () => this.CONSUME(t.QuestionMark, { LABEL: 'optional' }) },
      {
        ALT: () => {
          this.CONSUME(t.LeftBrace);
          this.OPTION(() => this.CONSUME(t.IntegerLiteral, { LABEL: 'min' }));
          this.OPTION2(() => {
            this.CONSUME(t.Comma);
            this.OPTION3(() => this.CONSUME2(t.IntegerLiteral, { LABEL: 'max' }));
          });
          this.CONSUME(t.RightBrace);
        },
      },
    ]);
    this.OPTION4(() => this.CONSUME2(t.QuestionMark, { LABEL: 'reluctant' }));
  });

  /** A word of the extended level after a loop. */
  loopOption = this.RULE('loopOption', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('CONSECUTIVE'), { LABEL: 'word' }) },
      { ALT: () => this.CONSUME(kw('RELAXED'), { LABEL: 'word' }) },
      { ALT: () => this.CONSUME(kw('COMBINATIONS'), { LABEL: 'word' }) },
      {
        ALT: () => {
          this.CONSUME(kw('UNTIL'), { LABEL: 'word' });
          this.SUBRULE(this.identifier);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('WITHIN'), { LABEL: 'word' });
          this.SUBRULE(this.intervalLiteral);
        },
      },
    ]);
  });

  subset = this.RULE('subset', () => {
    this.SUBRULE(this.identifier);
    this.CONSUME(t.Equal);
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.identifier) });
    this.CONSUME(t.RightParen);
  });

  definition = this.RULE('definition', () => {
    this.SUBRULE(this.identifier);
    this.CONSUME(kw('AS'));
    this.SUBRULE(this.expression);
  });

  /**
   * Returns whether the next token begins a loop option. In `B{2} UNTIL U`, the token `UNTIL`
   * begins one.
   */
  private isLoopWord(): boolean {
    const type = this.LA(1).tokenType;
    return (
      type === kw('CONSECUTIVE') ||
      type === kw('RELAXED') ||
      type === kw('COMBINATIONS') ||
      type === kw('WITHIN') ||
      type === kw('UNTIL')
    );
  }
}
