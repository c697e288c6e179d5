import { aggregateQuestions } from './aggregates/questions.ts';
import { csvQuestions } from './csv/questions.ts';
import { inputEndQuestions } from './input-end/questions.ts';
import { jsonQuestions } from './json/questions.ts';
import { portableQuestions } from './portable/questions.ts';
import { prunedQuestions } from './pruned/questions.ts';
import { regexQuestions } from './regex/questions.ts';
import type { SweepQuestion } from './sweep-case.ts';
import { timeQuestions } from './time/questions.ts';
import { zoneQuestions } from './zones/questions.ts';

/** The families of recorded cases, with the function that makes their questions. */
export const FAMILIES: ReadonlyMap<string, () => readonly SweepQuestion[]> = new Map([
  ['aggregates', aggregateQuestions],
  ['portable', portableQuestions],
  ['pruned', prunedQuestions],
  ['csv', csvQuestions],
  ['input-end', inputEndQuestions],
  ['json', jsonQuestions],
  ['regex', regexQuestions],
  ['time', timeQuestions],
  ['zones', zoneQuestions],
]);
