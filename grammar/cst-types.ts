// Generated from the grammar by scripts/generate-cst-types.ts. Do not edit.
import type { CstNode, IToken } from "chevrotain";

export interface IdentifierCstNode extends CstNode {
  name: "identifier";
  children: IdentifierCstChildren;
}

export type IdentifierCstChildren = {
  Identifier: IToken[];
};

export interface DataTypeCstNode extends CstNode {
  name: "dataType";
  children: DataTypeCstChildren;
}

export type DataTypeCstChildren = {
  collectionType?: CollectionTypeCstNode[];
  rowType?: RowTypeCstNode[];
  plainType?: PlainTypeCstNode[];
  NOT?: IToken[];
  NULL?: IToken[];
};

export interface CollectionTypeCstNode extends CstNode {
  name: "collectionType";
  children: CollectionTypeCstChildren;
}

export type CollectionTypeCstChildren = {
  ARRAY?: IToken[];
  MULTISET?: IToken[];
  MAP?: IToken[];
  Less: IToken[];
  dataType: (DataTypeCstNode)[];
  Comma?: IToken[];
  Greater: IToken[];
};

export interface RowTypeCstNode extends CstNode {
  name: "rowType";
  children: RowTypeCstChildren;
}

export type RowTypeCstChildren = {
  ROW: IToken[];
  Less?: IToken[];
  rowField?: (RowFieldCstNode)[];
  Comma?: (IToken)[];
  Greater?: IToken[];
  LeftParen?: IToken[];
  RightParen?: IToken[];
};

export interface RowFieldCstNode extends CstNode {
  name: "rowField";
  children: RowFieldCstChildren;
}

export type RowFieldCstChildren = {
  identifier: IdentifierCstNode[];
  dataType: DataTypeCstNode[];
  StringLiteral?: IToken[];
};

export interface PlainTypeCstNode extends CstNode {
  name: "plainType";
  children: PlainTypeCstChildren;
}

export type PlainTypeCstChildren = {
  name?: (IToken)[];
  LeftParen?: IToken[];
  IntegerLiteral?: IToken[];
  Comma?: IToken[];
  RightParen?: IToken[];
  WITH?: IToken[];
  WITHOUT?: IToken[];
  LOCAL?: IToken[];
  TIME?: IToken[];
  ZONE?: IToken[];
};

export interface LiteralCstNode extends CstNode {
  name: "literal";
  children: LiteralCstChildren;
}

export type LiteralCstChildren = {
  IntegerLiteral?: IToken[];
  DecimalLiteral?: IToken[];
  ApproximateLiteral?: IToken[];
  StringLiteral?: (IToken)[];
  BinaryLiteral?: IToken[];
  TRUE?: IToken[];
  FALSE?: IToken[];
  UNKNOWN?: IToken[];
  NULL?: IToken[];
  temporal?: (IToken)[];
  intervalLiteral?: IntervalLiteralCstNode[];
};

export interface IntervalLiteralCstNode extends CstNode {
  name: "intervalLiteral";
  children: IntervalLiteralCstChildren;
}

export type IntervalLiteralCstChildren = {
  INTERVAL: IToken[];
  sign?: IToken[];
  StringLiteral: IToken[];
  intervalQualifier: IntervalQualifierCstNode[];
};

export interface IntervalQualifierCstNode extends CstNode {
  name: "intervalQualifier";
  children: IntervalQualifierCstChildren;
}

export type IntervalQualifierCstChildren = {
  from: IToken[];
  LeftParen?: (IToken)[];
  precision?: IToken[];
  Comma?: IToken[];
  RightParen?: (IToken)[];
  TO?: IToken[];
  to?: IToken[];
  toPrecision?: IToken[];
};

export interface JsonFunctionCstNode extends CstNode {
  name: "jsonFunction";
  children: JsonFunctionCstChildren;
}

export type JsonFunctionCstChildren = {
  name?: (IToken)[];
  LeftParen: IToken[];
  json: ExpressionCstNode[];
  Comma: IToken[];
  path: ExpressionCstNode[];
  RETURNING?: IToken[];
  dataType?: DataTypeCstNode[];
  jsonWrapper?: JsonWrapperCstNode[];
  jsonBehavior?: JsonBehaviorCstNode[];
  RightParen: IToken[];
};

export interface JsonWrapperCstNode extends CstNode {
  name: "jsonWrapper";
  children: JsonWrapperCstChildren;
}

export type JsonWrapperCstChildren = {
  WITH?: IToken[];
  WITHOUT?: IToken[];
  CONDITIONAL?: IToken[];
  UNCONDITIONAL?: IToken[];
  ARRAY?: IToken[];
  WRAPPER: IToken[];
};

export interface JsonBehaviorCstNode extends CstNode {
  name: "jsonBehavior";
  children: JsonBehaviorCstChildren;
}

export type JsonBehaviorCstChildren = {
  mode?: (IToken)[];
  ARRAY?: IToken[];
  OBJECT?: IToken[];
  DEFAULT?: IToken[];
  expression?: ExpressionCstNode[];
  ON: IToken[];
  event?: (IToken)[];
};

export interface JsonObjectFunctionCstNode extends CstNode {
  name: "jsonObjectFunction";
  children: JsonObjectFunctionCstChildren;
}

