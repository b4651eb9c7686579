/** Where a person signs in for a connection of either kind. */
import { maySignIn } from '../../contract/connection-types.ts';
import type { BeginLogin } from '../../contract/logins.ts';
import { checkUrl } from '../../outbound/check-url.ts';
import { createGuardedFetch, type GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import { openConfig } from '../config/config-secrets.ts';
import { secretsInUse } from '../config/secrets-in-use.ts';
import { fillUrl } from '../mcp-http/open-mcp-http-link.ts';
import type { ConnectionDeps } from '../pool/pool.ts';
import { type ApiLoginConfig, apiScope, findApiLogin } from './find-api-login.ts';
import { findMcpLogin } from './find-mcp-login.ts';
import { metadataFetch } from './login-fetch.ts';
import type { LoginPlace } from './login-place.ts';
import type { LoginRow } from './login-row.ts';

export type FindDeps = Pick<ConnectionDeps, 'db' | 'vault' | 'home'>;
export type LoginSearch = Pick<BeginLogin, 'scope' | 'omitResource'>;

/**
 * @param use what is done with the place, by a fetch that dials what this connection may
 * @throws AlfredError as findMcpLogin and findApiLogin, and as `use` does
 */
export async function atLogin<T>(
  deps: FindDeps,
  row: LoginRow,
  wish: LoginSearch,
  use: (place: LoginPlace, fetch: GuardedFetch['fetch']) => Promise<T>,
): Promise<T> {
  const { db, vault } = deps;
  const opened = openConfig(vault, row);
  if (!maySignIn(opened)) throw new TypeError(`${row.type} was opened as ${opened.type}`);
  const { allowPrivateNetwork, secrets } = opened.config;
  const guarded = createGuardedFetch({ allowPrivateNetwork, secrets: Object.values(secrets) });
  try {
    if (opened.type === 'http_api') {
      const config = withBaseUrl(opened.config, secrets, row.name);
      await recordSecretUses(db, secretsInUse(row));
      const found = await findApiLogin(config, {
        ...deps,
        name: row.name,
        fetch: metadataFetch(guarded.fetch),
      });
      const { auth, oauth } = opened.config;
      const scope = apiScope(found, { wanted: wish.scope, auth, missing: oauth?.missing });
      return await use({ ...found.place, scope }, guarded.fetch);
    }
    const { config } = opened;
    const serverUrl = checkUrl(fillUrl(config.url, secrets, row.name), config);
    await recordSecretUses(db, secretsInUse(row));
    const keep = [config.oauth?.asked, config.oauth?.missing];
    const place = await findMcpLogin({ ...wish, serverUrl, keep, fetch: guarded.fetch });
    return await use(place, guarded.fetch);
  } finally {
    await guarded.close();
  }
}

/** The config with the secrets of its base URL in place. */
export const withBaseUrl = <Config extends ApiLoginConfig>(
  config: Config,
  secrets: Record<string, string>,
  name: string,
): Config =>
  config.baseUrl === undefined ? config : { ...config, baseUrl: fillUrl(config.baseUrl, secrets, name) };
