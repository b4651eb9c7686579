import { operations } from '../../contract/operations.ts';
import { listSecretUses } from '../../secrets/list-secret-uses.ts';
import { findSealedPlaces } from '../../vault/sealed-places.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function vaultRoutes(app: App, { db, vault, keys }: ServerDeps): void {
  route(app, operations.rotateKeys, async (request, reply) =>
    reply.code(202).send(await keys.start(request.body.key, callerOf(request).actor)),
  );
  route(app, operations.cancelKeyRotation, async (request, reply) => {
    await keys.cancel(callerOf(request).actor);
    return reply.code(204).send();
  });

  route(app, operations.listSecretUses, async (request) => listSecretUses({ db, vault }, request.query));

  route(app, operations.showVault, async () => {
    const places = await findSealedPlaces(db.prisma);
    const count = (table: string) => places.filter(({ place }) => place.table === table).length;
    const values = new Map([[vault.activeKeyId, 0]]);
    for (const { sealed } of places) {
      const id = dataKeyOf(sealed);
      values.set(id, (values.get(id) ?? 0) + 1);
    }
    return {
      vaultId: vault.vaultId,
      rootKey: { fingerprint: vault.fingerprint, source: vault.keySource },
      dataKeys: [...values].map(([id, number]) => ({
        id,
        isActive: id === vault.activeKeyId,
        values: number,
      })),
      sealed: { config: count('config'), connections: count('connections'), skills: count('skills') },
      rotation: await keys.state(),
      holders: await keys.holders(),
      unreadable: places
        .filter(({ place, sealed }) => vault.fingerprintOf(place, sealed) === 'unreadable')
        .map(({ label }) => label),
    };
  });
}

/** The number of the data key, from a sealed value's header: bytes 2 to 5 (docs/security.md). */
const dataKeyOf = (sealed: string): number =>
  Buffer.from(sealed.slice('encrypted:'.length, 'encrypted:'.length + 8), 'base64').readUInt32BE(2);
