import { successionPath } from '../../src/contract/core.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import type { CoreApp, CoreDeps } from './app.ts';

export function wellKnownRoutes(app: CoreApp, { db, signer }: CoreDeps): void {
  app.get('/healthz', { schema: { hide: true }, config: { rateLimit: false } }, async () => ({ ok: true }));

  app.get('/readyz', { schema: { hide: true }, config: { rateLimit: false } }, async () => {
    try {
      await db.pool.query('SELECT 1');
    } catch (cause) {
      throw new AlfredError('E_NOT_READY', 'The database does not answer', { cause });
    }
    return { ready: true };
  });

  app.get('/.well-known/jwks.json', { schema: { hide: true } }, async () => signer.jwks);

  app.get(successionPath, { schema: { hide: true } }, async () => ({ statements: signer.succession }));
}
