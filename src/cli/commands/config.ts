import { readConfiguration } from '../../config/configuration.ts';
import { refuseContradictions, refuseMemoryBeyond } from '../../config/contradictions.ts';
import { parseSize } from '../../core/quantity.ts';
import { typeText } from '../../core/setting-types.ts';
import { SETTINGS } from '../../core/settings.ts';
import { checkSettings } from '../compile-file.ts';
import { configText } from '../output/config-text.ts';
import type { SettingValue } from '../setting-value.ts';

export interface ConfigFlags {
  readonly service?: boolean;
  readonly config?: string;
  readonly json?: boolean;
  readonly set: Readonly<Record<string, string>>;
}

/**
 * Runs `sequitur config`. Prints every setting with the value for a text without SET. Refuses every
 * setting that a start would refuse.
 */
export function configCommand(keys: readonly string[], flags: ConfigFlags): number {
  const { fixed, base, originOf } = readConfiguration(flags.set, flags.config, process.env);
  const given = { ...base, ...fixed };
  checkSettings(given);
  refuseContradictions(given);
  const values = SETTINGS.map((setting): SettingValue => {
    const { key, type, scope, meaning } = setting;
    const normal =
      flags.service === true && setting.serviceDefault !== undefined ? setting.serviceDefault : setting.default;
    return {
      key,
      type: typeText(type),
      default: normal,
      value: given[key] ?? normal,
      origin: originOf(key),
      scope,
      meaning,
    };
  });
  refuseMemoryBeyond(parseSize(values.find(({ key }) => key === 'state.memory')!.value!)!);
  const shown = keys.length === 0 ? values : values.filter(({ key }) => keys.some((part) => key.includes(part)));
  const json = flags.json === true || process.stdout.isTTY !== true;
  process.stdout.write(json ? `${JSON.stringify({ settings: shown })}\n` : configText(shown));
  return 0;
}
