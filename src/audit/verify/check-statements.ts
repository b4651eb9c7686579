/** Checkpoints against their signatures, against each other, and inside the database against outside it. */
import { inForce } from '../checkpoints.ts';
import { hashOfStatement, isSignedBy, keyAfter, type SignedStatement } from '../statement.ts';
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
  // The first that was ever written outside pins the key, and each succession names the next: one that was exchanged in the
  // database signs nothing.
  const pinned = outside[0]?.publicKey ?? witness.head?.publicKey ?? inside[0]?.publicKey ?? found.publicKey;
  const marks = new Map<string, Mark>();
  const mark = ({ statement: { seq, head, time, kind } }: SignedStatement, where: string) => {
    const name = `${seq} ${head}`;
    if (!marks.has(name)) marks.set(name, { seq, chain: head, source: `the ${kind} of ${time} ${where}` });
  };
  const isOurs = (key: string, one: SignedStatement) =>
    one.statement.vmId === vaultId && isSignedBy(key, one);

  let key = pinned;
  /** Which key signed what was stated behind a statement of this number. */
  const keys = new Map<number, string>();
  const strange = (line: SignedStatement) =>
    findings.add(
      'checkpoint',
      line.statement.seq,
      `${nameOf(line)} outside the database was not signed by this VM.`,
    );
  for (const line of outside) {
    if (isOurs(key, line)) mark(line, 'outside the database');
    else strange(line);
    key = keyAfter(key, line);
    keys.set(line.statement.number, key);
  }
  key = pinned;
  let previous: SignedStatement | undefined;
  for (const [index, line] of inside.entries()) {
    const { number, seq } = line.statement;
    const expected = previous ? hashOfStatement(previous.statement) : null;
    if (!isOurs(key, line)) {
      findings.add('checkpoint', seq, `${nameOf(line)} was changed, or was not signed by this VM.`);
    } else if (number !== index + 1 || line.statement.previous !== expected) {
      findings.add(
        'checkpoint',
        seq,
        `${nameOf(line)} does not follow the one before it: one is missing or was changed.`,
      );
    } else {
      mark(line, 'in the database');
      key = keyAfter(key, line);
    }
    previous = line;
  }
  if (key !== found.publicKey) {
    findings.add('checkpoint', inside.at(-1)?.statement.seq ?? null, keyExchanged);
  }
  const { head } = witness;
  if (head !== undefined) {
    if (isOurs(keys.get(head.statement.number) ?? pinned, head)) mark(head, 'outside the database');
    else strange(head);
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
  'The key that signs checkpoints is another one than that which signed the first checkpoint outside the database, or was handed over to since.';

const nameOf = ({ statement: { kind, number, time } }: SignedStatement): string =>
  kind === 'head' ? `The head of ${time}` : `Checkpoint ${number} of ${time}`;
