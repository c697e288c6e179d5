import type { SettingOrigin } from '../config/configuration.ts';
import type { Setting } from '../core/settings.ts';

export interface SettingValue {
  readonly key: string;
  readonly type: string;
  readonly default: string | null;
  readonly value: string | null;
  readonly origin: SettingOrigin;
  readonly scope: Setting['scope'];
  readonly meaning: string;
}
