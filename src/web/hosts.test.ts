import { describe, expect, it } from 'vitest';
import { hostCheck, publicPort } from './hosts.ts';

const passes = (check: (header: string | undefined) => void, header: string | undefined): boolean => {
  try {
    check(header);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'E_HOST_REFUSED', status: 403 });
    return false;
  }
};

describe('hostCheck', () => {
  const local = hostCheck({ host: '127.0.0.1', publicUrl: undefined });
  const open = hostCheck({ host: '0.0.0.0', publicUrl: 'https://alfred.example.org:8443/' });

  it.each(['localhost', 'localhost:4280', 'LOCALHOST:1', '127.0.0.1:4280', '[::1]:4280', '[::1]'])(
    'lets %s in',
    (header) => {
      expect(passes(local, header)).toBe(true);
      expect(passes(open, header)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:4280',
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost:4280:1',
    'localhost:x',
    ' localhost',
    '127.0.0.1.nip.io',
    '0.0.0.0:4280',
    '[::]:4280',
    '127.1',
    'localhost,evil.example',
    'ｌocalhost',
  ])('refuses %j', (header) => {
    expect(passes(local, header)).toBe(false);
    expect(passes(open, header)).toBe(false);
  });

  it('lets the public name in, on any port', () => {
    expect(passes(open, 'alfred.example.org')).toBe(true);
    expect(passes(open, 'Alfred.Example.org:443')).toBe(true);
    expect(passes(local, 'alfred.example.org')).toBe(false);
  });

  it('lets the address in that it listens on', () => {
    const check = hostCheck({ host: 'fd00::7', publicUrl: 'https://a.example' });
    expect(passes(check, '[fd00::7]:4280')).toBe(true);
  });

  it('says which server was asked, and what to set', () => {
    const core = hostCheck({ host: '0.0.0.0', publicUrl: 'https://core.example' }, 'core');
    expect(passes(core, 'core.example')).toBe(true);
    expect(() => core('evil.example')).toThrow(
      expect.objectContaining({
        message: 'This Core does not answer to that host name',
        remedy: expect.stringContaining('CORE_PUBLIC_URL'),
      }),
    );
  });
});

describe('publicPort', () => {
  it.each([
    ['alfred.example', 'https://alfred.example:8443', 'alfred.example:8443'],
    ['Alfred.Example', 'https://alfred.example:8443', 'alfred.example:8443'],
    ['alfred.example', 'https://alfred.example', 'alfred.example'],
    ['alfred.example:9443', 'https://alfred.example:8443', 'alfred.example:9443'],
    ['localhost', 'https://alfred.example:8443', 'localhost'],
    ['localhost', undefined, 'localhost'],
    [undefined, 'https://alfred.example:8443', undefined],
  ])('of %s at %s is %s', (header, publicUrl, expected) =>
    expect(publicPort(publicUrl)(header)).toBe(expected),
  );
});
