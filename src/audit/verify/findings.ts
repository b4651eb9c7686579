import type { AuditFinding } from '../../contract/audit.ts';

/** How many are told; the rest is counted. */
const most = 20;

/** What is wrong, the earliest first. */
export class Findings {
  readonly #all: AuditFinding[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(kind: AuditFinding['kind'], seq: number | null, message: string, subject: string | null = null): void {
    this.#count += 1;
    this.#all.push({ seq, kind, subject, message });
    this.#all.sort((a, b) => placeOf(a) - placeOf(b));
    if (this.#all.length > most) this.#all.pop();
  }

  list(): AuditFinding[] {
    return [...this.#all];
  }
}

const placeOf = ({ seq }: AuditFinding): number => seq ?? Number.POSITIVE_INFINITY;
