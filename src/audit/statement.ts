/** Signed statements of how far the chain had come: checkpoints, restores, and the head as it stands outside the database. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, sha256 } from '../kernel/hash.ts';
import type { SigningKey } from './signing-key.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const statementSchema = z.strictObject({
  type: z.literal('alfred-vm/audit/v1'),
  kind: z.enum(['checkpoint', 'restored', 'head']),
  vmId: z.string(),
  /** Counts checkpoints and restores, without gaps; of a head, that of the last one before it. */
  number: z.int().min(0),
  /** How many restores there were. */
  epoch: z.int().min(0),
  seq: z.int().min(0),
  head: hash,
  time: z.iso.datetime(),
  /** SHA-256 of the canonical JSON of the statement with the number before. */
  previous: hash.nullable(),
});
export type Statement = z.infer<typeof statementSchema>;

export const signedSchema = z.strictObject({
  statement: statementSchema,
  /** Ed25519 over the canonical JSON of the statement, base64. */
  signature: z.string(),
  /** SubjectPublicKeyInfo, base64. */
  publicKey: z.string(),
});
export type SignedStatement = z.infer<typeof signedSchema>;

export const hashOfStatement = (statement: Statement): string =>
  sha256(canonicalJson(statement)).toString('hex');

export function signStatement(key: SigningKey, fields: Omit<Statement, 'type'>): SignedStatement {
  const statement: Statement = { type: 'alfred-vm/audit/v1', ...fields };
  const signature = key.sign(Buffer.from(canonicalJson(statement))).toString('base64');
  return { statement, signature, publicKey: key.publicKey };
}

export const readPublicKey = (spki: string): KeyObject =>
  createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });

/** Whether `key` signed this very statement. */
export const isSignedBy = (key: KeyObject, { statement, signature }: SignedStatement): boolean =>
  verify(null, Buffer.from(canonicalJson(statement)), key, Buffer.from(signature, 'base64'));
