/** Checkpoints against their signatures, against each other, and inside the database against outside it. */
import type { KeyObject } from 'node:crypto';
import { inForce } from '../checkpoints.ts';
import { hashOfStatement, isSignedBy, readPublicKey, type SignedStatement } from '../statement.ts';
import type { WitnessRecord } from '../witness.ts';
import type { Findings } from './findings.ts';

/** What the chain must be at an event, and who says so. */
export type Mark = { seq: number; chain: string; source: string };

type Found = {
  inside: readonly SignedStatement[];
  witness: WitnessRecord;
  vaultId: string;
  /** Of the signing key that the database holds. */
  publicKey: string;
};

/** @returns what the chain is held against, every one of them signed by this VM */
export function checkStatements(found: Found, findings: Findings): Mark[] {
  const { inside, witness, vaultId } = found;
  const outside = inForce(witness.lines);
  // The first that was ever written outside pins the key: one that was exchanged in the database signs nothing.
  const pinned = outside[0]?.publicKey ?? witness.head?.publicKey ?? found.publicKey;
  const publicKey = readPublicKey(pinned);
  if (pinned !== found.publicKey) {
    findings.add('checkpoint', inside.at(-1)?.statement.seq ?? null, keyExchanged);
  }
  const marks = new Map<string, Mark>();
  const mark = ({ statement: { seq, head, time, kind } }: SignedStatement, where: string) => {
    const name = `${seq} ${head}`;
    if (!marks.has(name)) marks.set(name, { seq, chain: head, source: `the ${kind} of ${time} ${where}` });
  };
  const isOurs = (one: SignedStatement) => one.statement.vmId === vaultId && isSignedSafely(publicKey, one);

  for (const line of [...outside, ...(witness.head ? [witness.head] : [])]) {
    if (isOurs(line)) mark(line, 'outside the database');
    else
      findings.add(
        'checkpoint',
        line.statement.seq,
        `${nameOf(line)} outside the database was not signed by this VM.`,
      );
  }
  let previous: SignedStatement | undefined;
  for (const [index, line] of inside.entries()) {
    const { number, seq } = line.statement;
    const expected = previous ? hashOfStatement(previous.statement) : null;
    if (!isOurs(line)) {
      findings.add('checkpoint', seq, `${nameOf(line)} was changed, or was not signed by this VM.`);
    } else if (number !== index + 1 || line.statement.previous !== expected) {
      findings.add(
        'checkpoint',
        seq,
        `${nameOf(line)} does not follow the one before it: one is missing or was changed.`,
      );
    } else mark(line, 'in the database');
    previous = line;
  }
  for (const [index, line] of outside.entries()) {
    if (inside[index]?.signature === line.signature) continue;
    const what = inside[index] ? 'is another one in the database' : 'is missing in the database';
    findings.add('checkpoint', line.statement.seq, `${nameOf(line)} ${what}.`);
    break;
  }
  return [...marks.values()].toSorted((a, b) => a.seq - b.seq);
}

const keyExchanged =
  'The key that signs checkpoints is another one than that which signed the first checkpoint outside the database.';

const nameOf = ({ statement: { kind, number, time } }: SignedStatement): string =>
  kind === 'head' ? `The head of ${time}` : `Checkpoint ${number} of ${time}`;

/** A signature that is no signature at all is as wrong as another's. */
function isSignedSafely(key: KeyObject, signed: SignedStatement): boolean {
  try {
    return isSignedBy(key, signed);
  } catch {
    return false;
  }
}
