import type { OptionSpec, OptionType } from '../../../src/connectors/connector-options.ts';
import { connectorCatalog } from '../../../src/connectors/connector-registry.ts';
import type { TableOptions } from '../../../src/plan/table-options.ts';
import { code, table } from '../markdown.ts';

/** Returns a table of options. `around`: other options of the same SQL table. */
export function optionTable(options: readonly OptionSpec[], around: TableOptions): string {
  const rows = options.map((option) => [
    code(option.key) + (isExtension(option, around) ? ' *extended*' : ''),
    option.use === 'source' || option.use === 'sink' ? option.use : 'both',
    valuesText(option.type) + boundsText(option),
    option.required === true ? 'required' : option.default === undefined ? '' : code(option.default),
    option.summary,
  ]);
  return table(['option', 'for', 'values', 'default', 'meaning'], rows);
}

/** Returns whether Flink does not have the option. */
function isExtension({ key, type }: OptionSpec, around: TableOptions): boolean {
  const options = { ...around, [key]: type === 'boolean' ? 'true' : type === 'duration' ? '1 min' : 'x' };
  return connectorCatalog.extensions(options, []).some((extension) => extension.key === key);
}

function boundsText({ least, most }: OptionSpec): string {
  if (least === undefined) return '';
  return most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`;
}

function valuesText(type: OptionType): string {
  if (typeof type !== 'string') return type.map(code).join(', ');
  switch (type) {
    case 'string':
      return 'text';
    case 'text':
      return 'text, may be empty';
    case 'escaped-character':
      return 'a character, or an escape such as `\\t` or `\\u0001`';
    case 'character':
      return 'a character';
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'duration':
      return 'a duration such as `10 s`';
    case 'size':
      return 'a size such as `128 mb`';
  }
}
