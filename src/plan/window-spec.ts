import type { Field } from '../core/data-type.ts';
import {
  column,
  constant,
  count,
  type Decoder,
  length,
  list,
  oneOf,
  orNull,
  record,
  text,
  variant,
  wholeNumber,
} from './decode/decoder.ts';

/** The windows of a query. Times in milliseconds. */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'hop'; readonly slideMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'cumulate'; readonly stepMs: number; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'session'; readonly gapMs: number; readonly partition: readonly number[] };

/** The time attribute of the windows: a column of the input. */
export interface WindowTime {
  readonly column: number;
  readonly time: 'rowtime' | 'proctime';
  /**
   * Zone of the session if the column is TIMESTAMP_LTZ. Otherwise null: windows are aligned in UTC.
   */
  readonly zone: string | null;
}

type Spec<K extends WindowSpec['kind']> = Extract<WindowSpec, { kind: K }>;

export const windowSpec: Decoder<WindowSpec> = variant<WindowSpec>({
  tumble: record<Spec<'tumble'>>({ kind: constant('tumble'), sizeMs: length, offsetMs: wholeNumber }),
  hop: record<Spec<'hop'>>({ kind: constant('hop'), slideMs: length, sizeMs: length, offsetMs: wholeNumber }),
  cumulate: record<Spec<'cumulate'>>({
    kind: constant('cumulate'),
    stepMs: length,
    sizeMs: length,
    offsetMs: wholeNumber,
  }),
  session: record<Spec<'session'>>({ kind: constant('session'), gapMs: length, partition: list(count) }),
});

export const windowTime: Decoder<WindowTime> = record<WindowTime>({
  column,
  time: oneOf('rowtime', 'proctime'),
  zone: orNull(text),
});

/** Returns the columns of PARTITION BY; only sessions have some. */
export const windowPartition = (window: WindowSpec): readonly number[] =>
  window.kind === 'session' ? window.partition : [];

/**
 * Returns an error text if PARTITION BY names a column that the input does not have; otherwise
 * null.
 */
export const windowMisfit = (window: WindowSpec, input: readonly Field[]): string | null =>
  windowPartition(window).every((i) => i < input.length) ? null : 'partitions by a column that its input does not have';

/** Returns the window over an input whose columns have moved. */
export const moveWindow = (window: WindowSpec, at: (column: number) => number): WindowSpec =>
  window.kind === 'session' ? { ...window, partition: window.partition.map(at) } : window;

export function windowText(window: WindowSpec, time: WindowTime, input: readonly Field[]): string {
  const on = `on ${input[time.column]?.name ?? `$${time.column}`}${time.zone === null ? '' : ` in ${time.zone}`}`;
  const offset = 'offsetMs' in window && window.offsetMs !== 0 ? `, offset ${window.offsetMs} ms` : '';
  switch (window.kind) {
    case 'tumble':
      return `TUMBLE(size ${window.sizeMs} ms${offset}) ${on}`;
    case 'hop':
      return `HOP(slide ${window.slideMs} ms, size ${window.sizeMs} ms${offset}) ${on}`;
    case 'cumulate':
      return `CUMULATE(step ${window.stepMs} ms, size ${window.sizeMs} ms${offset}) ${on}`;
    case 'session':
      return `SESSION(gap ${window.gapMs} ms) ${on}`;
  }
}
