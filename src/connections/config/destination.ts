/** Where a connection's secrets go. When that changes they must be entered again: it is how secrets get stolen. */
import { isDeepStrictEqual } from 'node:util';
import { rulesOf } from './by-type.ts';
import type { TypedConfig } from './typed-config.ts';

export const isSameDestination = (one: TypedConfig, other: TypedConfig): boolean =>
  isDeepStrictEqual(rulesOf(one).destination(one.config), rulesOf(other).destination(other.config));
