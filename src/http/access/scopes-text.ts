/** What each scope opens, as docs/security.md has it (scripts/written-tables.ts). */
import { acts } from '../../contract/acts.ts';
import { type Scope, scopes } from '../../contract/common.ts';
import type { Access, Admission, Operation } from '../../contract/operation.ts';
import { operations } from '../../contract/operations.ts';
import { scopesFor } from './policy.ts';

/** A row's marks: ✓ at each scope that is enough by itself, + at those that are wanted together. */
function marks(access: Scope | 'every-scope'): string {
  if (access === 'every-scope') return scopes.map(() => '+').join(' | ');
  const opening = scopesFor(access);
  return scopes.map((scope) => (opening.includes(scope) ? '✓' : '')).join(' | ');
}

const needsScope = (access: Access): access is Scope | 'every-scope' =>
  access !== 'public' && access !== 'signed-in';

const order = (access: Scope | 'every-scope'): number =>
  access === 'every-scope' ? scopes.length : scopes.indexOf(access);

/** Scope by scope; routes of one noun that the same scope opens stand in one row. */
export function scopesText(): string {
  const closed = Object.values<Operation & Admission>(operations).flatMap(({ method, path, access, tags }) =>
    needsScope(access)
      ? [{ noun: tags?.[0] ?? '', access, text: `\`${method} ${path.replace('/api/v1', '')}\`` }]
      : [],
  );
  const sorted = closed.toSorted((one, other) => order(one.access) - order(other.access));
  const rows = Map.groupBy(sorted, ({ noun, access }) => `${noun} ${access}`).values();
  return [
    `| act | ${scopes.map((scope) => `\`${scope}\``).join(' | ')} |`,
    `| --- |${' --- |'.repeat(scopes.length)}`,
    ...[...rows].flatMap((routes) => {
      const [first] = routes;
      if (first === undefined) return [];
      return [`| ${first.noun}: ${routes.map(({ text }) => text).join(' ')} | ${marks(first.access)} |`];
    }),
    ...Object.entries(acts).map(([act, { scope, words }]) => `| *${act}*: ${words} | ${marks(scope)} |`),
  ].join('\n');
}
