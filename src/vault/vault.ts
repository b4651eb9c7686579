/**
 * The vault of a running VM: seals values, names them by fingerprint, and knows what to redact. Opening a value is not
 * here: `open.ts` does that, and few may import it (tests/import-graph.test.ts).
 */
import { AlfredError } from '../kernel/errors.ts';
import { fingerprintOfValue, type Keyring, mixedWithKey } from './keyring.ts';
import { keepKeyring, keyringOf } from './keyring-of.ts';
import type { Place } from './place.ts';
import { Redactor } from './redact.ts';
import type { RootKeySource } from './root-key.ts';
import { openValue, sealValue } from './seal.ts';

export type VaultIdentity = {
  /** Made at provisioning, local and immutable; not the id that Core gives. */
  vaultId: string;
  /** Of the root key: eight hexadecimal characters. */
  fingerprint: string;
  keySource: RootKeySource;
  /** The file that holds the root key, if a file does. */
  keyFile: string | undefined;
};

export class Vault {
  readonly vaultId: string;
  readonly redactor: Redactor;
  #identity: VaultIdentity;
  #learn = async (): Promise<void> => {};
  #known = (): bigint | undefined => undefined;

  constructor(identity: VaultIdentity, keyring: Keyring, redactor: Redactor = new Redactor()) {
    this.vaultId = identity.vaultId;
    this.#identity = identity;
    this.redactor = redactor;
    keepKeyring(this, keyring);
  }

  get fingerprint(): string {
    return this.#identity.fingerprint;
  }

  get keySource(): RootKeySource {
    return this.#identity.keySource;
  }

  get keyFile(): string | undefined {
    return this.#identity.keyFile;
  }

  /** Goes on with other keys of the same vault: from here on it seals and opens with these. */
  adopt(identity: VaultIdentity, keyring: Keyring): void {
    if (identity.vaultId !== this.vaultId) throw new Error('These are the keys of another vault');
    this.#identity = identity;
    keepKeyring(this, keyring);
  }

  /** Has `upToDate` ask `learn`, which learns what other processes added; `known` says up to which count of them. */
  follow(learn: () => Promise<void>, known: () => bigint | undefined): void {
    this.#learn = learn;
    this.#known = known;
  }

  /**
   * How many changes of secrets it knows, as `secret_epoch` counts them: while that says the same, it is up to date. For who
   * asks in the very statement that stores; undefined where nobody follows what others add.
   */
  get knownEpoch(): bigint | undefined {
    return this.#known();
  }

  /**
   * Every secret that any process had committed before the call is redacted once this resolves. Asked by whoever is about to
   * store what came from outside.
   *
   * @throws what the database throws
   */
  async upToDate(): Promise<void> {
    await this.#learn();
  }

  /** Which keyring it holds: counts up with each change of the keys. */
  get keys(): number {
    return keyringOf(this).generation;
  }

  /** The number of the data key that seals new values. */
  get activeKeyId(): number {
    return keyringOf(this).active.id;
  }

  /**
   * Seals `plaintext` for its place, and has it redacted from now on.
   *
   * @param label what stands in its place when it is redacted: `<connection>.<field>`, or the config key
   * @throws AlfredError E_VALIDATION for half a character, which would come back as another one
   */
  seal(place: Place, plaintext: string, label: string): string {
    if (!plaintext.isWellFormed()) {
      throw new AlfredError('E_VALIDATION', `The secret ${label} holds half of a character.`, {
        remedy: 'Copy it again from where it came from.',
        fields: [{ field: place.pointer, message: 'holds half of a character' }],
      });
    }
    this.redactor.register(label, plaintext);
    return sealValue(keyringOf(this).active, this.vaultId, place, plaintext);
  }

  /**
   * 32 bytes of a text and a key of this vault that stays through rotations: a hash of them can be guessed at by nobody who has
   * the database alone.
   *
   * @param label what they are for
   */
  mix(label: string, text: string): Buffer {
    return mixedWithKey(keyringOf(this), label, text);
  }

  /** Names a sealed value without saying anything of it; `unreadable` when it does not open. */
  fingerprintOf(place: Place, sealed: string): string {
    const keyring = keyringOf(this);
    try {
      return fingerprintOfValue(
        keyring,
        openValue((id) => keyring.keys.get(id), this.vaultId, place, sealed),
      );
    } catch {
      // What does not open is shown as such; whoever uses it gets E_SEALED_VALUE.
      return 'unreadable';
    }
  }
}
