import type { KnownSetting } from '../contract/config.ts';
import { defaultOf, settings } from './known-keys.ts';
import type { Setting } from './setting.ts';
import { onOff } from './values.ts';

/** Every setting that the VM reads, set or not, in the order of the table. */
export const listSettings = (): KnownSetting[] =>
  Object.entries<Setting>(settings).map(([key, setting]) => ({
    key,
    words: setting.words,
    default: defaultOf(setting) ?? null,
    otherwise: setting.otherwise ?? null,
    isSwitch: setting.schema === onOff,
    unit: setting.unit ?? null,
    secret: setting.secret === true,
    place: setting.place ?? null,
  }));
