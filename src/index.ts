/** The public entry of the package. docs/library.md describes it. */
export { EngineError } from './core/engine-error.ts';
export type { LocatedDiagnostic } from './core/located-diagnostic.ts';
export {
  type CompileProgramOptions,
  compileProgram,
  type Program,
  type ProgramJob,
} from './library/compile-program.ts';
export { InputTable } from './library/input-table.ts';
export { ManualClock } from './library/manual-clock.ts';
export type { Change, ChangeKind, Row } from './library/row.ts';
export { run } from './library/run.ts';
export type { Input, InputRows, RunEvent, RunOptions } from './library/run-options.ts';
export type { RunningProgram } from './library/running-program.ts';
