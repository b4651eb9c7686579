import { nextKeyFile } from '../vault/next-root-key.ts';
import { rootKeyFile, rootKeyName } from '../vault/root-key.ts';
import type { KeyDeps } from './keyring-at-hand.ts';

/** What its owner does where the root key is in a place that this program does not write to. */
export function stepsFor({ settings, vault }: Pick<KeyDeps, 'settings' | 'vault'>, next: string): string[] {
  const file = nextKeyFile(settings);
  const inPlace = {
    environment: `Give the new root key ${next} to the VM where it was given the old one: VM_ENCRYPTION_SECRET is to be what the file ${file} holds.`,
    credential: `Make the new root key ${next} the credential ${rootKeyName}, such as: systemd-creds encrypt --name=${rootKeyName} ${file} /etc/credstore.encrypted/${rootKeyName}`,
    file: `Put the new root key ${next} in the place of the old one: ${file} to ${rootKeyFile(settings)}`,
  }[vault.keySource];
  if (next === vault.fingerprint) return ['Finish it: npx alfred key rotate --root'];
  return [
    inPlace,
    'Restart the VM, and every worker with it. Until the last step both keys open it.',
    'Finish it: npx alfred key rotate --root',
  ];
}
