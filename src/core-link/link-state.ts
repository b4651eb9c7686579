/** The link as the config keeps it: where Core is, who we are there, and the one key that we trust. */
import { readConfig } from '../config/read-config.ts';
import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';

export const linkKeys = {
  url: 'core_url',
  issuer: 'core_issuer',
  vmId: 'core_vm_id',
  linkedAt: 'core_linked_at',
  publicKey: 'alfred_core_public_key',
  /** What is being enrolled: the URL and the hash that was sent, so that a lost answer can be asked for again. */
  enrolling: 'core_enrolling',
  /** How much of the audit chain this Core has. */
  anchored: 'core_anchored',
  /** After a restore: what this Core has, is asked before it is told anything new. */
  askFirst: 'core_ask_first',
  /** How many reports were made for this Core. */
  counter: 'core_counter',
  /** Since when Core has another report of the same number. */
  copied: 'core_copied',
  /** How far this machine's clock is from Core's. */
  clockOff: 'core_clock_off',
} as const;

export type LinkState = {
  url: string;
  issuer: string;
  vmId: string;
  linkedAt: string;
  /** SPKI, PEM. */
  publicKey: string;
};

/**
 * The link; undefined for a VM that stands alone.
 *
 * @throws AlfredError E_ROW_ALTERED when a part of it is not as this VM left it
 */
export async function readLink(db: Pick<Transaction, 'config'>): Promise<LinkState | undefined> {
  const { url, issuer, vmId, linkedAt, publicKey } = linkKeys;
  const kept = await readConfig(db, url, issuer, vmId, linkedAt, publicKey);
  const [at, from, id, key] = [kept[url], kept[issuer], kept[vmId], kept[publicKey]];
  if (at === undefined || from === undefined || id === undefined || key === undefined) return undefined;
  return { url: at, issuer: from, vmId: id, linkedAt: kept[linkedAt] ?? '', publicKey: key };
}

export const notLinked = (): AlfredError =>
  new AlfredError('E_NOT_LINKED', 'This VM is linked to no Core, and reports to nobody.', {
    remedy: 'To link it: npx alfred core link https://…',
  });
