import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { successionType } from '../../src/contract/core.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError } from '../../src/kernel/errors.ts';
import { readKeyFile, writeKeyFile } from './key-files.ts';
import { newPrivateKey, publicPemOf, thumbprintOf } from './signer.ts';

/**
 * Makes the next signing key. The present one signs that it is the next, so that VMs which have pinned the present one
 * follow; a Core that runs takes the new key within seconds.
 *
 * @returns the thumbprints of both
 * @throws AlfredError E_KEY_MISSING when there is no key yet
 */
export async function rotateSigningKey(home: string): Promise<{ from: string; to: string }> {
  const keys = await readKeyFile(home);
  if (!keys) {
    throw new AlfredError('E_KEY_MISSING', `There is no signing key in ${home} yet.`, {
      remedy: 'Start Core once; it makes one.',
    });
  }
  const privateKey = newPrivateKey();
  const nextKey = publicPemOf(privateKey);
  const publicKey = publicPemOf(keys.privateKey);
  const from = await thumbprintOf(createPublicKey(publicKey));
  const statement = await new SignJWT({ nextKey })
    .setProtectedHeader({ alg: 'EdDSA', typ: successionType, kid: from })
    .setIssuedAt(timeNow())
    .sign(createPrivateKey(keys.privateKey));
  await writeKeyFile(home, {
    privateKey,
    retired: [...keys.retired, { publicKey, retiredAt: timeNow().toISOString() }],
    succession: [...keys.succession, statement],
  });
  return { from, to: await thumbprintOf(createPublicKey(nextKey)) };
}
