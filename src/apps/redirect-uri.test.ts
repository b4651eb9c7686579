import { describe, expect, it } from 'vitest';
import { isSameRedirect, kindOfRedirect, withAnswer } from './redirect-uri.ts';

describe('kindOfRedirect', () => {
  it.each([
    ['http://127.0.0.1/callback', 'this-machine'],
    ['http://127.0.0.1:33418', 'this-machine'],
    ['http://[::1]:8080/cb?x=1', 'this-machine'],
    ['http://localhost:3000/oauth/callback', 'this-machine'],
    ['https://vscode.dev/redirect', 'site'],
    ['cursor://anysphere.cursor-mcp/oauth/callback', 'program'],
    ['com.example.app:/callback', 'program'],
  ])('knows %s as %s', (uri, kind) => expect(kindOfRedirect(uri)).toBe(kind));

  it.each([
    'javascript:alert(1)',
    'JavaScript://x/%0aalert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'blob:https://a.test/x',
    'ms-word:ofe|u|https://a.test',
    'http://a.test/callback',
    'http://127.0.0.1.a.test/callback',
    'http://localhost.a.test/callback',
    'http://127.0.0.1@a.test/',
    'http://user@127.0.0.1/',
    'http://localhost:80@a.test/',
    'http://0x7f000001/',
    'https://user:pass@a.test/',
    'https://a.test/#fragment',
    'https://a.test\\@b.test/',
    'https://a.test/\n',
    ' https://a.test/',
    'https:',
    '//a.test/',
    '/callback',
    '*',
    '',
    `https://a.test/${'x'.repeat(500)}`,
  ])('sends nothing to %j', (uri) => expect(kindOfRedirect(uri)).toBeUndefined());
});

describe('isSameRedirect', () => {
  it.each([
    ['https://a.test/cb', 'https://a.test/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:50123/cb'],
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:2/cb'],
    ['http://localhost/cb', 'http://localhost:9/cb'],
    ['http://[::1]/cb', 'http://[::1]:9/cb'],
  ])('takes for %s %s', (registered, asked) => expect(isSameRedirect(registered, asked)).toBe(true));

  it.each([
    ['https://a.test/cb', 'https://a.test/cb/'],
    ['https://a.test/cb', 'https://a.test/CB'],
    ['https://a.test/cb', 'https://a.test:8443/cb'],
    ['https://a.test/cb', 'https://a.test/cb?x=1'],
    ['https://a.test/cb', 'https://a.test/x/../cb'],
    ['https://a.test/cb', 'https://a.test.b.test/cb'],
    ['http://127.0.0.1/cb', 'http://localhost/cb'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:80/other'],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:80/x/../cb'],
    ['http://127.0.0.1/cb', 'https://127.0.0.1/cb'],
    ['com.a.app:/cb', 'com.a.app:/other'],
  ])('does not take for %s %s', (registered, asked) => expect(isSameRedirect(registered, asked)).toBe(false));
});

describe('withAnswer', () => {
  it('keeps what stands in the address, and lets nothing there pass for an answer', () => {
    expect(
      withAnswer('https://a.test/cb?a=1&code=x&iss=y', { code: 'c', iss: 'http://vm', state: undefined }),
    ).toBe('https://a.test/cb?a=1&code=c&iss=http%3A%2F%2Fvm');
    expect(withAnswer('com.a.app:/cb', { error: 'access_denied' })).toBe('com.a.app:/cb?error=access_denied');
  });
});
