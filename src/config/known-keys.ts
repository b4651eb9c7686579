/**
 * The table of settings: checks, defaults, `config list --known`, the API's list of them, the console's page and
 * docs/operations.md go by it. Beside these the owner may keep entries of any name; one that is most likely a setting misspelt
 * is refused. What the VM keeps itself stands in internal-entries.ts.
 */
import { defaultCoreScopes } from '../contract/core.ts';
import { backupSettings } from './backup-settings.ts';
import { consoleSettings } from './console-settings.ts';
import { internalEntries } from './internal-entries.ts';
import type { Setting } from './setting.ts';
import {
  baseUrl,
  coreScopeList,
  days,
  dollars,
  jsonObject,
  milliseconds,
  modelKey,
  modelName,
  newZone,
  onOff,
  publicKey,
  whole,
  words,
  zone,
} from './values.ts';

/** A current Sonnet. */
export const defaultModel = 'claude-sonnet-5-5';
export const anthropicBaseUrl = 'https://api.anthropic.com';

/** Asked once: it costs more than all else that is read with it, and does not change while a program runs. */
const zoneOfMachine = (): string => {
  machine ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return machine;
};
let machine: string | undefined;

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

export const settings = {
  anthropic_api_key: {
    schema: modelKey,
    secret: true,
    words: 'The key of the model’s endpoint.',
    otherwise: 'everything is rehearsed',
  },
  model: {
    schema: modelName,
    default: defaultModel,
    words:
      'The model of a run whose skill names none; `rehearsal` is the built-in one. `ALFRED_MODEL` goes before it.',
  },
  model_base_url: {
    schema: baseUrl,
    otherwise: anthropicBaseUrl,
    words: 'Any endpoint that speaks the Messages API. Another one drops the key.',
  },
  model_prices: {
    schema: jsonObject,
    otherwise: 'the list prices that we know',
    words:
      'Prices of models that we do not know, in US dollars for a million tokens: `{"my-model": {"input": 1, "output": 3}}`.',
  },
  model_timeout_ms: {
    schema: milliseconds(hour),
    default: String(90 * second),
    unit: 'milliseconds',
    words: 'How long the model may be silent: up to the first byte of its answer, and between two.',
    place: { panel: 'limits', label: 'Wait for the model, in seconds', size: second },
  },
  max_cost_per_run_usd: {
    schema: dollars,
    otherwise: 'no cap',
    unit: 'US dollars',
    words: 'What a run may cost whose skill names no cap. Checked before each call of the model.',
    place: { panel: 'spending', label: 'A run may cost, in dollars' },
  },
  max_cost_per_day_usd: {
    schema: dollars,
    otherwise: 'no cap',
    unit: 'US dollars',
    words: 'What all runs of a day may cost. What would pass it is stopped before it is spent.',
    place: { panel: 'spending', label: 'A day may cost, in dollars' },
  },
  max_cost_per_month_usd: {
    schema: dollars,
    otherwise: 'no cap',
    unit: 'US dollars',
    words: 'What all runs of a month may cost, likewise.',
    place: { panel: 'spending', label: 'A month may cost, in dollars' },
  },
  run_timeout_ms: {
    schema: milliseconds(day),
    default: String(30 * minute),
    unit: 'milliseconds',
    words: 'How long a run may take, unless its skill says otherwise.',
    place: { panel: 'limits', label: 'A run may take, in minutes', size: minute },
  },
  max_turns: {
    schema: whole('use a whole number', { min: 1, max: 1000 }),
    default: '50',
    words: 'How many turns of the model a step may take, unless it says otherwise.',
    place: { panel: 'limits', label: 'Turns of the model in a step' },
  },
  approval_timeout_ms: {
    schema: milliseconds(30 * day),
    default: String(3 * day),
    unit: 'milliseconds',
    words: 'How long a call waits for a person. Then it is given up, and nothing was done.',
    place: { panel: 'limits', label: 'Wait for your approval, in hours', size: hour },
  },
  chat_warm_minutes: {
    schema: whole('use a whole number of minutes', { min: 0, max: 1440 }),
    default: '5',
    unit: 'minutes',
    words: 'How long the agent of a conversation is kept for the next message. 0 keeps none.',
    place: { panel: 'chat', label: 'Keep a conversation ready, in minutes' },
  },
  chat_warm_agents: {
    schema: whole('use a whole number', { min: 0, max: 100 }),
    default: '4',
    words: 'How many conversations keep an agent at once. Each holds about 150 MB.',
    place: { panel: 'chat', label: 'Conversations kept ready' },
  },
  chat_context_tokens: {
    schema: whole('use a whole number of tokens', { min: 2000, max: 10_000_000 }),
    default: '150000',
    unit: 'tokens',
    words:
      'How long a conversation may become for the model. Beyond it, earlier messages are summed up for the model; they stay as they are for you.',
    place: { panel: 'chat', label: 'Sum a conversation up beyond, in tokens' },
  },
  timezone: {
    schema: zone,
    entered: newZone,
    default: zoneOfMachine,
    otherwise: 'the machine’s',
    words: 'The IANA zone in which schedules, days and months are counted.',
    place: { panel: 'limits', label: 'Time zone' },
  },
  retention_days: {
    schema: days,
    otherwise: 'for ever',
    unit: 'days',
    words:
      'How long the payloads of runs are kept: then input, output, trace and arguments go; that it ran, its cost and its hashes stay.',
    place: { panel: 'keeping', label: 'Keep inputs and results, in days' },
  },
  retention_max_bytes: {
    schema: whole('use a number of bytes', { min: 1 }),
    otherwise: 'no bound',
    unit: 'bytes',
    words: 'How much the payloads of all runs may take. Beyond that the oldest go first.',
    place: { panel: 'keeping', label: 'At most, in gigabytes', size: 1_000_000_000 },
  },
  audit_retention_days: {
    schema: days,
    otherwise: 'for ever',
    unit: 'days',
    words:
      'How long the particulars of acts are kept in the audit log. Who did what and when stays, and can still be verified.',
    place: { panel: 'keeping', label: 'Keep details in the audit log, in days' },
  },
  ...backupSettings,
  ...consoleSettings,
  alfred_core_public_key: {
    schema: publicKey,
    otherwise: 'none is trusted',
    words: 'The key of Core that tokens are checked with, in PEM form. `core link` pins it.',
  },
  core_token_scopes: {
    schema: coreScopeList,
    default: defaultCoreScopes.join(' '),
    words: 'What people who come through Core may do here: `none`, or some of `status start content`.',
  },
  core_anchor: {
    schema: onOff,
    default: 'off',
    words: 'Whether Core is told the head of the audit chain: `on` or `off`.',
  },
  core_report_minutes: {
    schema: whole('use minutes', { min: 1, max: 1440 }),
    default: '15',
    unit: 'minutes',
    words: 'How often Core is told what there is to report.',
  },
  guide_skipped: {
    schema: words,
    otherwise: 'none',
    words: 'Of the console’s first steps, those that were left out, with commas between them.',
  },
} as const satisfies Record<string, Setting>;

export const knownKeys = { ...settings, ...internalEntries };

type KnownKey = keyof typeof knownKeys;

/** Keys whose entries stand in the open, each under its MAC: those that `readConfig` reads. */
export type PlainKey = {
  [Key in KnownKey]: (typeof knownKeys)[Key] extends { secret: true } | { vault: true } ? never : Key;
}[KnownKey];

/** The text that holds where a setting is not set. */
export const defaultOf = (setting: Setting): string | undefined =>
  typeof setting.default === 'function' ? setting.default() : setting.default;
