/** Signed statements of how far the chain had come: checkpoints, restores, and the head as it stands outside the database. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, sha256 } from '../kernel/hash.ts';
import type { SigningKey } from './signing-key.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const statementSchema = z.strictObject({
  type: z.literal('alfred-vm/audit/v1'),
  kind: z.enum(['checkpoint', 'restored', 'succession', 'head']),
  vmId: z.string(),
  /** Counts checkpoints, restores and successions, without gaps; of a head, that of the last one before it. */
  number: z.int().min(0),
  /** How many restores there were. */
  epoch: z.int().min(0),
  seq: z.int().min(0),
  head: hash,
  time: z.iso.datetime(),
  /** SHA-256 of the canonical JSON of the statement with the number before. */
  previous: hash.nullable(),
  /** Of a succession: the key that signs this and signed what came before, and the one that signs what follows. SubjectPublicKeyInfo, base64. */
  keys: z.strictObject({ from: z.string(), to: z.string() }).optional(),
});
export type Statement = z.infer<typeof statementSchema>;

export const signedSchema = z.strictObject({
  statement: statementSchema,
  /** Ed25519 over the canonical JSON of the statement, base64. */
  signature: z.string(),
  /** SubjectPublicKeyInfo, base64. */
  publicKey: z.string(),
  /** Of a succession: the signature of the key that follows. */
  toSignature: z.string().optional(),
});
export type SignedStatement = z.infer<typeof signedSchema>;

export const hashOfStatement = (statement: Statement): string =>
  sha256(canonicalJson(statement)).toString('hex');

export function signStatement(key: SigningKey, fields: Omit<Statement, 'type'>): SignedStatement {
  const statement: Statement = { type: 'alfred-vm/audit/v1', ...fields };
  return { statement, signature: signatureOf(key, statement), publicKey: key.publicKey };
}

/** What both keys of a succession sign. */
export function signSuccession(
  { from, to }: { from: SigningKey; to: SigningKey },
  fields: Omit<Statement, 'type' | 'kind' | 'keys'>,
): SignedStatement {
  const keys = { from: from.publicKey, to: to.publicKey };
  const signed = signStatement(from, { ...fields, kind: 'succession', keys });
  return { ...signed, toSignature: signatureOf(to, signed.statement) };
}

const signatureOf = (key: SigningKey, statement: Statement): string =>
  key.sign(Buffer.from(canonicalJson(statement))).toString('base64');

const readPublicKey = (spki: string): KeyObject =>
  createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });

/**
 * Whether the key `spki` signed this very statement; of a succession, whether it hands over from this key, and the one that follows
 * signed it too. What is no signature or no key at all is as wrong as another's.
 */
export function isSignedBy(spki: string, { statement, signature, toSignature }: SignedStatement): boolean {
  const bytes = Buffer.from(canonicalJson(statement));
  const hasSigned = (key: string, text: string) =>
    verify(null, bytes, readPublicKey(key), Buffer.from(text, 'base64'));
  const { kind, keys } = statement;
  try {
    if (!hasSigned(spki, signature)) return false;
    if (kind !== 'succession') return keys === undefined;
    return keys?.from === spki && toSignature !== undefined && hasSigned(keys.to, toSignature);
  } catch {
    return false;
  }
}

/** The key that signs what follows a statement which `spki` signed. */
export const keyAfter = (spki: string, { statement }: SignedStatement): string =>
  statement.kind === 'succession' && statement.keys !== undefined ? statement.keys.to : spki;
