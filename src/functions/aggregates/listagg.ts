import { isText, STRING } from '../../core/data-type.ts';
import { checkValueLength } from '../../core/value-size.ts';
import type { AggregateFunction, Aggregator } from './aggregate-function.ts';
import { dropValue, mergeLists, pushValue } from './first-last-value.ts';

/**
 * LISTAGG(text [, separator literal]) joins texts in the order of arrival. The default separator is
 * `,`. NULLs are left out.
 */
export const listagg: AggregateFunction = {
  name: 'LISTAGG',
  summary:
    'The texts in the order of arrival, with a separator between them, `,` by default. The separator is a literal.',
  typedWithoutRows: true,
  resolve(args) {
    if (args.length < 1 || args.length > 2) return { mismatch: `takes one or two arguments, got ${args.length}` };
    if (!args.every((a) => isText(a.type))) return { mismatch: 'expects text' };
    if (args[1] && args[1].literal === undefined) return { mismatch: 'needs a literal as separator' };
    const type = args[0]!.type;
    return { args: args.map(() => STRING), result: type };
  },
  create: (args) => ({
    columns: [
      { kind: 'value', type: { kind: 'array', element: STRING, nullable: true } },
      { kind: 'value', type: STRING },
    ],
    add(cells, base, slot, vectors, row) {
      if (args.length > 1) (cells.columns[base + 1] as unknown[])[slot] = vectors[1]!.get(row);
      pushValue(cells, base, slot, vectors, row);
    },
    retract: dropValue,
    merge: withSeparator(mergeLists(false)),
    mergeBefore: withSeparator(mergeLists(true)),
    value(cells, base, slot) {
      const list = (cells.columns[base] as unknown[])[slot] as string[] | null;
      if (list === null || list.length === 0) return null;
      const separator = ((cells.columns[base + 1] as unknown[])[slot] as string | null) ?? ',';
      let length = (list.length - 1) * separator.length;
      for (const text of list) length += text.length;
      checkValueLength('LISTAGG', length);
      return list.join(separator);
    },
  }),
};

/** Merges the texts with `merge`, and keeps a separator. */
function withSeparator(merge: Aggregator['merge']): Aggregator['merge'] {
  return (cells, base, slot, from, fromSlot) => {
    merge(cells, base, slot, from, fromSlot);
    (cells.columns[base + 1] as unknown[])[slot] ??= (from.columns[base + 1] as unknown[])[fromSlot];
  };
}
