import { expect, it } from 'vitest';
import { readSettings } from './settings.ts';

it('takes a public address at the root of its host alone', () => {
  const read = (ALFRED_PUBLIC_URL: string) => readSettings({ ALFRED_PUBLIC_URL }).publicUrl;
  for (const good of ['https://alfred.example', 'https://alfred.example/', 'https://alfred.example:8443'])
    expect(read(good)).toBe(good);
  for (const wrong of [
    'https://home.example/alfred',
    'https://home.example/?to=alfred',
    'https://me@home.example',
    'http://alfred.example',
    'alfred.example',
  ])
    expect(() => read(wrong)).toThrow('ALFRED_PUBLIC_URL');
});
