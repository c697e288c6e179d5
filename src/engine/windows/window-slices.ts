import type { WindowSpec } from '../../plan/window-spec.ts';

/**
 * Divides aligned windows into slices that do not overlap. A row is added to one slice, although it
 * may belong to several windows (Flink's slicing window aggregate). The end of a slice or window
 * identifies it. All times are milliseconds of the local time of the windows.
 */
export interface WindowSlices {
  /** Length of a slice. */
  readonly sliceMs: number;
  /** Returns the end of the slice that contains a time: the smallest end above the time. */
  sliceEnd(time: number): number;
  /** Returns the ends of the windows that contain the slice, ascending. */
  windowsOf(sliceEnd: number): readonly number[];
  /** Returns the ends of the slices of a window, ascending. */
  slicesOf(windowEnd: number): readonly number[];
  windowStart(windowEnd: number): number;
}

export function windowSlices(spec: Exclude<WindowSpec, { kind: 'session' }>): WindowSlices {
  switch (spec.kind) {
    case 'tumble':
      return tumble(spec.sizeMs, spec.offsetMs);
    case 'hop':
      return hop(spec.slideMs, spec.sizeMs, spec.offsetMs);
    case 'cumulate':
      return cumulate(spec.stepMs, spec.sizeMs, spec.offsetMs);
  }
}

const alignDown = (time: number, unit: number, offset: number): number =>
  Math.floor((time - offset) / unit) * unit + offset;

function tumble(size: number, offset: number): WindowSlices {
  return {
    sliceMs: size,
    sliceEnd: (time) => alignDown(time, size, offset) + size,
    windowsOf: (sliceEnd) => [sliceEnd],
    slicesOf: (windowEnd) => [windowEnd],
    windowStart: (windowEnd) => windowEnd - size,
  };
}

function hop(slide: number, size: number, offset: number): WindowSlices {
  const slice = greatestCommonDivisor(slide, size);
  return {
    sliceMs: slice,
    sliceEnd: (time) => alignDown(time, slice, offset) + slice,
    windowsOf(sliceEnd) {
      const ends: number[] = [];
      const lastStart = alignDown(sliceEnd - slice, slide, offset);
      for (let start = lastStart; start + size >= sliceEnd; start -= slide) ends.push(start + size);
      return ends.reverse();
    },
    slicesOf: (windowEnd) => range(windowEnd - size + slice, windowEnd, slice),
    windowStart: (windowEnd) => windowEnd - size,
  };
}

function cumulate(step: number, size: number, offset: number): WindowSlices {
  const startOf = (end: number): number => alignDown(end - 1, size, offset);
  return {
    sliceMs: step,
    sliceEnd: (time) => alignDown(time, step, offset) + step,
    windowsOf: (sliceEnd) => range(sliceEnd, startOf(sliceEnd) + size, step),
    slicesOf: (windowEnd) => range(startOf(windowEnd) + step, windowEnd, step),
    windowStart: startOf,
  };
}

function range(from: number, to: number, step: number): number[] {
  const list: number[] = [];
  for (let v = from; v <= to; v += step) list.push(v);
  return list;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
