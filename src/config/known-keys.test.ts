import { expect, it } from 'vitest';
import { isSecretKey, settingSchema } from '../contract/config.ts';
import { type InternalEntry, internalEntries } from './internal-entries.ts';
import { defaultOf, settings } from './known-keys.ts';
import { listSettings } from './list-settings.ts';
import type { Setting } from './setting.ts';

it.each(Object.entries<Setting>(settings))(
  '%s says whether it is a secret, and what holds without it',
  (key, setting) => {
    expect(setting.secret === true).toBe(isSecretKey(key));
    expect(setting.default ?? setting.otherwise).toBeTruthy();
    const text = defaultOf(setting);
    if (text !== undefined) expect(setting.schema.safeParse(text).error).toBeUndefined();
  },
);

it('lists what the contract says', () => {
  expect(listSettings().map(({ key }) => key)).toEqual(Object.keys(settings));
  for (const setting of listSettings()) settingSchema.parse(setting);
});

it('has no entry twice', () => {
  expect(Object.keys(settings).filter((key) => Object.hasOwn(internalEntries, key))).toEqual([]);
});

it('marks what the vault reads by itself, and what is sealed', () => {
  const sealed = Object.entries<InternalEntry>(internalEntries).filter(([key]) => isSecretKey(key));
  expect(sealed.filter(([, { vault }]) => vault !== true)).toEqual([]);
});
