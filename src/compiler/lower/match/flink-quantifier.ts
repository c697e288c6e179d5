import type { Quantifier } from '../../../plan/match-node.ts';
import type { LoopOptionAst, PatternElementAst } from '../../ast/match.ts';
import type { Session } from '../../session.ts';
import { constantInterval } from '../window-spec.ts';
import { needsStandard } from './needs-standard.ts';
import { boundsOf } from './quantifier.ts';

const ONCE: Quantifier = { min: 1, max: 1, optional: false, greedy: false, inner: 'consecutive' };

/**
 * Converts a quantifier with its loop words as Flink's CEP does (flink-semantics 1.2, 2.1). A
 * quantifier is greedy unless it is reluctant. Greediness has no meaning for `?`, `{n}` and {0,1}.
 * Returns null after reporting a mistake.
 */
export function flinkQuantifier(element: PatternElementAst, session: Session): Quantifier | null {
  const { diagnostics } = session;
  const before = diagnostics.errors;
  const ast = element.quantifier;
  const bounds = ast === null ? { min: 1, max: 1 } : boundsOf(ast, session);
  if (bounds === null) return null;
  const { min, max } = bounds;
  const isLoop = max !== 1;
  const words = loopWords(element.options, session);
  if (!isLoop && element.options.length > 0) {
    const option = element.options[0]!;
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      option.span,
      `${wordOf(option)} needs a loop before it`,
      'write it after a quantifier like +, *, {2} or {2,5}',
    );
  }
  if (words.until !== undefined && max !== null) {
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      element.options.find(({ kind }) => kind === 'until')!.span,
      'UNTIL needs a loop without an upper bound',
      'write it after +, * or {n,}',
    );
  }
  if (ast === null) return diagnostics.errors > before ? null : ONCE;
  if (min === 0 && max === 1 && ast.reluctant)
    return needsStandard(
      ast.span,
      'a reluctant optional variable (`??`)',
      session,
      'write `?`: it prefers to leave the variable out where both are possible; or ',
    );
  const greedy = isLoop && !ast.reluctant && min !== max;
  if (greedy && element.item.kind !== 'variable')
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'the loop of a group cannot be greedy',
      'put a `?` after the quantifier: `(A B)+?`; it then takes as few rounds as it can',
    );
  if (greedy && words.inner === 'combinations')
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      ast.span,
      'a loop with COMBINATIONS cannot be greedy',
      'put a `?` after the quantifier: `B+? COMBINATIONS`',
    );
  if (words.gapMs !== undefined && element.item.kind !== 'variable')
    diagnostics.error(
      'SQL_INVALID_PATTERN',
      element.options.find(({ kind }) => kind === 'within')!.span,
      'WITHIN between the rows of a loop needs a loop of one variable, not of a group',
      'write WITHIN after the whole pattern',
    );
  if (diagnostics.errors > before) return null;
  return { min: Math.max(1, min), max, optional: min === 0, greedy, ...words };
}

function loopWords(options: readonly LoopOptionAst[], session: Session): Pick<Quantifier, 'inner' | 'until' | 'gapMs'> {
  const { diagnostics } = session;
  let inner: Quantifier['inner'] = 'consecutive';
  let until: string | undefined;
  let gapMs: number | undefined;
  const seen = new Set<string>();
  for (const option of options) {
    session.extension(option.span, `${wordOf(option)} after a quantifier`, hintOf(option));
    const slot = option.kind === 'until' || option.kind === 'within' ? option.kind : 'contiguity';
    if (seen.has(slot)) {
      diagnostics.error(
        'SQL_INVALID_PATTERN',
        option.span,
        slot === 'contiguity'
          ? 'a loop is CONSECUTIVE, RELAXED or COMBINATIONS: one of the three'
          : `${wordOf(option)} stands twice after one quantifier`,
      );
    }
    seen.add(slot);
    if (option.kind === 'until') until = option.variable.text;
    else if (option.kind === 'within') gapMs = constantInterval(option.interval, 'WITHIN', session) ?? undefined;
    else inner = option.kind;
  }
  return { inner, ...(until === undefined ? {} : { until }), ...(gapMs === undefined ? {} : { gapMs }) };
}

const wordOf = (option: LoopOptionAst): string => option.kind.toUpperCase();

const hintOf = (option: LoopOptionAst): string | undefined =>
  option.kind === 'consecutive' ? 'leave the word out, it is the default' : undefined;
