/**
 * One row of docs/functions.md. The description comes from the definition of the function in
 * `src`. The answer of the example comes from the engine.
 */
export interface FunctionEntry {
  /** The forms of the call. Each begins with the name of the function or of a synonym. */
  readonly calls: readonly string[];
  /** Name of the definition if no call begins with it, such as `NEGATE` for `-a`. */
  readonly definition?: string;
  /** The result's type in words, if it depends on the types of the arguments. */
  readonly result?: string;
  /** For a form of the grammar, which has no definition. */
  readonly meaning?: string;
  /** What is different in Flink, or where a page says more. */
  readonly note?: string;
  readonly example: string;
  /** Settings that the example needs. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A section of docs/functions.md. */
export interface FunctionFamily {
  readonly title: string;
  /** Sentences above the table. */
  readonly intro?: string;
  readonly entries: readonly FunctionEntry[];
  /** Returns the description in the definition. By default that of a scalar function. */
  readonly summaryOf?: (name: string) => string | undefined;
  /** Returns the SQL text that computes an example. By default a SELECT without FROM. */
  readonly query?: (example: string) => string;
  /** The rows of the table `events` of the query. */
  readonly events?: readonly Readonly<Record<string, unknown>>[];
  /** Returns the answer from all rows of the query. By default the first column of the last row. */
  readonly answer?: (rows: readonly (readonly string[])[]) => string;
}
