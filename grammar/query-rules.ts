import { TableRules } from './table-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/** Queries: SELECT with its clauses, set operations, WITH. */
export abstract class QueryRules extends TableRules {
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
}
