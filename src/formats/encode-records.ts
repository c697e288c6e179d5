import { Batch } from '../batch/batch.ts';
import type { ByteOutput } from './byte-output.ts';
import type { ByteRanges } from './byte-ranges.ts';
import type { RowEncoder } from './row-encoder.ts';

/** The writer of a record's key: the encoder of the key's columns, by position in the row. */
export interface KeyEncoder {
  readonly encoder: RowEncoder;
  readonly columns: readonly number[];
}

/**
 * One record for each selected row of a batch, in order. Bytes stay valid until the output is
 * reused.
 */
export interface EncodedRecords {
  readonly values: ByteRanges;
  /** Null: the records have no key. */
  readonly keys: ByteRanges | null;
}

/** Appends the value and the key of each selected row of a batch to `output`. */
export function encodeRecords(
  value: RowEncoder,
  key: KeyEncoder | null,
  batch: Batch,
  output: ByteOutput,
): EncodedRecords {
  const values = encodeRanges(value, batch, output);
  const keys =
    key === null
      ? null
      : encodeRanges(
          key.encoder,
          new Batch(
            batch.size,
            key.columns.map((column) => batch.columns[column]!),
            batch.kinds,
            batch.selection,
            batch.selected,
          ),
          output,
        );
  // The encoder may have replaced the buffer by a larger one.
  const { buffer } = output;
  return { values: { ...values, buffer }, keys: keys === null ? null : { ...keys, buffer } };
}

function encodeRanges(encoder: RowEncoder, batch: Batch, output: ByteOutput): Omit<ByteRanges, 'buffer'> {
  const { selection, selected } = batch;
  const starts = new Int32Array(selected);
  const ends = new Int32Array(selected);
  for (let i = 0; i < selected; i++) {
    starts[i] = output.position;
    encoder.encodeRow(batch, selection === null ? i : selection[i]!, output);
    ends[i] = output.position;
  }
  return { count: selected, starts, ends };
}
