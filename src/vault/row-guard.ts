/**
 * The MAC of a guarded row (docs/security.md, "Rows"): HMAC-SHA256 under a key of the keyring over the row's table, key and
 * the columns that direct or admit. Whoever writes such a row signs it; whoever acts on one checks the row that it read.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { clientOf, Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { CanonicalJson, canonicalJson } from '../kernel/hash.ts';
import { type Covered, type GuardedTable, guardedRows } from './guarded-rows.ts';

const label = 'alfred-vm/row/v1';

/** A row with its MAC, as it was read: all that is covered must have been read with it. */
export type Signed<Table extends GuardedTable> = Covered<Table> & { mac: Uint8Array | null };

/** A row to be signed; of a large column there may be the canonical JSON. */
export type Signable<Table extends GuardedTable> = {
  [Name in keyof Covered<Table>]: Covered<Table>[Name] | CanonicalJson;
};

export class RowGuard {
  readonly #vaultId: string;
  /** The key that signs, and those that are believed beside it while keys change. */
  readonly #key: KeyObject;
  readonly #former: readonly KeyObject[];

  constructor({ vaultId, rowKeys: [first, ...former] }: { vaultId: string; rowKeys: readonly Buffer[] }) {
    if (first === undefined) throw new Error('The rows of this vault are not signed');
    this.#vaultId = vaultId;
    this.#key = derive(first);
    this.#former = former.map(derive);
  }

  /** The MAC of a row as it is about to be written. */
  sign<Table extends GuardedTable>(table: Table, row: Signable<Table>): Uint8Array<ArrayBuffer> {
    return this.#macUnder(this.#key, table, row);
  }

  /** Whether the row is as this VM wrote it. */
  isIntact<Table extends GuardedTable>(table: Table, row: Signed<Table>): boolean {
    const { mac } = row;
    return (
      mac !== null && [this.#key, ...this.#former].some((key) => isSame(mac, this.#macUnder(key, table, row)))
    );
  }

  /** Whether the row is as this VM wrote it, and signed by the key that signs now. */
  isCurrent<Table extends GuardedTable>(table: Table, row: Signed<Table>): boolean {
    return row.mac !== null && isSame(row.mac, this.sign(table, row));
  }

  /** @throws AlfredError E_ROW_ALTERED naming the row */
  check<Table extends GuardedTable>(table: Table, row: Signed<Table>): void {
    if (this.isIntact(table, row)) return;
    throw rowAltered(table, String(new Map(Object.entries(row)).get(guardedRows[table].name)));
  }

  #macUnder<Table extends GuardedTable>(
    key: KeyObject,
    table: Table,
    row: Signable<Table>,
  ): Uint8Array<ArrayBuffer> {
    const [id, columns] = signedForm(guardedRows[table], row);
    const mac = createHmac('sha256', key);
    // The canonical JSON of [label, vault, table, id, columns].
    mac.update(`[${[label, this.#vaultId, table, id].map(canonicalJson).join(',')},{`);
    for (const [at, name] of Object.keys(columns).sort().entries()) {
      mac.update(`${at === 0 ? '' : ','}${canonicalJson(name)}:`);
      const value = columns[name];
      mac.update(value instanceof CanonicalJson ? value.utf8 : canonicalJson(value));
    }
    return new Uint8Array(mac.update('}]').digest());
  }
}

/** A key object: an HMAC under bytes costs four times as much, as Node.js makes one of them each time. */
const derive = (rowKey: Buffer): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha512', rowKey, Buffer.alloc(0), label, 32)));

type Names = { id: readonly string[]; columns: readonly string[]; later?: readonly string[] };

/** What of a row is signed: its key, and the columns that count by their names (guarded-rows.ts). */
export function signedForm(
  { id, columns, later = [] }: Names,
  row: object,
): [key: unknown[], columns: Record<string, unknown>] {
  const values = new Map(Object.entries(row));
  const forms = columns.map((name): [string, unknown] => [name, formOf(values.get(name))]);
  return [
    id.map((name) => formOf(values.get(name))),
    Object.fromEntries(forms.filter(([name, form]) => form !== null || !later.includes(name))),
  ];
}

