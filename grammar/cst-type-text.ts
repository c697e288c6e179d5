import { generateCstDts } from './chevrotain.ts';
import { AnalysedParser } from './parser.ts';

/** Generates the text of `cst-types.ts`. The text has one interface for each rule's node. */
export function generateCstTypes(): string {
  const types = generateCstDts(new AnalysedParser(true).getGAstProductions(), { includeVisitorInterface: false });
  const text = types.replace('CstNode, ICstVisitor, IToken', 'CstNode, IToken');
  return `// Generated from the grammar by scripts/generate-cst-types.ts. Do not edit.\n${text}\n`;
}
