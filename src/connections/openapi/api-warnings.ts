/** What a person should know of a document beside its tools. */
import { shorten } from './json.ts';
import type { Api } from './operation.ts';

const maxShown = 3;

/** @param connection.hasLogin whether it sends anything to sign in with */
export function apiWarnings(
  {
    unread,
    problems,
    securitySchemes,
    signIns,
  }: Pick<Api, 'unread' | 'problems' | 'securitySchemes' | 'signIns'>,
  { name, hasLogin }: { name: string; hasLogin: boolean },
): string[] {
  return [
    ...(unread.length === 0 ? [] : [unreadWords(unread)]),
    ...(hasLogin || securitySchemes.length === 0 ? [] : [loginWords(name, securitySchemes, signIns)]),
    ...(problems.length === 0
      ? []
      : [
          `The document is not quite as OpenAPI has it, and is used all the same: ${shorten(problems[0] ?? '', 200)}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}.`,
        ]),
  ];
}

function unreadWords(unread: Api['unread']): string {
  const shown = unread
    .slice(0, maxShown)
    .map(({ reference, why }) => `"${shorten(reference, 100)}" (${why})`);
  const more = unread.length > maxShown ? ` and ${unread.length - maxShown} more` : '';
  return `Parts of the document lie in other files and were not read: ${shown.join(', ')}${more}. Where they would describe an argument, anything goes. Give one document that holds all its parts ("bundled").`;
}

function loginWords(connection: string, schemes: Api['securitySchemes'], signIns: Api['signIns']): string {
  const shown = schemes
    .slice(0, maxShown)
    .map(({ name, type, detail }) => `${name} (${[type, detail].filter((part) => part !== '').join(', ')})`);
  const remedy =
    signIns.length === 0
      ? 'Give it one with "auth" (--auth) where the API wants it.'
      : `Where the API wants it, sign in: npx alfred connection login ${connection}; or give it a token with "auth" (--auth).`;
  return `The document knows of a login, and the connection has none: ${shown.join('; or ')}. ${remedy}`;
}
