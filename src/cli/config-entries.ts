import type { ConfigEntry } from '../contract/config.ts';
import type { Api } from './api.ts';

export async function readConfigEntries(api: Api): Promise<ConfigEntry[]> {
  return (await api.listConfig()).items;
}

/** A value for a person: of a sealed one only the fingerprint, which says nothing of it. */
export const describeEntry = (entry: ConfigEntry): string =>
  entry.sealed
    ? `(sealed${entry.fingerprint === undefined ? '' : `, fingerprint ${entry.fingerprint}`})`
    : (entry.value ?? '');
