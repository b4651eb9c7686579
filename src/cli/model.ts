/** Which model the server answers with, as its configuration says. */
import type { Api } from './api.ts';
import { readConfigEntries } from './config-entries.ts';

export type Model = { name: string; isRehearsal: boolean };

export async function readModel(api: Api): Promise<Model> {
  const entries = new Map((await readConfigEntries(api)).map((entry) => [entry.key, entry]));
  const name = entries.get('model')?.value ?? undefined;
  const isRehearsal =
    name === 'rehearsal' || !(entries.has('anthropic_api_key') || entries.has('model_base_url'));
  return { name: isRehearsal ? 'rehearsal' : (name ?? 'the default model'), isRehearsal };
}
