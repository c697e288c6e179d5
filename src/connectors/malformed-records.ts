import { EngineError } from '../core/engine-error.ts';
import type { MalformedHandler } from '../formats/row-decoder.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';
import type { EndpointContext } from './connector.ts';
import type { OptionSpec } from './connector-options.ts';
import { DeadLetters } from './dead-letters.ts';
import { rootedPath } from './rooted-path.ts';

/** The place of a malformed record. */
export interface RecordPlace {
  /** Fields of the dead letter and details of the error: `{file}`, `{topic, partition, offset}`. */
  readonly known: Readonly<Record<string, string | number>>;
  /** For the error message: `orders.jsonl:17`. Called only when the job fails: it may be slow. */
  text(): string;
}

/** Finds the place of `buffer[start, end)`, range `range` of a call of `decodeValues`. */
export type PlaceOf = (start: number, range: number) => RecordPlace;

/** The option that every connector with a format has beside the format's `ignore-parse-errors`. */
export const DEAD_LETTER_OPTION: OptionSpec = {
  key: 'dead-letter.path',
  type: 'string',
  use: 'source',
  portable: "leave malformed records out with 'json.ignore-parse-errors' or 'csv.ignore-parse-errors' = 'true'",
  summary: 'file for malformed records with their reasons; the job then does not fail at them',
};

/** The malformed records up to a checkpoint. */
export interface MalformedPosition {
  readonly malformed: number;
  /** The length of the dead-letter file. Absent: there is none, or the checkpoint is older. */
  readonly deadLetterBytes?: number;
}

const RAW_BYTES_SHOWN = 200;

/**
 * Handles the records of a source that are not rows, in the same way for all connectors and
 * formats. A table chooses one of three: fail the job with table, place and reason (the default);
 * skip them (`<format>.ignore-parse-errors`); or write them to a dead-letter file with the reason
 * and the raw bytes (`dead-letter.path`). All are counted.
 */
export class MalformedRecords {
  /** Malformed records so far. */
  count = 0;
  readonly #table: string;
  readonly #policy: 'fail' | 'skip' | DeadLetters;
  readonly #placeOf: PlaceOf;

  constructor(table: string, policy: 'fail' | 'skip' | DeadLetters, placeOf: PlaceOf) {
    this.#table = table;
    this.#policy = policy;
    this.#placeOf = placeOf;
  }

  readonly handle: MalformedHandler = (reason, buffer, start, end, range) => {
    this.count++;
    if (this.#policy === 'skip') return;
    const place = this.#placeOf(start, range);
    if (this.#policy !== 'fail') {
      this.#policy.write({ table: this.#table, ...place.known, reason }, buffer.subarray(start, end));
      return;
    }
    const text = buffer.utf8Slice(start, Math.min(end, start + RAW_BYTES_SHOWN)).trimEnd();
    throw new EngineError(
      'FORMAT_MALFORMED',
      `${place.text()}: table ${this.#table}: ${reason}: ${text}${end - start > RAW_BYTES_SHOWN ? '…' : ''}`,
      { table: this.#table, ...place.known, reason },
    );
  };

  /** For the position of the source, in a checkpoint. */
  position(): MalformedPosition {
    if (!(this.#policy instanceof DeadLetters)) return { malformed: this.count };
    return { malformed: this.count, deadLetterBytes: this.#policy.position() };
  }

  /** Continues at a position. */
  seek({ malformed, deadLetterBytes }: MalformedPosition): void {
    this.count = malformed;
    if (this.#policy instanceof DeadLetters) this.#policy.seek(deadLetterBytes ?? 0);
  }

  close(): void {
    if (this.#policy instanceof DeadLetters) this.#policy.close();
  }
}

/** Creates the handling that the options of a table ask for. */
export function malformedRecords(
  node: ScanNode,
  context: Pick<EndpointContext, 'baseDirectory' | 'roots' | 'job' | 'checkpointed'>,
  placeOf: PlaceOf,
): MalformedRecords {
  const { options, table } = node;
  const file = options['dead-letter.path'];
  const skip = options[`${options['format']}.ignore-parse-errors`]?.toLowerCase() === 'true';
  const policy =
    file !== undefined
      ? new DeadLetters(rootedPath(file, context), { job: context.job, once: context.checkpointed })
      : skip
        ? 'skip'
        : 'fail';
  return new MalformedRecords(table, policy, placeOf);
}
