import { INSERT } from '../../../batch/batch.ts';
import type { Field } from '../../../core/data-type.ts';
import { codecOf, listCodec } from '../../state/value-codec.ts';
import type { SessionCells } from '../../windows/sessions.ts';
import type { SessionContent } from './session-operator.ts';

/**
 * SESSION as a table function without aggregation: the rows of each session, kept until it ends,
 * each with its window.
 */
export function sessionTable(inputFields: readonly Field[]): SessionContent {
  const rowType = { kind: 'row', fields: inputFields, nullable: false } as const;
  const rowsOf = (cells: SessionCells): unknown[][] => {
    const column = cells.columns[0] as (unknown[][] | null)[];
    column[0] ??= [];
    return column[0];
  };
  return {
    columns: [{ kind: 'value', codec: listCodec(codecOf(rowType)) }],
    prepare(batch) {
      return (cells, row) => {
        rowsOf(cells).push(batch.columns.map((c) => c.get(row)));
      };
    },
    merge(into, from) {
      rowsOf(into).push(...rowsOf(from));
    },
    emit(session, _key, zone, builder) {
      for (const values of rowsOf(session.cells)) {
        const row = builder.row(INSERT);
        values.forEach((value, c) => {
          builder.set(c, row, value);
        });
        builder.set(values.length, row, session.start);
        builder.set(values.length + 1, row, session.end);
        builder.set(values.length + 2, row, zone.timerInstant(session.end - 1));
      }
    },
  };
}
