import type { Nfa } from '../../../plan/nfa/nfa.ts';
import type { ValueCodec } from '../../state/state-store.ts';
import type { MatchKeyState } from '../partial-match.ts';
import { individualFrom, sharedFrom } from './convert-state.ts';
import type { SharedKeyState } from './shared-state.ts';
import type { StatePlace } from './state-order.ts';

/** Rows of paths that a changed pattern takes over from one key. */
const ROWS_MAX = 4_000_000;

/**
 * Returns a codec that reads and writes states with shared rows. The decoded values contain
 * individual partial matches. A pattern change needs this form.
 */
export function individualCodec(shared: ValueCodec, order: readonly StatePlace[], nfa: Nfa): ValueCodec {
  return {
    encode: (value, writer) => shared.encode(sharedFrom(value as MatchKeyState, order), writer),
    decode: (reader) => individualFrom(shared.decode(reader) as SharedKeyState, nfa, order, ROWS_MAX),
    sizeOf: (value) => shared.sizeOf(sharedFrom(value as MatchKeyState, order)),
  };
}
