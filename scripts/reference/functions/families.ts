import { AGGREGATES } from './aggregates.ts';
import { ARRAYS, MAPS } from './collections.ts';
import { COMPARISONS, CONDITIONS, CONVERSIONS } from './conditions.ts';
import type { FunctionFamily } from './function-entry.ts';
import { JSON_FUNCTIONS } from './json.ts';
import { ARITHMETIC, NUMBERS, TRIGONOMETRY } from './numbers.ts';
import { PATTERN_FUNCTIONS } from './patterns.ts';
import { ENCODINGS, REGULAR_EXPRESSIONS, SEARCHING, TEXT } from './text.ts';
import { CURRENT_TIMES, TIME_ARITHMETIC, TIME_FIELDS, TIME_TEXTS } from './times.ts';
import { EVENT_TIME, GROUP_WINDOWS, WINDOW_BOUNDS, WINDOW_TABLES } from './windows.ts';

/** All sections of docs/functions.md, in their order. */
export const FAMILIES: readonly FunctionFamily[] = [
  COMPARISONS,
  CONDITIONS,
  CONVERSIONS,
  ARITHMETIC,
  NUMBERS,
  TRIGONOMETRY,
  TEXT,
  SEARCHING,
  REGULAR_EXPRESSIONS,
  ENCODINGS,
  CURRENT_TIMES,
  TIME_FIELDS,
  TIME_ARITHMETIC,
  TIME_TEXTS,
  JSON_FUNCTIONS,
  ARRAYS,
  MAPS,
  AGGREGATES,
  WINDOW_TABLES,
  GROUP_WINDOWS,
  WINDOW_BOUNDS,
  EVENT_TIME,
  PATTERN_FUNCTIONS,
];
