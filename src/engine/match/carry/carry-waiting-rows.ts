import { ByteReader, ByteWriter } from '../../state/byte-codec.ts';
import type { StateBackend } from '../../state/state-backend.ts';
import { type LaggedRow, laggedColumns, longestLag, rowsCodec } from '../lagged-rows.ts';
import { LAGS_TABLE, SORTER_TABLE } from '../pattern-shape.ts';
import type { DropCount } from './carry-report.ts';
import { waitingRowConversion } from './convert-waiting-row.ts';
import { namesMissing, type PatternVersion, placesOfSame } from './pattern-version.ts';
import { copyTable } from './table-copy.ts';

/** Converts the rows that wait for the watermark. Returns the number of rows that are kept. */
export async function carryWaitingRows(
  backend: StateBackend,
  before: PatternVersion,
  after: PatternVersion,
  drops: DropCount,
): Promise<number> {
  const conversion = waitingRowConversion(before, after);
  let kept = 0;
  let lost = 0;
  await copyTable({ backend, from: before.operator, to: after.operator, table: SORTER_TABLE }, (value) => {
    if (typeof conversion !== 'function') {
      lost++;
      return null;
    }
    kept++;
    return conversion(value);
  });
  if (typeof conversion !== 'function') {
    const names = conversion.missing.map((column) => after.fields[column]!.name).join(', ');
    drops.add('waiting rows', null, `they lack columns that are read now: ${names}`, lost);
  }
  return kept;
}

/** Converts the last rows of each key, which PREV reads. */
export async function carryRowsBefore(
  backend: StateBackend,
  before: PatternVersion,
  after: PatternVersion,
  drops: DropCount,
): Promise<void> {
  if (before.lags.length === 0 || after.lags.length === 0) return;
  const wanted = laggedColumns(after.lags);
  const kept = laggedColumns(before.lags);
  const places = placesOfSame(after, wanted, before, kept);
  const missing = namesMissing(after, wanted, places);
  const further = longestLag(after.lags) > longestLag(before.lags);
  const from = rowsCodec(kept.map((column) => before.fields[column]!.type));
  const to = rowsCodec(wanted.map((column) => after.fields[column]!.type));
  let keys = 0;
  const writer = new ByteWriter();
  await copyTable({ backend, from: before.operator, to: after.operator, table: LAGS_TABLE }, (value) => {
    keys++;
    if (missing.length > 0) return null;
    const rows = from.decode(new ByteReader(value)) as readonly LaggedRow[];
    writer.position = 0;
    to.encode(
      rows.map((row) => Array.from(places, (place) => row[place])),
      writer,
    );
    return writer.finish();
  });
  if (missing.length > 0) {
    drops.add('rows before (PREV)', null, `they lack columns that are read now: ${missing.join(', ')}`, keys);
  } else if (further) {
    drops.add(
      'rows before (PREV)',
      null,
      'PREV reads further back now than rows were kept: it is NULL there at first',
      keys,
    );
  }
}
