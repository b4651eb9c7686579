import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { readCoreSettings } from '../../core/settings.ts';
import { readSettings } from './settings.ts';
import { trustProxy } from './trusted-proxies.ts';

describe.each([
  ['ALFRED_TRUSTED_PROXY', readSettings],
  ['CORE_TRUSTED_PROXY', readCoreSettings],
] as const)('%s', (name, read) => {
  it.each([
    ['loopback', ['loopback']],
    [' 10.0.0.2 , uniquelocal,linklocal', ['10.0.0.2', 'uniquelocal', 'linklocal']],
    ['10.0.0.0/8,fd00::/8,::1,2001:db8::7/128', ['10.0.0.0/8', 'fd00::/8', '::1', '2001:db8::7/128']],
  ])('takes "%s", and so does Fastify', async (text, expected) => {
    const { trustedProxies } = read({ [name]: text });
    expect(trustedProxies).toEqual(expected);
    await fastify({ trustProxy: trustProxy(trustedProxies) }).close();
  });

  it('is nobody when it is not set', () => {
    expect(trustProxy(read({}).trustedProxies)).toBe(false);
    expect(trustProxy(read({ [name]: '' }).trustedProxies)).toBe(false);
  });

  it.each([
    ...['true', '1', '*', 'all', 'caddy', '10.0.0', '010.0.0.1', '10.0.0.1:80', '10.0.0.1,', ',', 'Loopback'],
    ...['0.0.0.0/0', '::/0', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/255.0.0.0'],
  ])('refuses "%s", and says which variable is wrong', (text) => {
    expect(() => read({ [name]: text })).toThrow(
      expect.objectContaining({ code: 'E_SETTINGS', fields: [expect.objectContaining({ field: name })] }),
    );
  });
});
