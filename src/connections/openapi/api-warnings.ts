/** What a person should know of a document beside its tools. */
import { shorten } from './json.ts';
import type { Api } from './operation.ts';

const maxShown = 3;

/** @param hasLogin whether the connection sends anything to sign in with */
export function apiWarnings(
  { unread, problems, securitySchemes }: Pick<Api, 'unread' | 'problems' | 'securitySchemes'>,
  hasLogin: boolean,
): string[] {
  return [
    ...(unread.length === 0 ? [] : [unreadWords(unread)]),
    ...(hasLogin || securitySchemes.length === 0 ? [] : [loginWords(securitySchemes)]),
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

function loginWords(schemes: Api['securitySchemes']): string {
  const shown = schemes
    .slice(0, maxShown)
    .map(({ name, type, detail }) => `${name} (${[type, detail].filter((part) => part !== '').join(', ')})`);
  return `The document knows of a login, and the connection has none: ${shown.join('; or ')}. Give it one with "auth" (--auth) where the API wants it.`;
}
