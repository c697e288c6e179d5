import { QueryRules } from './query-rules.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/**
 * One statement. `split-statements.ts` splits statement sets first, so that a mistake in one
 * statement does not hide the mistakes in the others.
 */
export abstract class StatementRules extends QueryRules {
  statement = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.createStatement) },
      { ALT: () => this.SUBRULE(this.dropStatement) },
      { ALT: () => this.SUBRULE(this.insertStatement) },
      { GATE: () => this.LA(1).tokenType === kw('EXPLAIN'), ALT: () => this.SUBRULE(this.explainStatement) },
      { ALT: () => this.SUBRULE(this.describeStatement) },
      { ALT: () => this.SUBRULE(this.showStatement) },
      { ALT: () => this.SUBRULE(this.setStatement) },
      { ALT: () => this.SUBRULE(this.resetStatement) },
      { ALT: () => this.SUBRULE(this.stopStatement) },
      { ALT: () => this.SUBRULE(this.query) },
    ]);
  });

  createStatement = this.RULE('createStatement', () => {
    this.CONSUME(kw('CREATE'));
    this.OPTION(() => this.CONSUME(kw('TEMPORARY')));
    this.OR([{ ALT: () => this.SUBRULE(this.createTable) }, { ALT: () => this.SUBRULE(this.createView) }]);
  });

  ifNotExists = this.RULE('ifNotExists', () => {
    this.CONSUME(kw('IF'));
    this.CONSUME(kw('NOT'));
    this.CONSUME(kw('EXISTS'));
  });

  createTable = this.RULE('createTable', () => {
    this.CONSUME(kw('TABLE'));
    this.OPTION({ GATE: () => this.LA(2).tokenType === kw('NOT'), DEF: () => this.SUBRULE(this.ifNotExists) });
    this.SUBRULE(this.qualifiedName);
    this.OPTION2(() => {
      this.CONSUME(t.LeftParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.tableElement) });
      this.CONSUME(t.RightParen);
    });
    this.OPTION3(() => this.SUBRULE(this.comment));
    this.OPTION4(() => {
      this.CONSUME(t.Identifier, { LABEL: 'distributed' });
      this.MANY(() => this.OR([{ ALT: () => this.CONSUME(kw('BY')) }, { ALT: () => this.SUBRULE(this.columnList) }]));
    });
    this.OPTION5(() => {
      this.CONSUME(kw('PARTITION'));
      this.CONSUME2(kw('BY'));
      this.SUBRULE2(this.columnList);
    });
    this.OPTION6(() => this.SUBRULE(this.withOptions));
    this.OPTION7(() => {
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(kw('LIKE'));
            this.SUBRULE3(this.qualifiedName, { LABEL: 'like' });
            this.OPTION8(() => this.SUBRULE(this.likeOptions));
          },
        },
        {
          ALT: () => {
            this.CONSUME(kw('AS'));
            this.SUBRULE(this.query);
          },
        },
      ]);
    });
  });

  likeOptions = this.RULE('likeOptions', () => {
    this.CONSUME(t.LeftParen);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Identifier) }, { ALT: () => this.CONSUME(kw('ALL')) }]);
    });
    this.CONSUME(t.RightParen);
  });

  tableElement = this.RULE('tableElement', () => {
    this.OR([
      {
        GATE: () => this.LA(1).tokenType === kw('WATERMARK') && this.LA(2).tokenType === kw('FOR'),
        ALT: () => this.SUBRULE(this.watermark),
      },
      {
        GATE: () =>
          this.LA(1).tokenType === kw('CONSTRAINT') ||
          this.LA(1).tokenType === kw('PRIMARY') ||
          this.LA(1).tokenType === kw('UNIQUE'),
        ALT: () => this.SUBRULE(this.tableConstraint),
      },
      { ALT: () => this.SUBRULE(this.columnDefinition) },
    ]);
  });

  watermark = this.RULE('watermark', () => {
    this.CONSUME(kw('WATERMARK'));
    this.CONSUME(kw('FOR'));
    this.SUBRULE(this.qualifiedName);
    this.CONSUME(kw('AS'));
    this.SUBRULE(this.expression);
  });

  tableConstraint = this.RULE('tableConstraint', () => {
    this.OPTION(() => {
      this.CONSUME(kw('CONSTRAINT'));
      this.SUBRULE(this.identifier);
    });
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('PRIMARY'));
          this.CONSUME(kw('KEY'));
        },
      },
      { ALT: () => this.CONSUME(kw('UNIQUE')) },
    ]);
    this.SUBRULE(this.columnList);
    this.OPTION2(() => this.SUBRULE(this.enforcement));
  });

  enforcement = this.RULE('enforcement', () => {
    this.OPTION(() => this.CONSUME(kw('NOT')));
    this.CONSUME(kw('ENFORCED'));
  });

  columnDefinition = this.RULE('columnDefinition', () => {
    this.SUBRULE(this.identifier);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('AS'));
          this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.dataType);
          this.OPTION(() => this.SUBRULE(this.metadata));
          this.MANY(() => this.SUBRULE(this.columnConstraint));
        },
      },
    ]);
    this.OPTION2(() => this.SUBRULE(this.comment));
  });

  metadata = this.RULE('metadata', () => {
    this.CONSUME(kw('METADATA'));
    this.OPTION(() => {
      this.CONSUME(kw('FROM'));
      this.CONSUME(t.StringLiteral);
    });
    this.OPTION2(() => this.CONSUME(kw('VIRTUAL')));
  });

  columnConstraint = this.RULE('columnConstraint', () => {
    this.OPTION(() => {
      this.CONSUME(kw('CONSTRAINT'));
      this.SUBRULE(this.identifier);
    });
    this.OR([
      {
        ALT: () => {
          this.CONSUME(kw('PRIMARY'));
          this.CONSUME(kw('KEY'));
        },
      },
      { ALT: () => this.CONSUME(kw('UNIQUE')) },
    ]);
    this.OPTION2(() => this.SUBRULE(this.enforcement));
  });

  comment = this.RULE('comment', () => {
    this.CONSUME(kw('COMMENT'));
    this.CONSUME(t.StringLiteral);
  });

  withOptions = this.RULE('withOptions', () => {
    this.CONSUME(kw('WITH'));
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.tableOption) });
    this.CONSUME(t.RightParen);
  });

  tableOption = this.RULE('tableOption', () => {
    this.CONSUME(t.StringLiteral, { LABEL: 'key' });
    this.CONSUME(t.Equal);
    this.CONSUME2(t.StringLiteral, { LABEL: 'value' });
  });

  createView = this.RULE('createView', () => {
    this.CONSUME(kw('VIEW'));
    this.OPTION({ GATE: () => this.LA(2).tokenType === kw('NOT'), DEF: () => this.SUBRULE(this.ifNotExists) });
    this.SUBRULE(this.qualifiedName);
    this.OPTION2(() => this.SUBRULE(this.columnList));
    this.OPTION3(() => this.SUBRULE(this.comment));
    this.CONSUME(kw('AS'));
    this.SUBRULE(this.query);
  });

  dropStatement = this.RULE('dropStatement', () => {
    this.CONSUME(kw('DROP'));
    this.OPTION(() => this.CONSUME(kw('TEMPORARY')));
    this.OR([
      { ALT: () => this.CONSUME(kw('TABLE'), { LABEL: 'object' }) },
      { ALT: () => this.CONSUME(kw('VIEW'), { LABEL: 'object' }) },
    ]);
    this.OPTION2({
      GATE: () => this.LA(2).tokenType === kw('EXISTS'),
      DEF: () => {
        this.CONSUME(kw('IF'));
        this.CONSUME(kw('EXISTS'));
      },
    });
    this.SUBRULE(this.qualifiedName);
  });

  insertStatement = this.RULE('insertStatement', () => {
    this.CONSUME(kw('INSERT'));
    this.CONSUME(kw('INTO'));
    this.SUBRULE(this.qualifiedName);
    this.OPTION(() => this.CONSUME(t.Hint));
    this.OPTION2({ GATE: () => !this.startsQuery(2), DEF: () => this.SUBRULE(this.columnList) });
    this.SUBRULE(this.query);
    this.OPTION3(() => this.SUBRULE(this.lateRows));
  });

  lateRows = this.RULE('lateRows', () => {
    this.CONSUME(kw('LATE'));
    this.CONSUME(kw('ROWS'));
    this.CONSUME(kw('INTO'));
    this.SUBRULE(this.qualifiedName);
  });

  explainStatement = this.RULE('explainStatement', () => {
    this.CONSUME(kw('EXPLAIN'));
    this.OPTION({
      GATE: () => this.LA(1).tokenType === kw('PLAN'),
      DEF: () => {
        this.CONSUME(kw('PLAN'));
        this.CONSUME(kw('FOR'));
      },
    });
    this.OR([
      { ALT: () => this.SUBRULE(this.explainMatch) },
      { ALT: () => this.SUBRULE(this.insertStatement) },
      { ALT: () => this.SUBRULE(this.query) },
    ]);
  });

  explainMatch = this.RULE('explainMatch', () => {
    this.CONSUME(kw('MATCH'));
    this.OR([
      { ALT: () => this.SUBRULE(this.qualifiedName) },
      { ALT: () => this.CONSUME(t.StringLiteral, { LABEL: 'job' }) },
    ]);
    this.OPTION(() => {
      this.CONSUME(kw('FOR'));
      this.CONSUME(kw('KEY'));
      this.CONSUME(t.LeftParen);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.operand, { LABEL: 'key' }) });
      this.CONSUME(t.RightParen);
    });
    this.OPTION2(() => {
      this.CONSUME(kw('BETWEEN'));
      this.SUBRULE2(this.operand, { LABEL: 'from' });
      this.CONSUME(kw('AND'));
      this.SUBRULE3(this.operand, { LABEL: 'to' });
    });
  });

  describeStatement = this.RULE('describeStatement', () => {
    this.OR([{ ALT: () => this.CONSUME(kw('DESCRIBE')) }, { ALT: () => this.CONSUME(kw('DESC')) }]);
    this.SUBRULE(this.qualifiedName);
  });

  showStatement = this.RULE('showStatement', () => {
    this.CONSUME(kw('SHOW'));
    this.OR([
      { ALT: () => this.CONSUME(kw('TABLES'), { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(kw('VIEWS'), { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(kw('FUNCTIONS'), { LABEL: 'what' }) },
      { ALT: () => this.CONSUME(kw('JOBS'), { LABEL: 'what' }) },
      {
        ALT: () => {
          this.CONSUME(kw('CREATE'), { LABEL: 'what' });
          this.OR2([
            { ALT: () => this.CONSUME(kw('TABLE'), { LABEL: 'object' }) },
            { ALT: () => this.CONSUME(kw('VIEW'), { LABEL: 'object' }) },
          ]);
          this.SUBRULE(this.qualifiedName);
        },
      },
    ]);
  });

  setStatement = this.RULE('setStatement', () => {
    this.CONSUME(kw('SET'));
    this.OPTION(() => {
      this.CONSUME(t.StringLiteral, { LABEL: 'key' });
      this.CONSUME(t.Equal);
      this.CONSUME2(t.StringLiteral, { LABEL: 'value' });
    });
  });

  resetStatement = this.RULE('resetStatement', () => {
    this.CONSUME(kw('RESET'));
    this.OPTION(() => this.CONSUME(t.StringLiteral, { LABEL: 'key' }));
  });

  stopStatement = this.RULE('stopStatement', () => {
    this.CONSUME(kw('STOP'));
    this.CONSUME(kw('JOB'));
    this.CONSUME(t.StringLiteral, { LABEL: 'job' });
    this.MANY(() => {
      this.CONSUME(kw('WITH'));
      this.OR([
        { ALT: () => this.CONSUME(kw('SAVEPOINT'), { LABEL: 'mode' }) },
        { ALT: () => this.CONSUME(kw('DRAIN'), { LABEL: 'mode' }) },
      ]);
    });
  });
}
