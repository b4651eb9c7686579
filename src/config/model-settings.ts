/** Which model answers, where, and under which limits. */
import type { Database } from '../database/client.ts';
import type { Settings } from '../kernel/settings.ts';
import { anthropicBaseUrl } from './known-keys.ts';
import { rowsOf, valuesOf } from './read-config.ts';

/** The name that forces the built-in model. */
export const rehearsalModel = 'rehearsal';

export type ModelSettings = {
  model: string;
  baseUrl: string;
  hasApiKey: boolean;
  /** The built-in rehearsal model answers: it is forced, or nothing else could. */
  rehearsal: boolean;
  /** US dollars; undefined for no cap. */
  maxCostPerRunUsd: number | undefined;
  runTimeoutMs: number;
  maxTurns: number;
  /** How long a call waits for a person, in milliseconds. */
  approvalTimeoutMs: number;
  timezone: string;
};

const modelKey = 'anthropic_api_key';
const keys = [
  'model',
  'model_base_url',
  'max_cost_per_run_usd',
  'run_timeout_ms',
  'max_turns',
  'approval_timeout_ms',
  'timezone',
] as const;

/** The rows that model settings are read from. */
export const modelRows: readonly string[] = [...rowsOf(keys), modelKey];

/**
 * Reads the model settings as they are now. `ALFRED_MODEL` goes before the config.
 *
 * @throws AlfredError E_ROW_ALTERED naming an entry that is not as this VM left it, E_VALIDATION
 */
export async function readModelSettings({
  db,
  settings,
}: {
  db: { prisma: Pick<Database['prisma'], 'config'> };
  settings: Pick<Settings, 'model'>;
}): Promise<ModelSettings> {
  const rows = await db.prisma.config.findMany({
    where: { key: { in: [...modelRows] } },
    select: { key: true, value: true },
  });
  const config = valuesOf(db.prisma, rows, keys);
  const model = settings.model ?? config.model;
  const hasApiKey = rows.some(({ key }) => key === modelKey);
  // An endpoint of the owner's own may want no key.
  const canAnswer = hasApiKey || config.model_base_url !== undefined;
  return {
    model,
    baseUrl: config.model_base_url ?? anthropicBaseUrl,
    hasApiKey,
    rehearsal: model === rehearsalModel || !canAnswer,
    maxCostPerRunUsd: config.max_cost_per_run_usd,
    runTimeoutMs: config.run_timeout_ms,
    maxTurns: config.max_turns,
    approvalTimeoutMs: config.approval_timeout_ms,
    timezone: config.timezone,
  };
}