export type JsonObjectFunctionCstChildren = {
  JSON_OBJECT: IToken[];
  LeftParen: IToken[];
  jsonMember?: JsonMemberCstNode[];
  Comma?: IToken[];
  jsonNulls?: JsonNullsCstNode[];
  RightParen: IToken[];
};

export interface JsonMemberCstNode extends CstNode {
  name: "jsonMember";
  children: JsonMemberCstChildren;
}

export type JsonMemberCstChildren = {
  KEY?: IToken[];
  key: ExpressionCstNode[];
  VALUE?: IToken[];
  Colon?: IToken[];
  value: ExpressionCstNode[];
};

export interface JsonArrayFunctionCstNode extends CstNode {
  name: "jsonArrayFunction";
  children: JsonArrayFunctionCstChildren;
}

export type JsonArrayFunctionCstChildren = {
  JSON_ARRAY: IToken[];
  LeftParen: IToken[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
  jsonNulls?: JsonNullsCstNode[];
  RightParen: IToken[];
};

export interface JsonNullsCstNode extends CstNode {
  name: "jsonNulls";
  children: JsonNullsCstChildren;
}

export type JsonNullsCstChildren = {
  mode?: (IToken)[];
  ON: IToken[];
  NULL: IToken[];
};

export interface SpecialFunctionCstNode extends CstNode {
  name: "specialFunction";
  children: SpecialFunctionCstChildren;
}

export type SpecialFunctionCstChildren = {
  extractFunction?: ExtractFunctionCstNode[];
  positionFunction?: PositionFunctionCstNode[];
  substringFunction?: SubstringFunctionCstNode[];
  trimFunction?: TrimFunctionCstNode[];
  overlayFunction?: OverlayFunctionCstNode[];
  jsonFunction?: JsonFunctionCstNode[];
  jsonObjectFunction?: JsonObjectFunctionCstNode[];
  jsonArrayFunction?: JsonArrayFunctionCstNode[];
};

export interface ExtractFunctionCstNode extends CstNode {
  name: "extractFunction";
  children: ExtractFunctionCstChildren;
}

export type ExtractFunctionCstChildren = {
  EXTRACT: IToken[];
  LeftParen: IToken[];
  unit: IToken[];
  FROM: IToken[];
  expression: ExpressionCstNode[];
  RightParen: IToken[];
};

export interface PositionFunctionCstNode extends CstNode {
  name: "positionFunction";
  children: PositionFunctionCstChildren;
}

export type PositionFunctionCstChildren = {
  POSITION: IToken[];
  LeftParen: IToken[];
  needle: OperandCstNode[];
  IN: IToken[];
  text: OperandCstNode[];
  RightParen: IToken[];
};

export interface SubstringFunctionCstNode extends CstNode {
  name: "substringFunction";
  children: SubstringFunctionCstChildren;
}

export type SubstringFunctionCstChildren = {
  SUBSTRING: IToken[];
  LeftParen: IToken[];
  argument: (ExpressionCstNode)[];
  FROM?: IToken[];
  FOR?: IToken[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface TrimFunctionCstNode extends CstNode {
  name: "trimFunction";
  children: TrimFunctionCstChildren;
}

export type TrimFunctionCstChildren = {
  TRIM: IToken[];
  LeftParen: IToken[];
  mode?: (IToken)[];
  first?: ExpressionCstNode[];
  FROM?: IToken[];
  text?: ExpressionCstNode[];
  RightParen: IToken[];
};

export interface OverlayFunctionCstNode extends CstNode {
  name: "overlayFunction";
  children: OverlayFunctionCstChildren;
}

export type OverlayFunctionCstChildren = {
  OVERLAY: IToken[];
  LeftParen: IToken[];
  argument: (ExpressionCstNode)[];
  PLACING: IToken[];
  FROM: IToken[];
  FOR?: IToken[];
  RightParen: IToken[];
};

export interface FunctionCallCstNode extends CstNode {
  name: "functionCall";
  children: FunctionCallCstChildren;
}

export type FunctionCallCstChildren = {
  matchMode?: (IToken)[];
  name?: (IToken)[];
  LeftParen: (IToken)[];
  DISTINCT?: IToken[];
  ALL?: IToken[];
  Star?: IToken[];
  expression?: ExpressionCstNode[];
  Comma?: (IToken)[];
  TO?: IToken[];
  unit?: IToken[];
  jsonNulls?: JsonNullsCstNode[];
  argumentClauses?: ArgumentClausesCstNode[];
  RightParen: (IToken)[];
  nullTreatment?: NullTreatmentCstNode[];
  WITHIN?: IToken[];
  GROUP?: IToken[];
  ORDER?: IToken[];
  BY?: IToken[];
  withinGroup?: OrderItemCstNode[];
  FILTER?: IToken[];
  WHERE?: IToken[];
  filter?: ExpressionCstNode[];
  OVER?: IToken[];
  windowName?: IdentifierCstNode[];
  windowSpecification?: WindowSpecificationCstNode[];
};

export interface ArgumentClausesCstNode extends CstNode {
  name: "argumentClauses";
  children: ArgumentClausesCstChildren;
}

export type ArgumentClausesCstChildren = {
  nullTreatment?: NullTreatmentCstNode[];
  ORDER?: IToken[];
  BY?: IToken[];
  orderItem?: OrderItemCstNode[];
  Comma?: IToken[];
};

export interface NullTreatmentCstNode extends CstNode {
  name: "nullTreatment";
  children: NullTreatmentCstChildren;
}

export type NullTreatmentCstChildren = {
  IGNORE?: IToken[];
  RESPECT?: IToken[];
  NULLS: IToken[];
};

export interface WindowSpecificationCstNode extends CstNode {
  name: "windowSpecification";
  children: WindowSpecificationCstChildren;
}

export type WindowSpecificationCstChildren = {
  LeftParen: IToken[];
  PARTITION?: IToken[];
  BY?: (IToken)[];
  partition?: ExpressionCstNode[];
  Comma?: (IToken)[];
  ORDER?: IToken[];
  orderItem?: OrderItemCstNode[];
  unit?: (IToken)[];
  BETWEEN?: IToken[];
  frameBound?: (FrameBoundCstNode)[];
  AND?: IToken[];
  RightParen: IToken[];
};

export interface FrameBoundCstNode extends CstNode {
  name: "frameBound";
  children: FrameBoundCstChildren;
}

export type FrameBoundCstChildren = {
  UNBOUNDED?: IToken[];
  frameDirection?: (FrameDirectionCstNode)[];
  CURRENT?: IToken[];
  ROW?: IToken[];
  operand?: OperandCstNode[];
};

export interface FrameDirectionCstNode extends CstNode {
  name: "frameDirection";
  children: FrameDirectionCstChildren;
}

export type FrameDirectionCstChildren = {
  PRECEDING?: IToken[];
  FOLLOWING?: IToken[];
};

export interface OrderItemCstNode extends CstNode {
  name: "orderItem";
  children: OrderItemCstChildren;
}

export type OrderItemCstChildren = {
  expression: ExpressionCstNode[];
  ASC?: IToken[];
  DESC?: IToken[];
  NULLS?: IToken[];
  FIRST?: IToken[];
  LAST?: IToken[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  logicTerm: (LogicTermCstNode)[];
  operator?: (IToken)[];
};

export interface LogicTermCstNode extends CstNode {
  name: "logicTerm";
  children: LogicTermCstChildren;
}

export type LogicTermCstChildren = {
  NOT?: IToken[];
  operand: OperandCstNode[];
  predicate?: PredicateCstNode[];
};

export interface PredicateCstNode extends CstNode {
  name: "predicate";
  children: PredicateCstChildren;
}

export type PredicateCstChildren = {
  ComparisonOperator?: IToken[];
  operand?: OperandCstNode[];
  isPredicate?: IsPredicateCstNode[];
  NOT?: IToken[];
  betweenPredicate?: BetweenPredicateCstNode[];
  inPredicate?: InPredicateCstNode[];
  likePredicate?: LikePredicateCstNode[];
};

export interface IsPredicateCstNode extends CstNode {
  name: "isPredicate";
  children: IsPredicateCstChildren;
}

export type IsPredicateCstChildren = {
  IS: IToken[];
  NOT?: IToken[];
  what?: (IToken)[];
  DISTINCT?: IToken[];
  FROM?: IToken[];
  operand?: OperandCstNode[];
  JSON?: IToken[];
  jsonKind?: (IToken)[];
};

export interface BetweenPredicateCstNode extends CstNode {
  name: "betweenPredicate";
  children: BetweenPredicateCstChildren;
}

export type BetweenPredicateCstChildren = {
  BETWEEN: IToken[];
  SYMMETRIC?: IToken[];
  ASYMMETRIC?: IToken[];
  low: OperandCstNode[];
  AND: IToken[];
  high: OperandCstNode[];
};

export interface InPredicateCstNode extends CstNode {
  name: "inPredicate";
  children: InPredicateCstChildren;
}

export type InPredicateCstChildren = {
  IN: IToken[];
  LeftParen: IToken[];
  query?: QueryCstNode[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface LikePredicateCstNode extends CstNode {
  name: "likePredicate";
  children: LikePredicateCstChildren;
}

export type LikePredicateCstChildren = {
  LIKE?: IToken[];
  SIMILAR?: IToken[];
  TO?: IToken[];
  pattern: OperandCstNode[];
  ESCAPE?: IToken[];
  escape?: OperandCstNode[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  factor: (FactorCstNode)[];
  operator?: (IToken)[];
};

export interface FactorCstNode extends CstNode {
  name: "factor";
  children: FactorCstChildren;
}

export type FactorCstChildren = {
  sign?: IToken[];
  primary: PrimaryCstNode[];
  access?: AccessCstNode[];
};

export interface AccessCstNode extends CstNode {
  name: "access";
  children: AccessCstChildren;
}

export type AccessCstChildren = {
  LeftBracket?: IToken[];
  expression?: ExpressionCstNode[];
  RightBracket?: IToken[];
  Dot?: IToken[];
  identifier?: IdentifierCstNode[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  literal?: LiteralCstNode[];
  caseExpression?: CaseExpressionCstNode[];
  castExpression?: CastExpressionCstNode[];
  specialFunction?: SpecialFunctionCstNode[];
  constructorExpression?: ConstructorExpressionCstNode[];
  existsExpression?: ExistsExpressionCstNode[];
  parenthesized?: ParenthesizedCstNode[];
  functionCall?: FunctionCallCstNode[];
  columnReference?: ColumnReferenceCstNode[];
};

export interface CaseExpressionCstNode extends CstNode {
  name: "caseExpression";
  children: CaseExpressionCstChildren;
}

export type CaseExpressionCstChildren = {
  CASE: IToken[];
  subject?: ExpressionCstNode[];
  WHEN: IToken[];
  when: ExpressionCstNode[];
  THEN: IToken[];
  then: ExpressionCstNode[];
  ELSE?: IToken[];
  otherwise?: ExpressionCstNode[];
  END: IToken[];
};

export interface CastExpressionCstNode extends CstNode {
  name: "castExpression";
  children: CastExpressionCstChildren;
}

export type CastExpressionCstChildren = {
  CAST?: IToken[];
  TRY_CAST?: IToken[];
  LeftParen: IToken[];
  expression: ExpressionCstNode[];
  AS: IToken[];
  dataType: DataTypeCstNode[];
  RightParen: IToken[];
};

export interface ConstructorExpressionCstNode extends CstNode {
  name: "constructorExpression";
  children: ConstructorExpressionCstChildren;
}

export type ConstructorExpressionCstChildren = {
  ARRAY?: IToken[];
  MAP?: IToken[];
  LeftBracket?: IToken[];
  expression?: (ExpressionCstNode)[];
  Comma?: (IToken)[];
  RightBracket?: IToken[];
  ROW?: IToken[];
  LeftParen?: IToken[];
  RightParen?: IToken[];
};

export interface ExistsExpressionCstNode extends CstNode {
  name: "existsExpression";
  children: ExistsExpressionCstChildren;
}

export type ExistsExpressionCstChildren = {
  EXISTS: IToken[];
  LeftParen: IToken[];
  query: QueryCstNode[];
  RightParen: IToken[];
};

export interface ParenthesizedCstNode extends CstNode {
  name: "parenthesized";
  children: ParenthesizedCstChildren;
}

export type ParenthesizedCstChildren = {
  LeftParen: IToken[];
  query?: QueryCstNode[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
  intervalQualifier?: IntervalQualifierCstNode[];
};

export interface ColumnReferenceCstNode extends CstNode {
  name: "columnReference";
  children: ColumnReferenceCstChildren;
}

export type ColumnReferenceCstChildren = {
  identifier: (IdentifierCstNode)[];
  Dot?: IToken[];
  Star?: IToken[];
};

export interface MatchRecognizeCstNode extends CstNode {
  name: "matchRecognize";
  children: MatchRecognizeCstChildren;
}

export type MatchRecognizeCstChildren = {
  MATCH_RECOGNIZE: IToken[];
  LeftParen: (IToken)[];
  PARTITION?: IToken[];
  BY?: (IToken)[];
  partition?: ExpressionCstNode[];
  Comma?: (IToken)[];
  ORDER?: IToken[];
  orderItem?: OrderItemCstNode[];
  MEASURES?: IToken[];
  measure?: MeasureCstNode[];
  rowsPerMatch?: RowsPerMatchCstNode[];
  afterMatch?: AfterMatchCstNode[];
  PATTERN: IToken[];
  pattern: PatternCstNode[];
  RightParen: (IToken)[];
  WITHIN?: IToken[];
  within?: OperandCstNode[];
  PER?: IToken[];
  STEP?: IToken[];
  SUBSET?: IToken[];
  subset?: SubsetCstNode[];
  DEFINE: IToken[];
  definition: DefinitionCstNode[];
};

export interface MeasureCstNode extends CstNode {
  name: "measure";
  children: MeasureCstChildren;
}

export type MeasureCstChildren = {
  expression: ExpressionCstNode[];
  AS: IToken[];
  identifier: IdentifierCstNode[];
};

export interface RowsPerMatchCstNode extends CstNode {
  name: "rowsPerMatch";
  children: RowsPerMatchCstChildren;
}

export type RowsPerMatchCstChildren = {
  mode?: (IToken)[];
  ROW?: IToken[];
  ROWS?: (IToken)[];
  PER: IToken[];
  MATCH: IToken[];
  SHOW?: IToken[];
  TIMEOUT?: IToken[];
  EMPTY?: (IToken)[];
  MATCHES?: (IToken)[];
  OMIT?: IToken[];
  WITH?: IToken[];
  UNMATCHED?: IToken[];
};

export interface AfterMatchCstNode extends CstNode {
  name: "afterMatch";
  children: AfterMatchCstChildren;
}

export type AfterMatchCstChildren = {
  AFTER: IToken[];
  MATCH: IToken[];
  NO?: IToken[];
  SKIP?: (IToken)[];
  PAST?: IToken[];
  LAST?: IToken[];
  ROW?: (IToken)[];
  TO?: IToken[];
  NEXT?: IToken[];
  place?: (IToken)[];
  identifier?: (IdentifierCstNode)[];
};

export interface PatternCstNode extends CstNode {
  name: "pattern";
  children: PatternCstChildren;
}

export type PatternCstChildren = {
  patternSequence: PatternSequenceCstNode[];
  Bar?: IToken[];
};

export interface PatternSequenceCstNode extends CstNode {
  name: "patternSequence";
  children: PatternSequenceCstChildren;
}

export type PatternSequenceCstChildren = {
  element: (PatternElementCstNode | LinkedElementCstNode)[];
};

export interface LinkedElementCstNode extends CstNode {
  name: "linkedElement";
  children: LinkedElementCstChildren;
}

export type LinkedElementCstChildren = {
  patternLink?: PatternLinkCstNode[];
  patternElement: PatternElementCstNode[];
};

export interface PatternLinkCstNode extends CstNode {
  name: "patternLink";
  children: PatternLinkCstChildren;
}

export type PatternLinkCstChildren = {
  NOT?: IToken[];
  NEXT?: IToken[];
  FOLLOWED?: IToken[];
  BY?: IToken[];
  ANY?: IToken[];
};

export interface PatternElementCstNode extends CstNode {
  name: "patternElement";
  children: PatternElementCstChildren;
}

export type PatternElementCstChildren = {
  PERMUTE?: IToken[];
  LeftParen?: (IToken)[];
  permuted?: PatternCstNode[];
  Comma?: IToken[];
  RightParen?: (IToken)[];
  LeftBrace?: IToken[];
  Minus?: (IToken)[];
  excluded?: PatternCstNode[];
  RightBrace?: IToken[];
  group?: PatternCstNode[];
  anchor?: (IToken)[];
  identifier?: IdentifierCstNode[];
  patternQuantifier?: PatternQuantifierCstNode[];
  loopOption?: LoopOptionCstNode[];
};

export interface PatternQuantifierCstNode extends CstNode {
  name: "patternQuantifier";
  children: PatternQuantifierCstChildren;
}

export type PatternQuantifierCstChildren = {
  Star?: IToken[];
  Plus?: IToken[];
  optional?: IToken[];
  LeftBrace?: IToken[];
  min?: IToken[];
  Comma?: IToken[];
  max?: IToken[];
  RightBrace?: IToken[];
  reluctant?: IToken[];
};

export interface LoopOptionCstNode extends CstNode {
  name: "loopOption";
  children: LoopOptionCstChildren;
}

export type LoopOptionCstChildren = {
  word?: (IToken)[];
  identifier?: IdentifierCstNode[];
  intervalLiteral?: IntervalLiteralCstNode[];
};

export interface SubsetCstNode extends CstNode {
  name: "subset";
  children: SubsetCstChildren;
}

export type SubsetCstChildren = {
  identifier: (IdentifierCstNode)[];
  Equal: IToken[];
  LeftParen: IToken[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface DefinitionCstNode extends CstNode {
  name: "definition";
  children: DefinitionCstChildren;
}

export type DefinitionCstChildren = {
  identifier: IdentifierCstNode[];
  AS: IToken[];
  expression: ExpressionCstNode[];
};

export interface ColumnListCstNode extends CstNode {
  name: "columnList";
  children: ColumnListCstChildren;
}

export type ColumnListCstChildren = {
  LeftParen: IToken[];
  identifier: IdentifierCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface QualifiedNameCstNode extends CstNode {
  name: "qualifiedName";
  children: QualifiedNameCstChildren;
}

export type QualifiedNameCstChildren = {
  identifier: IdentifierCstNode[];
  Dot?: IToken[];
};

export interface TableReferenceCstNode extends CstNode {
  name: "tableReference";
  children: TableReferenceCstChildren;
}

export type TableReferenceCstChildren = {
  tableFactor: TableFactorCstNode[];
  join?: JoinCstNode[];
};

export interface JoinCstNode extends CstNode {
  name: "join";
  children: JoinCstChildren;
}

export type JoinCstChildren = {
  NATURAL?: IToken[];
  type?: (IToken)[];
  OUTER?: IToken[];
  JOIN: IToken[];
  tableFactor: TableFactorCstNode[];
  ON?: IToken[];
  expression?: ExpressionCstNode[];
  USING?: IToken[];
  columnList?: ColumnListCstNode[];
};

export interface TableFactorCstNode extends CstNode {
  name: "tableFactor";
  children: TableFactorCstChildren;
}

export type TableFactorCstChildren = {
  tablePrimary: TablePrimaryCstNode[];
  tableAlias?: TableAliasCstNode[];
  matchRecognize?: MatchRecognizeCstNode[];
  matchAlias?: TableAliasCstNode[];
};

export interface TableAliasCstNode extends CstNode {
  name: "tableAlias";
  children: TableAliasCstChildren;
}

export type TableAliasCstChildren = {
  AS?: IToken[];
  identifier: IdentifierCstNode[];
  columnList?: ColumnListCstNode[];
};

export interface TablePrimaryCstNode extends CstNode {
  name: "tablePrimary";
  children: TablePrimaryCstChildren;
}

export type TablePrimaryCstChildren = {
  LATERAL?: IToken[];
  TABLE?: (IToken)[];
  LeftParen?: (IToken)[];
  functionCall?: FunctionCallCstNode[];
  RightParen?: (IToken)[];
  query?: (QueryCstNode)[];
  UNNEST?: IToken[];
  expression?: ExpressionCstNode[];
  WITH?: IToken[];
  Identifier?: IToken[];
  tableFunction?: (TableFunctionCstNode)[];
  namedTable?: NamedTableCstNode[];
};

export interface NamedTableCstNode extends CstNode {
  name: "namedTable";
  children: NamedTableCstChildren;
}

export type NamedTableCstChildren = {
  qualifiedName: QualifiedNameCstNode[];
  Hint?: IToken[];
  FOR?: IToken[];
  SYSTEM_TIME?: IToken[];
  AS?: IToken[];
  OF?: IToken[];
  asOf?: OperandCstNode[];
};

export interface TableFunctionCstNode extends CstNode {
  name: "tableFunction";
  children: TableFunctionCstChildren;
}

export type TableFunctionCstChildren = {
  identifier: IdentifierCstNode[];
  LeftParen: IToken[];
  tableArgument?: TableArgumentCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface TableArgumentCstNode extends CstNode {
  name: "tableArgument";
  children: TableArgumentCstChildren;
}

export type TableArgumentCstChildren = {
  argumentName?: IdentifierCstNode[];
  Arrow?: IToken[];
  TABLE?: IToken[];
  qualifiedName?: QualifiedNameCstNode[];
  LeftParen?: IToken[];
  query?: QueryCstNode[];
  RightParen?: IToken[];
  PARTITION?: IToken[];
  BY?: IToken[];
  columnList?: ColumnListCstNode[];
  partition?: (IdentifierCstNode)[];
  Comma?: IToken[];
  DESCRIPTOR?: IToken[];
  descriptor?: ColumnListCstNode[];
  expression?: ExpressionCstNode[];
};

export interface QueryCstNode extends CstNode {
  name: "query";
  children: QueryCstChildren;
}

export type QueryCstChildren = {
  WITH?: IToken[];
  RECURSIVE?: IToken[];
  commonTable?: CommonTableCstNode[];
  Comma?: IToken[];
  queryTerm: QueryTermCstNode[];
  setOperation?: SetOperationCstNode[];
  orderBy?: OrderByCstNode[];
  limit?: LimitCstNode[];
};

export interface CommonTableCstNode extends CstNode {
  name: "commonTable";
  children: CommonTableCstChildren;
}

export type CommonTableCstChildren = {
  identifier: IdentifierCstNode[];
  columnList?: ColumnListCstNode[];
  AS: IToken[];
  LeftParen: IToken[];
  query: QueryCstNode[];
  RightParen: IToken[];
};

export interface SetOperationCstNode extends CstNode {
  name: "setOperation";
  children: SetOperationCstChildren;
}

export type SetOperationCstChildren = {
  operator?: (IToken)[];
  ALL?: IToken[];
  DISTINCT?: IToken[];
  queryTerm: QueryTermCstNode[];
};

export interface QueryTermCstNode extends CstNode {
  name: "queryTerm";
  children: QueryTermCstChildren;
}

export type QueryTermCstChildren = {
  select?: SelectCstNode[];
  values?: ValuesCstNode[];
  LeftParen?: IToken[];
  query?: QueryCstNode[];
  RightParen?: IToken[];
};

export interface ValuesCstNode extends CstNode {
  name: "values";
  children: ValuesCstChildren;
}

export type ValuesCstChildren = {
  VALUES: IToken[];
  expression: ExpressionCstNode[];
  Comma?: IToken[];
};

export interface OrderByCstNode extends CstNode {
  name: "orderBy";
  children: OrderByCstChildren;
}

export type OrderByCstChildren = {
  ORDER: IToken[];
  BY: IToken[];
  orderItem: OrderItemCstNode[];
  Comma?: IToken[];
};

export interface LimitCstNode extends CstNode {
  name: "limit";
  children: LimitCstChildren;
}

export type LimitCstChildren = {
  LIMIT?: IToken[];
  IntegerLiteral?: (IToken)[];
  ALL?: IToken[];
  OFFSET?: (IToken)[];
  ROW?: IToken[];
  ROWS?: IToken[];
  fetch?: (FetchCstNode)[];
};

export interface FetchCstNode extends CstNode {
  name: "fetch";
  children: FetchCstChildren;
}

export type FetchCstChildren = {
  FETCH: IToken[];
  FIRST?: IToken[];
  NEXT?: IToken[];
  IntegerLiteral?: IToken[];
  ROW?: IToken[];
  ROWS?: IToken[];
  ONLY: IToken[];
};

export interface SelectCstNode extends CstNode {
  name: "select";
  children: SelectCstChildren;
}

export type SelectCstChildren = {
  SELECT: IToken[];
  Hint?: IToken[];
  DISTINCT?: IToken[];
  ALL?: IToken[];
  selectItem: SelectItemCstNode[];
  Comma?: (IToken)[];
  FROM?: IToken[];
  tableReference?: TableReferenceCstNode[];
  WHERE?: IToken[];
  where?: ExpressionCstNode[];
  groupBy?: GroupByCstNode[];
  HAVING?: IToken[];
  having?: ExpressionCstNode[];
  WINDOW?: IToken[];
  namedWindow?: NamedWindowCstNode[];
};

export interface NamedWindowCstNode extends CstNode {
  name: "namedWindow";
  children: NamedWindowCstChildren;
}

export type NamedWindowCstChildren = {
  identifier: IdentifierCstNode[];
  AS: IToken[];
  windowSpecification: WindowSpecificationCstNode[];
};

export interface SelectItemCstNode extends CstNode {
  name: "selectItem";
  children: SelectItemCstChildren;
}

export type SelectItemCstChildren = {
  Star?: IToken[];
  expression?: ExpressionCstNode[];
  AS?: IToken[];
  identifier?: IdentifierCstNode[];
};

export interface GroupByCstNode extends CstNode {
  name: "groupBy";
  children: GroupByCstChildren;
}

export type GroupByCstChildren = {
  GROUP: IToken[];
  BY: IToken[];
  groupItem: GroupItemCstNode[];
  Comma?: IToken[];
};

export interface GroupItemCstNode extends CstNode {
  name: "groupItem";
  children: GroupItemCstChildren;
}

export type GroupItemCstChildren = {
  GROUPING?: IToken[];
  SETS?: IToken[];
  LeftParen?: (IToken)[];
  groupItem?: GroupItemCstNode[];
  Comma?: IToken[];
  RightParen?: (IToken)[];
  expression?: ExpressionCstNode[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  createStatement?: CreateStatementCstNode[];
  dropStatement?: DropStatementCstNode[];
  insertStatement?: InsertStatementCstNode[];
  explainStatement?: ExplainStatementCstNode[];
  describeStatement?: DescribeStatementCstNode[];
  showStatement?: ShowStatementCstNode[];
  setStatement?: SetStatementCstNode[];
  resetStatement?: ResetStatementCstNode[];
  stopStatement?: StopStatementCstNode[];
  query?: QueryCstNode[];
};

export interface CreateStatementCstNode extends CstNode {
  name: "createStatement";
  children: CreateStatementCstChildren;
}

export type CreateStatementCstChildren = {
  CREATE: IToken[];
  TEMPORARY?: IToken[];
  createTable?: CreateTableCstNode[];
  createView?: CreateViewCstNode[];
};

export interface IfNotExistsCstNode extends CstNode {
  name: "ifNotExists";
  children: IfNotExistsCstChildren;
}

export type IfNotExistsCstChildren = {
  IF: IToken[];
  NOT: IToken[];
  EXISTS: IToken[];
};

export interface CreateTableCstNode extends CstNode {
  name: "createTable";
  children: CreateTableCstChildren;
}

export type CreateTableCstChildren = {
  TABLE: IToken[];
  ifNotExists?: IfNotExistsCstNode[];
  qualifiedName: QualifiedNameCstNode[];
  LeftParen?: IToken[];
  tableElement?: TableElementCstNode[];
  Comma?: IToken[];
  RightParen?: IToken[];
  comment?: CommentCstNode[];
  distributed?: IToken[];
  BY?: (IToken)[];
  columnList?: (ColumnListCstNode)[];
  PARTITION?: IToken[];
  withOptions?: WithOptionsCstNode[];
  LIKE?: IToken[];
  like?: QualifiedNameCstNode[];
  likeOptions?: LikeOptionsCstNode[];
  AS?: IToken[];
  query?: QueryCstNode[];
};

export interface LikeOptionsCstNode extends CstNode {
  name: "likeOptions";
  children: LikeOptionsCstChildren;
}

export type LikeOptionsCstChildren = {
  LeftParen: IToken[];
  Identifier?: IToken[];
  ALL?: IToken[];
  RightParen: IToken[];
};

export interface TableElementCstNode extends CstNode {
  name: "tableElement";
  children: TableElementCstChildren;
}

export type TableElementCstChildren = {
  watermark?: WatermarkCstNode[];
  tableConstraint?: TableConstraintCstNode[];
  columnDefinition?: ColumnDefinitionCstNode[];
};

export interface WatermarkCstNode extends CstNode {
  name: "watermark";
  children: WatermarkCstChildren;
}

export type WatermarkCstChildren = {
  WATERMARK: IToken[];
  FOR: IToken[];
  qualifiedName: QualifiedNameCstNode[];
  AS: IToken[];
  expression: ExpressionCstNode[];
};

export interface TableConstraintCstNode extends CstNode {
  name: "tableConstraint";
  children: TableConstraintCstChildren;
}

export type TableConstraintCstChildren = {
  CONSTRAINT?: IToken[];
  identifier?: IdentifierCstNode[];
  PRIMARY?: IToken[];
  KEY?: IToken[];
  UNIQUE?: IToken[];
  columnList: ColumnListCstNode[];
  enforcement?: EnforcementCstNode[];
};

export interface EnforcementCstNode extends CstNode {
  name: "enforcement";
  children: EnforcementCstChildren;
}

export type EnforcementCstChildren = {
  NOT?: IToken[];
  ENFORCED: IToken[];
};

export interface ColumnDefinitionCstNode extends CstNode {
  name: "columnDefinition";
  children: ColumnDefinitionCstChildren;
}

export type ColumnDefinitionCstChildren = {
  identifier: IdentifierCstNode[];
  AS?: IToken[];
  expression?: ExpressionCstNode[];
  dataType?: DataTypeCstNode[];
  metadata?: MetadataCstNode[];
  columnConstraint?: ColumnConstraintCstNode[];
  comment?: CommentCstNode[];
};

export interface MetadataCstNode extends CstNode {
  name: "metadata";
  children: MetadataCstChildren;
}

export type MetadataCstChildren = {
  METADATA: IToken[];
  FROM?: IToken[];
  StringLiteral?: IToken[];
  VIRTUAL?: IToken[];
};

export interface ColumnConstraintCstNode extends CstNode {
  name: "columnConstraint";
  children: ColumnConstraintCstChildren;
}

export type ColumnConstraintCstChildren = {
  CONSTRAINT?: IToken[];
  identifier?: IdentifierCstNode[];
  PRIMARY?: IToken[];
  KEY?: IToken[];
  UNIQUE?: IToken[];
  enforcement?: EnforcementCstNode[];
};

export interface CommentCstNode extends CstNode {
  name: "comment";
  children: CommentCstChildren;
}

export type CommentCstChildren = {
  COMMENT: IToken[];
  StringLiteral: IToken[];
};

export interface WithOptionsCstNode extends CstNode {
  name: "withOptions";
  children: WithOptionsCstChildren;
}

export type WithOptionsCstChildren = {
  WITH: IToken[];
  LeftParen: IToken[];
  tableOption?: TableOptionCstNode[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface TableOptionCstNode extends CstNode {
  name: "tableOption";
  children: TableOptionCstChildren;
}

export type TableOptionCstChildren = {
  key: IToken[];
  Equal: IToken[];
  value: IToken[];
};

export interface CreateViewCstNode extends CstNode {
  name: "createView";
  children: CreateViewCstChildren;
}

export type CreateViewCstChildren = {
  VIEW: IToken[];
  ifNotExists?: IfNotExistsCstNode[];
  qualifiedName: QualifiedNameCstNode[];
  columnList?: ColumnListCstNode[];
  comment?: CommentCstNode[];
  AS: IToken[];
  query: QueryCstNode[];
};

export interface DropStatementCstNode extends CstNode {
  name: "dropStatement";
  children: DropStatementCstChildren;
}

export type DropStatementCstChildren = {
  DROP: IToken[];
  TEMPORARY?: IToken[];
  object?: (IToken)[];
  IF?: IToken[];
  EXISTS?: IToken[];
  qualifiedName: QualifiedNameCstNode[];
};

export interface InsertStatementCstNode extends CstNode {
  name: "insertStatement";
  children: InsertStatementCstChildren;
}

export type InsertStatementCstChildren = {
  INSERT: IToken[];
  INTO: IToken[];
  qualifiedName: QualifiedNameCstNode[];
  Hint?: IToken[];
  columnList?: ColumnListCstNode[];
  query: QueryCstNode[];
  lateRows?: LateRowsCstNode[];
};

export interface LateRowsCstNode extends CstNode {
  name: "lateRows";
  children: LateRowsCstChildren;
}

export type LateRowsCstChildren = {
  LATE: IToken[];
  ROWS: IToken[];
  INTO: IToken[];
  qualifiedName: QualifiedNameCstNode[];
};

export interface ExplainStatementCstNode extends CstNode {
  name: "explainStatement";
  children: ExplainStatementCstChildren;
}

export type ExplainStatementCstChildren = {
  EXPLAIN: IToken[];
  PLAN?: IToken[];
  FOR?: IToken[];
  explainMatch?: ExplainMatchCstNode[];
  insertStatement?: InsertStatementCstNode[];
  query?: QueryCstNode[];
};

export interface ExplainMatchCstNode extends CstNode {
  name: "explainMatch";
  children: ExplainMatchCstChildren;
}

export type ExplainMatchCstChildren = {
  MATCH: IToken[];
  qualifiedName?: QualifiedNameCstNode[];
  job?: IToken[];
  FOR?: IToken[];
  KEY?: IToken[];
  LeftParen?: IToken[];
  key?: OperandCstNode[];
  Comma?: IToken[];
  RightParen?: IToken[];
  BETWEEN?: IToken[];
  from?: OperandCstNode[];
  AND?: IToken[];
  to?: OperandCstNode[];
};

export interface DescribeStatementCstNode extends CstNode {
  name: "describeStatement";
  children: DescribeStatementCstChildren;
}

export type DescribeStatementCstChildren = {
  DESCRIBE?: IToken[];
  DESC?: IToken[];
  qualifiedName: QualifiedNameCstNode[];
};

export interface ShowStatementCstNode extends CstNode {
  name: "showStatement";
  children: ShowStatementCstChildren;
}

export type ShowStatementCstChildren = {
  SHOW: IToken[];
  what?: (IToken)[];
  object?: (IToken)[];
  qualifiedName?: QualifiedNameCstNode[];
};

export interface SetStatementCstNode extends CstNode {
  name: "setStatement";
  children: SetStatementCstChildren;
}

export type SetStatementCstChildren = {
  SET: IToken[];
  key?: IToken[];
  Equal?: IToken[];
  value?: IToken[];
};

export interface ResetStatementCstNode extends CstNode {
  name: "resetStatement";
  children: ResetStatementCstChildren;
}

export type ResetStatementCstChildren = {
  RESET: IToken[];
  key?: IToken[];
};

export interface StopStatementCstNode extends CstNode {
  name: "stopStatement";
  children: StopStatementCstChildren;
}

export type StopStatementCstChildren = {
  STOP: IToken[];
  JOB: IToken[];
  job: IToken[];
  WITH?: IToken[];
  mode?: (IToken)[];
};

