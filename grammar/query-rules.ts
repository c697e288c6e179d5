import { MatchRules } from './match-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/** Queries: SELECT, FROM with its window table functions and joins, set operations, WITH. */
export abstract class QueryRules extends MatchRules {
  query = this.RULE('query', () => {
    this.OPTION(() => {
      this.CONSUME(kw('WITH'));
      this.OPTION2({
        GATE: () => this.LA(2).tokenType !== kw('AS') && this.LA(2).tokenType !== t.LeftParen,
        DEF: () => this.CONSUME(kw('RECURSIVE')),
      });
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.commonTable) });
    });
    this.SUBRULE(this.queryTerm);
    this.MANY(() => this.SUBRULE(this.setOperation));
    this.OPTION3(() => this.SUBRULE(this.orderBy));
    this.OPTION4(() => this.SUBRULE(this.limit));
  });

  commonTable = this.RULE('commonTable', () => {
    this.SUBRULE(this.identifier);
    this.OPTION(() => this.SUBRULE(this.columnList));
    this.CONSUME(kw('AS'));
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.query);
    this.CONSUME(t.RightParen);
  });

  columnList = this.RULE('columnList', () => {
    this.CONSUME(t.LeftParen);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.identifier) });
    this.CONSUME(t.RightParen);
  });

  setOperation = this.RULE('setOperation', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('UNION'), { LABEL: 'operator' }) },
      { ALT: () => this.CONSUME(kw('INTERSECT'), { LABEL: 'operator' }) },
      { ALT: () => this.CONSUME(kw('EXCEPT'), { LABEL: 'operator' }) },
      { ALT: () => this.CONSUME(kw('MINUS'), { LABEL: 'operator' }) },
    ]);
    this.OPTION(() => this.OR2([{ ALT: () => this.CONSUME(kw('ALL')) }, { ALT: () => this.CONSUME(kw('DISTINCT')) }]));
    this.SUBRULE(this.queryTerm);
  });

  queryTerm = this.RULE('queryTerm', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.select) },
      { ALT: () => this.SUBRULE(this.values) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.query);
          this.CONSUME(t.RightParen);
        },
      },
    ]);
  });

  values = this.RULE('values', () => {
    this.CONSUME(kw('VALUES'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
  });

  orderBy = this.RULE('orderBy', () => {
    this.CONSUME(kw('ORDER'));
    this.CONSUME(kw('BY'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.orderItem) });
  });

  limit = this.RULE('limit', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('LIMIT'));
          this.OR2([{ ALT: () => this.CONSUME(t.IntegerLiteral) }, { ALT: () => this.CONSUME(kw('ALL')) }]);
          this.OPTION(() => {
            this.CONSUME(kw('OFFSET'));
            this.CONSUME2(t.IntegerLiteral);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME2(kw('OFFSET'));
          this.CONSUME3(t.IntegerLiteral);
          this.OPTION2(() =>
            this.OR3([{ ALT: () => this.CONSUME(kw('ROW')) }, { ALT: () => this.CONSUME(kw('ROWS')) }]),
          );
          this.OPTION3(() => this.SUBRULE(this.fetch));
        },
      },
      { ALT: () => this.SUBRULE2(this.fetch) },
    ]);
  });

  fetch = this.RULE('fetch', () => {
    this.CONSUME(kw('FETCH'));
    this.OR([{ ALT: () => this.CONSUME(kw('FIRST')) }, { ALT: () => this.CONSUME(kw('NEXT')) }]);
    this.OPTION(() => this.CONSUME(t.IntegerLiteral));
    this.OR2([{ ALT: () => this.CONSUME(kw('ROW')) }, { ALT: () => this.CONSUME(kw('ROWS')) }]);
    this.CONSUME(kw('ONLY'));
  });

  select = this.RULE('select', () => {
    this.CONSUME(kw('SELECT'));
    this.OPTION(() => this.CONSUME(t.Hint));
    this.OPTION2(() => this.OR([{ ALT: () => this.CONSUME(kw('DISTINCT')) }, { ALT: () => this.CONSUME(kw('ALL')) }]));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.selectItem) });
    this.OPTION3(() => {
      this.CONSUME(kw('FROM'));
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.tableReference) });
    });
    this.OPTION4(() => {
      this.CONSUME(kw('WHERE'));
      this.SUBRULE(this.expression, { LABEL: 'where' });
    });
    this.OPTION5(() => this.SUBRULE(this.groupBy));
    this.OPTION6(() => {
      this.CONSUME(kw('HAVING'));
      this.SUBRULE2(this.expression, { LABEL: 'having' });
    });
    this.OPTION7(() => {
      this.CONSUME(kw('WINDOW'));
      this.AT_LEAST_ONE_SEP3({ SEP: t.Comma, DEF: () => this.SUBRULE(this.namedWindow) });
    });
  });

  namedWindow = this.RULE('namedWindow', () => {
    this.SUBRULE(this.identifier);
    this.CONSUME(kw('AS'));
    this.SUBRULE(this.windowSpecification);
  });

  selectItem = this.RULE('selectItem', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Star) },
      {
        ALT: () => {
          this.SUBRULE(this.expression);
          this.OPTION(() => {
            this.OPTION2(() => this.CONSUME(kw('AS')));
            this.SUBRULE(this.identifier);
          });
        },
      },
    ]);
  });

  groupBy = this.RULE('groupBy', () => {
    this.CONSUME(kw('GROUP'));
    this.CONSUME(kw('BY'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.groupItem) });
  });

  groupItem = this.RULE('groupItem', () => {
    this.OR([
      {
        GATE: () => this.LA(2).tokenType === kw('SETS'),
        ALT: () => {
          this.CONSUME(kw('GROUPING'));
          this.CONSUME(kw('SETS'));
          this.CONSUME(t.LeftParen);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.groupItem) });
          this.CONSUME(t.RightParen);
        },
      },
      {
        GATE: () => this.LA(1).tokenType === t.LeftParen && this.LA(2).tokenType === t.RightParen,
        ALT: () => {
          this.CONSUME2(t.LeftParen);
          this.CONSUME2(t.RightParen);
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
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
    this.OPTION(() => this.SUBRULE(this.tableAlias));
    this.OPTION2(() => {
      this.SUBRULE(this.matchRecognize);
      this.OPTION3(() => this.SUBRULE2(this.tableAlias, { LABEL: 'matchAlias' }));
    });
  });

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

  qualifiedName = this.RULE('qualifiedName', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.SUBRULE(this.identifier) });
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
            // `PARTITION BY a, b` without brackets: the comma is ambiguous with the next argument, as in Flink the name decides
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
