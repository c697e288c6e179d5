import { MatchRules } from './match-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/**
 * The entries of FROM: tables, window table functions, queries in brackets, MATCH_RECOGNIZE, joins.
 */
export abstract class TableRules extends MatchRules {
  columnList = this.RULE('columnList', () => {
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.identifier) });
    this.CONSUME(t.RightParen);
  });

  qualifiedName = this.RULE('qualifiedName', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.SUBRULE(this.identifier) });
  });

  tableReference = this.RULE('tableReference', () => {
    this.SUBRULE(this.tableFactor);
    this.MANY(() => this.SUBRULE(this.join));
  });

  join = this.RULE('join', () => {
    this.OPTION(() => this.CONSUME(kw('NATURAL')));
    this.OPTION2(() => {
      this.OR([
        { ALT: () => this.CONSUME(kw('INNER'), { LABEL: 'type' }) },
        { ALT: () => this.CONSUME(kw('LEFT'), { LABEL: 'type' }) },
        { ALT: () => this.CONSUME(kw('RIGHT'), { LABEL: 'type' }) },
        { ALT: () => this.CONSUME(kw('FULL'), { LABEL: 'type' }) },
        { ALT: () => this.CONSUME(kw('CROSS'), { LABEL: 'type' }) },
      ]);
      this.OPTION3(() => this.CONSUME(kw('OUTER')));
    });
    this.CONSUME(kw('JOIN'));
    this.SUBRULE(this.tableFactor);
    this.OPTION4(() =>
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(kw('ON'));
            this.SUBRULE(this.expression);
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('USING'));
            this.SUBRULE(this.columnList);
          },
        },
      ]),
    );
  });

  tableFactor = this.RULE('tableFactor', () => {
    this.SUBRULE(this.tablePrimary);
    this.OPTION({ GATE: () => !this.startsLateRows(), DEF: () => this.SUBRULE(this.tableAlias) });
    this.OPTION2(() => {
      this.SUBRULE(this.matchRecognize);
      this.OPTION3({
        GATE: () => !this.startsLateRows(),
        DEF: () => this.SUBRULE2(this.tableAlias, { LABEL: 'matchAlias' }),
      });
    });
  });

  /** `LATE` is a name, unless `LATE ROWS INTO` follows. */
  protected startsLateRows(): boolean {
    return this.LA(1).tokenType === kw('LATE') && this.LA(2).tokenType === kw('ROWS');
  }

  tableAlias = this.RULE('tableAlias', () => {
    this.OPTION(() => this.CONSUME(kw('AS')));
    this.SUBRULE(this.identifier);
    this.OPTION2(() => this.SUBRULE(this.columnList));
  });

  tablePrimary = this.RULE('tablePrimary', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('LATERAL'));
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(kw('TABLE'));
                this.CONSUME(t.LeftParen);
                this.SUBRULE(this.functionCall);
                this.CONSUME(t.RightParen);
              },
            },
            {
              ALT: () => {
                this.CONSUME2(t.LeftParen);
                this.SUBRULE(this.query);
                this.CONSUME2(t.RightParen);
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(kw('UNNEST'));
          this.CONSUME3(t.LeftParen);
          this.SUBRULE(this.expression);
          this.CONSUME3(t.RightParen);
          this.OPTION(() => {
            this.CONSUME(kw('WITH'));
            this.CONSUME(t.Identifier);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME2(kw('TABLE'));
          this.CONSUME4(t.LeftParen);
          this.SUBRULE(this.tableFunction);
          this.CONSUME4(t.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME5(t.LeftParen);
          this.SUBRULE2(this.query);
          this.CONSUME5(t.RightParen);
        },
      },
      { GATE: () => this.LA(2).tokenType === t.LeftParen, ALT: () => this.SUBRULE2(this.tableFunction) },
      { ALT: () => this.SUBRULE(this.namedTable) },
    ]);
  });

  namedTable = this.RULE('namedTable', () => {
    this.SUBRULE(this.qualifiedName);
    this.OPTION(() => this.CONSUME(t.Hint));
    this.OPTION2({
      GATE: () => this.LA(2).tokenType === kw('SYSTEM_TIME'),
      DEF: () => {
        this.CONSUME(kw('FOR'));
        this.CONSUME(kw('SYSTEM_TIME'));
        this.CONSUME(kw('AS'));
        this.CONSUME(kw('OF'));
        this.SUBRULE(this.operand, { LABEL: 'asOf' });
      },
    });
  });

  /** `TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL …)`, positional or with names. */
  tableFunction = this.RULE('tableFunction', () => {
    this.SUBRULE(this.identifier);
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.tableArgument) });
    this.CONSUME(t.RightParen);
  });

  tableArgument = this.RULE('tableArgument', () => {
    this.OPTION({
      GATE: () => this.LA(2).tokenType === t.Arrow,
      DEF: () => {
        this.SUBRULE(this.identifier, { LABEL: 'argumentName' });
        this.CONSUME(t.Arrow);
      },
    });
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('TABLE'));
          this.OR2([
            { ALT: () => this.SUBRULE(this.qualifiedName) },
            {
              ALT: () => {
                this.CONSUME(t.LeftParen);
                this.SUBRULE(this.query);
                this.CONSUME(t.RightParen);
              },
            },
          ]);
          this.OPTION2(() => {
            this.CONSUME(kw('PARTITION'));
            this.CONSUME(kw('BY'));
            this.OR3([
              { ALT: () => this.SUBRULE(this.columnList) },
              { ALT: () => this.SUBRULE2(this.identifier, { LABEL: 'partition' }) },
            ]);
            // in `PARTITION BY a, b` without brackets a comma may also begin the next argument; the
            // name decides, as in Flink
            this.MANY({
              GATE: () =>
                this.LA(1).tokenType === t.Comma &&
                this.LA(2).tokenType !== kw('DESCRIPTOR') &&
                this.LA(3).tokenType === t.Comma,
              DEF: () => {
                this.CONSUME(t.Comma);
                this.SUBRULE3(this.identifier, { LABEL: 'partition' });
              },
            });
          });
        },
      },
      {
        GATE: () => this.LA(1).tokenType === kw('DESCRIPTOR') && this.LA(2).tokenType === t.LeftParen,
        ALT: () => {
          this.CONSUME(kw('DESCRIPTOR'));
          this.SUBRULE2(this.columnList, { LABEL: 'descriptor' });
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });
}
