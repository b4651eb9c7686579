/** The configuration as the API lists it. */
import { z } from 'zod';
import { pageOf } from '../contract/common.ts';
import { type ConfigEntry, configEntrySchema } from '../contract/config.ts';
import type { Api } from './api.ts';

const answer = z.union([pageOf(configEntrySchema), z.array(configEntrySchema)]);

export async function readConfigEntries(api: Api): Promise<ConfigEntry[]> {
  const read = await api.get(answer, '/api/v1/config');
  return Array.isArray(read) ? read : read.items;
}

/** A value for a person: of a sealed one only the fingerprint, which says nothing of it. */
export const describeEntry = (entry: ConfigEntry): string =>
  entry.sealed
    ? `(sealed${entry.fingerprint === undefined ? '' : `, fingerprint ${entry.fingerprint}`})`
    : (entry.value ?? '');
