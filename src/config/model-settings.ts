/** Which model answers, where, and under which limits. */
import type { Database } from '../database/client.ts';
import type { Settings } from '../kernel/settings.ts';
import { listKey, provedTexts } from '../vault/plain-rows.ts';
import { rowGuardOf } from '../vault/row-guard.ts';

/** A current Sonnet. */
export const defaultModel = 'claude-sonnet-5-5';
export const anthropicBaseUrl = 'https://api.anthropic.com';
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

const defaults = { runTimeoutMs: 30 * 60_000, maxTurns: 50, approvalTimeoutMs: 3 * 24 * 3_600_000 };

const modelKey = 'anthropic_api_key';
const plainKeys = [
  ...['model', 'model_base_url', 'max_cost_per_run_usd', 'run_timeout_ms', 'max_turns'],
  ...['approval_timeout_ms', 'timezone'],
];

/**
 * Reads the model settings as they are now. `ALFRED_MODEL` goes before the config.
 *
 * @throws AlfredError E_ROW_ALTERED naming an entry that is not as this VM left it
 */
export async function readModelSettings({
  db,
  settings,
}: {
  db: { prisma: Pick<Database['prisma'], 'config'> };
  settings: Pick<Settings, 'model'>;
}): Promise<ModelSettings> {
  const rows = await db.prisma.config.findMany({
    where: { key: { in: [...plainKeys, modelKey, listKey] } },
    select: { key: true, value: true },
  });
  const texts = provedTexts(rowGuardOf(db.prisma), rows, plainKeys);
  const plain = (key: string): string | undefined => texts.get(key);
  const number = (key: string): number | undefined =>
    plain(key) === undefined ? undefined : Number(plain(key));
  const model = settings.model ?? plain('model') ?? defaultModel;
  const hasApiKey = rows.some(({ key }) => key === modelKey);
  // An endpoint of the owner's own may want no key.
  const canAnswer = hasApiKey || plain('model_base_url') !== undefined;
  return {
    model,
    baseUrl: plain('model_base_url') ?? anthropicBaseUrl,
    hasApiKey,
    rehearsal: model === rehearsalModel || !canAnswer,
    maxCostPerRunUsd: number('max_cost_per_run_usd'),
    runTimeoutMs: number('run_timeout_ms') ?? defaults.runTimeoutMs,
    maxTurns: number('max_turns') ?? defaults.maxTurns,
    approvalTimeoutMs: number('approval_timeout_ms') ?? defaults.approvalTimeoutMs,
    timezone: plain('timezone') ?? zoneOfMachine(),
  };
}

/** Asked once: it costs as much as all else here, and does not change while a program runs. */
const zoneOfMachine = (): string => {
  zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone;
};
let zone: string | undefined;
