/** Looks at every value and every row that is signed, as the next start of a VM would find them. */
import type { Database } from '../../src/database/client.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { Redactor } from '../../src/vault/redact.ts';
import type { KeySettings } from '../../src/vault/root-key.ts';
import { rowGuardOf } from '../../src/vault/row-guard.ts';
import { findSealedPlaces } from '../../src/vault/sealed-places.ts';
import type { Vault } from '../../src/vault/vault.ts';

const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });

/** What the value of a label was when it was sealed. */
export const secretOf = (label: string): string => `the secret of ${label}, which is long enough`;

/** Is told of each value that opens, and makes no pattern of it, which would be most of what a look costs. */
class Opened extends Redactor {
  readonly labels = new Set<string>();
  readonly others: string[] = [];

  override register(label: string, secret: string): boolean {
    this.labels.add(label);
    if (label.startsWith('soak') && secret !== secretOf(label)) this.others.push(label);
    return true;
  }
}

export type Looked = {
  vault: Vault;
  /** How many values there are. */
  values: number;
  /** What does not open, is another value, or has another MAC. */
  wrong: string[];
};

/** @throws AlfredError where the vault itself does not open */
export async function lookAtValues(db: Database, settings: KeySettings): Promise<Looked> {
  const opened = new Opened();
  // A start opens every value.
  const vault = await openVault({ db, settings, log, redactor: opened });
  const places = await findSealedPlaces(db.prisma);
  const guard = rowGuardOf(db.prisma);
  const connections = await db.prisma.connection.findMany();
  const skills = await db.prisma.skill.findMany();
  const wrong = [
    ...places.filter(({ label }) => !opened.labels.has(label)).map(({ label }) => `${label} does not open`),
    ...opened.others.map((label) => `${label} is another value`),
    ...connections.filter((row) => !guard.isIntact('connections', row)).map(({ name }) => `${name}: its MAC`),
    ...skills.filter((row) => !guard.isIntact('skills', row)).map(({ slug }) => `${slug}: its MAC`),
  ];
  return { vault, values: places.length, wrong };
}
