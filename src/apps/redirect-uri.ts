/** Where a program may have its answer sent (RFC 8252), and which of its addresses is meant. */
import type { AskingApp } from '../contract/apps.ts';

/**
 * Schemes of one word that programs which speak MCP register with the system. Others must have the form of a reversed domain
 * (`com.example.app`): among the schemes of one word are `javascript`, and those that have a desktop open a file or run a command.
 */
const programs = ['cursor', 'vscode', 'vscode-insiders'];

const longest = 500;

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?(?=[/?]|$)/;

/** What kind of place it is; undefined for one to which nothing is sent. */
export function kindOfRedirect(uri: string): AskingApp['goesTo'] | undefined {
  // A browser would leave out or turn what is not in here, and go elsewhere than what was compared.
  if (uri.length > longest || !/^[\x21-\x7e]+$/.test(uri) || /[\\#]/.test(uri)) return undefined;
  if (!URL.canParse(uri)) return undefined;
  const { protocol, username, password, hostname } = new URL(uri);
  if (username !== '' || password !== '') return undefined;
  if (protocol === 'https:') return hostname === '' ? undefined : 'site';
  if (protocol === 'http:') return loopback.test(uri) ? 'this-machine' : undefined;
  const scheme = protocol.slice(0, -1);
  return scheme.includes('.') || programs.includes(scheme) ? 'program' : undefined;
}

/**
 * Whether `asked` is the address that was registered, character by character. On the machine itself the port may be any: the
 * program listens on one that is free (RFC 8252, section 7.3).
 */
export const isSameRedirect = (registered: string, asked: string): boolean =>
  registered === asked ||
  (loopback.test(registered) && loopback.test(asked) && withoutPort(registered) === withoutPort(asked));

const withoutPort = (uri: string): string => uri.replace(loopback, 'http://$1');

/** The address with an answer in its query; what stood there by these names goes. */
export function withAnswer(uri: string, answer: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(uri);
  for (const name of ['code', 'state', 'iss', 'error', 'error_description']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(answer)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}
