/** The config entries that the VM keeps itself: nobody sets or deletes them by hand. */
import { z } from 'zod';
import { stoppedSchema } from '../contract/budget.ts';
import { jsonOf } from './values.ts';

export type InternalEntry = {
  schema: z.ZodType<unknown, unknown>;
  words: string;
  internal: true;
  /** A mark of what happened once. Where somebody else changed it, its owner may take it away: nothing else renews it. */
  once?: true;
  /** The vault reads it by itself, before or beside the list of proved entries. */
  vault?: true;
};

const text = z.string();
const done = z.literal('true');

export const internalEntries = {
  vault_id: { schema: text, words: 'which vault this is', internal: true, vault: true },
  vm_auth_secret: { schema: text, words: 'by which Core knows this VM', internal: true, vault: true },
  vm_encryption_secret: { schema: text, words: 'the keyring', internal: true, vault: true },
  vm_encryption_secret_next: {
    schema: text,
    words: 'the keyring under the root key that is to come',
    internal: true,
    vault: true,
  },
  root_key_fingerprint_next: {
    schema: text,
    words: 'names the root key that is to come',
    internal: true,
    vault: true,
  },
  root_key_fingerprint: { schema: text, words: 'names the root key', internal: true, vault: true },
  config_macs: { schema: text, words: 'proves the other entries', internal: true, vault: true },
  push_key: {
    schema: text,
    words: 'by it browsers know who sends them notices',
    internal: true,
    vault: true,
  },
  audit_signing_key: { schema: text, words: 'signs checkpoints', internal: true, vault: true },
  core_url: { schema: text, words: 'where Core is', internal: true },
  core_issuer: { schema: text, words: 'who signs Core’s tokens', internal: true },
  core_vm_id: { schema: text, words: 'who this VM is to Core', internal: true },
  core_linked_at: { schema: text, words: 'since when it is linked', internal: true },
  core_enrolling: {
    schema: jsonOf(z.object({ url: z.string(), authSecretHash: z.string() })),
    words: 'what was sent to enrol, so that a lost answer can be asked for again',
    internal: true,
  },
  core_anchored: { schema: text, words: 'how much of the audit chain Core has', internal: true },
  core_ask_first: {
    schema: done,
    words: 'after a restore: Core is asked how far it was told, before it is told anything new',
    internal: true,
  },
  core_counter: {
    schema: z.coerce.number().int().min(0),
    words: 'how many reports were made for this Core',
    internal: true,
  },
  core_copied: {
    schema: text,
    words:
      'since when Core has another report of the same number: nothing is reported until `core reconcile`',
    internal: true,
  },
  core_clock_off: {
    schema: z.coerce.number(),
    words: 'how far this machine’s clock is ahead of Core’s, in milliseconds, where that is an hour or more',
    internal: true,
  },
  stopped: {
    schema: jsonOf(stoppedSchema),
    words: 'since when everything is stopped, and by whom: `stop-all` and `go-on` alone set it',
    internal: true,
  },
  environment_read: { schema: done, words: 'the environment was taken', internal: true, once: true },
  core_environment_done: {
    schema: done,
    words: 'Core refused the enrolment of the environment',
    internal: true,
    once: true,
  },
  demo_done: { schema: done, words: 'the demonstration was set up', internal: true, once: true },
} as const satisfies Record<string, InternalEntry>;
