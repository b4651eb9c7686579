/** Where the model is called and with which key, as configured at this moment. The key is opened here and nowhere else. */
import { anthropicBaseUrl } from '../../config/known-keys.ts';
import { configPlace } from '../../config/put-config.ts';
import { rowsOf, valuesOf } from '../../config/read-config.ts';
import { askPg } from '../../database/ask.ts';
import type { Database } from '../../database/client.ts';
import { type OwnPrices, readOwnPrices } from '../../money/prices.ts';
import { openSealed } from '../../vault/open.ts';
import type { Vault } from '../../vault/vault.ts';

export type ModelEndpoint = {
  baseUrl: URL;
  hasKey: boolean;
  /**
   * Opens the key for one request; undefined when none is set.
   *
   * @throws AlfredError E_SEALED_VALUE
   */
  openKey(): string | undefined;
  /** Whether the address is one of the owner's own, which may want no key. */
  isOwn: boolean;
  prices: OwnPrices;
  timeoutMs: number;
};

export const modelKeyName = 'anthropic_api_key';
const plainNames = ['model_base_url', 'model_prices', 'model_timeout_ms'] as const;
const names = [...rowsOf(plainNames), modelKeyName];

const reading = {
  name: 'read endpoint',
  text: 'SELECT key, value FROM config WHERE key = ANY($1::text[])',
};

/**
 * Reads address and key in one statement, so that a key never meets an address that it was not given for.
 *
 * @throws AlfredError E_ROW_ALTERED when the address, or what else is set, is not as this VM left it; E_VALIDATION when
 *   `model_prices` is no table of prices
 */
export async function readModelEndpoint(deps: { db: Database; vault: Vault }): Promise<ModelEndpoint> {
  // Bare SQL: this stands before every model call, and costs a seventh of the same through Prisma.
  const rows = await askPg(deps.db.pool)<{ key: string; value: string }>(reading, [names]);
  const config = valuesOf(deps.db.prisma, rows, plainNames);
  const sealed = rows.find(({ key }) => key === modelKeyName)?.value;
  const { model_base_url: own, model_prices: prices } = config;
  return {
    baseUrl: baseUrlOf(own ?? anthropicBaseUrl),
    hasKey: sealed !== undefined,
    openKey: () =>
      sealed === undefined
        ? undefined
        : openSealed(deps.vault, configPlace(modelKeyName), sealed, modelKeyName),
    isOwn: own !== undefined,
    prices: prices === undefined ? new Map() : readOwnPrices(prices),
    timeoutMs: config.model_timeout_ms,
  };
}

/** Without what every request adds: people paste addresses with and without `/v1` and a slash at the end. */
function baseUrlOf(text: string): URL {
  const url = new URL(text);
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v1(?:\/messages)?$/, '');
  return url;
}
