import type { IParserConfig } from 'chevrotain';
import { CstParser } from './chevrotain.ts';
import * as t from './tokens.ts';
import { kw } from './tokens.ts';

/**
 * Data types. The builder of the tree checks the names of types, so that an unknown name gets a
 * good message.
 */
export abstract class DataTypeRules extends CstParser {
  constructor(config: IParserConfig) {
    super(t.ALL_TOKENS, config);
  }

  /** Any name that is not reserved, or a quoted one. */
  identifier = this.RULE('identifier', () => {
    this.CONSUME(t.Identifier);
  });

  dataType = this.RULE('dataType', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.collectionType) },
      { ALT: () => this.SUBRULE(this.rowType) },
      { ALT: () => this.SUBRULE(this.plainType) },
    ]);
    this.OPTION({
      // `RETURNING INT NULL ON EMPTY`: here NULL does not belong to the type.
      GATE: () => this.LA(2).tokenType !== kw('ON'),
      DEF: () => {
        this.OPTION2(() => this.CONSUME(kw('NOT')));
        this.CONSUME(kw('NULL'));
      },
    });
  });

  collectionType = this.RULE('collectionType', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('ARRAY')) },
      { ALT: () => this.CONSUME(kw('MULTISET')) },
      { ALT: () => this.CONSUME(kw('MAP')) },
    ]);
    this.CONSUME(t.Less);
    this.SUBRULE(this.dataType);
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE2(this.dataType);
    });
    this.CONSUME(t.Greater);
  });

  rowType = this.RULE('rowType', () => {
    this.CONSUME(kw('ROW'));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Less);
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.rowField) });
          this.CONSUME(t.Greater);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE2(this.rowField) });
          this.CONSUME(t.RightParen);
        },
      },
    ]);
  });

  rowField = this.RULE('rowField', () => {
    this.SUBRULE(this.identifier);
    this.SUBRULE(this.dataType);
    this.OPTION(() => this.CONSUME(t.StringLiteral));
  });

  plainType = this.RULE('plainType', () => {
    this.OR([
      { ALT: () => this.CONSUME(kw('DATE'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('TIME'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('TIMESTAMP'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(kw('INTERVAL'), { LABEL: 'name' }) },
      { ALT: () => this.CONSUME(t.Identifier, { LABEL: 'name' }) },
    ]);
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.IntegerLiteral) });
      this.CONSUME(t.RightParen);
    });
    this.OPTION2(() => {
      this.OR2([{ ALT: () => this.CONSUME(kw('WITH')) }, { ALT: () => this.CONSUME(kw('WITHOUT')) }]);
      this.OPTION3(() => this.CONSUME(kw('LOCAL')));
      this.CONSUME2(kw('TIME'));
      this.CONSUME(kw('ZONE'));
    });
  });
}