const isSame = (mac: Uint8Array, right: Uint8Array): boolean =>
  mac.length === right.length && timingSafeEqual(mac, right);

/** A value of the client as JSON has it: equal values have equal forms, whether they are about to be written or were read. */
function formOf(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Prisma.Decimal.isDecimal(value)) return value.isFinite() ? value.toNumber() : String(value);
  return value;
}

/** What to do about a row of each table that is not as this VM wrote it. Each is an act of the owner, and on record. */
const remedies: Record<GuardedTable, (name: string) => string> = {
  config: remedyForConfig,
  connections: (name) =>
    `Remove it and add it again with its secrets: npx alfred connection remove ${name}. See docs/operations.md, "E_ROW_ALTERED".`,
  access_tokens: (id) => `Revoke it and make another: npx alfred token revoke ${id}`,
  sessions: () => 'Sign in again: npx alfred status --link',
  sign_in_links: () => 'Make another: npx alfred status --link',
  passwords: () => 'Set it again: npx alfred password set',
  passkeys: (id) => `Remove it, and add it again: npx alfred passkey remove ${id}`,
  app_grants: (id) => `Revoke it and let it in again: npx alfred token revoke ${id}`,
  app_tokens: () => 'Revoke the app that it is of and let it in again: npx alfred token list',
  skills: (slug) =>
    `Save a version of it again: npx alfred skill versions ${slug} --restore VERSION; or remove it: npx alfred skill remove ${slug}`,
  skill_versions: () => 'Save the skill again, and use that version.',
  executions: () => 'Start the skill again.',
  execution_steps: () => 'Start the skill again.',
  approvals: () => 'Start the skill again: it asks again.',
  step_sessions: () => 'Start the skill again.',
  conversations: (id) => `Choose anew what it may use, at /chat/${id}; or begin another conversation.`,
  messages: () => 'Go on in another conversation, or on a branch that begins before it.',
  conversation_summaries: () => 'Go on in another conversation, or on a branch that begins before it.',
  proposals: () => 'Reject it, and have it proposed again.',
  approval_links: () => 'Decide about the call in the console, or by npx alfred execution approve ID.',
  notice_channels: (name) => `Remove it, and add it again with its secrets: npx alfred notice remove ${name}`,
};

function remedyForConfig(key: string): string {
  if (['environment_read', 'demo_done', 'core_environment_done'].includes(key)) {
    return `Remove it, and what it stands for is done once more: npx alfred config set ${key} --unset`;
  }
  if (key === 'stopped') return 'Say what shall hold: npx alfred stop-all, or npx alfred go-on';
  if (key.startsWith('core_') && !['core_token_scopes', 'core_anchor', 'core_report_minutes'].includes(key)) {
    return 'End the link and make it anew: npx alfred core unlink';
  }
  if (key === 'config_macs') {
    return 'Keep the settings that can be proved, and set the others again: npx alfred config set config_macs --unset';
  }
  return `Set it again: npx alfred config set ${key}; or remove it: npx alfred config set ${key} --unset`;
}

/** @param name what the owner calls the row */
export const rowAltered = (table: GuardedTable, name: string): AlfredError =>
  new AlfredError(
    'E_ROW_ALTERED',
    `The row ${table}/${name} of the database is not as this VM wrote it, and is not acted on.`,
    { remedy: remedies[table](name) },
  );

const guards = new WeakMap<object, RowGuard>();

/** Has everybody who uses this database's client, or a transaction of it, sign and check with `guard`. */
export const keepRowGuard = (client: object, guard: RowGuard): void => {
  guards.set(client, guard);
};

/** The guard of a client, or of a transaction of it: there from the moment on in which the vault is open. */
export function rowGuardOf(db: object): RowGuard {
  const guard = guards.get(clientOf(db));
  if (!guard)
    throw new Error('The vault of this database is not open: its rows can be neither signed nor checked');
  return guard;
}
