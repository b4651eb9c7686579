import { describe, expect, it } from 'vitest';
import { readableFiles, readSkillFile } from './skill-files.ts';

const files = {
  'LICENSE.txt': 'licence',
  'aaa.md': 'a',
  'more/apple.txt': 'apple',
  'more/long.md': `${'x'.repeat(39_999)}🙂${'y'.repeat(10)}`,
  'more/zebra.txt': 'zebra',
  'two/aaa.md': 'another a',
};

describe('the files of a skill', () => {
  it('are told as its texts name them, licences never', () => {
    expect(readableFiles(files, ['First `zebra.txt`,', 'then [more](more/apple.txt).'])).toEqual([
      ...['more/zebra.txt', 'more/apple.txt'],
      ...['aaa.md', 'more/long.md', 'two/aaa.md'],
    ]);
  });

  it('are read by their path, or by the end of it where it is one', () => {
    for (const path of ['more/zebra.txt', './more/zebra.txt', 'zebra.txt'])
      expect(readSkillFile(files, path)).toBe('zebra');
    expect(readSkillFile(files, 'aaa.md')).toBe('a');
  });

  it('are all that can be read', () => {
    const others = ['LICENSE.txt', '../etc/passwd', '/etc/passwd', 'constructor', '__proto__', '', 'a.md'];
    for (const path of others)
      expect(() => readSkillFile(files, path)).toThrow(expect.objectContaining({ code: 'E_NOT_FOUND' }));
    expect(() => readSkillFile({ 'one/x.md': '1', 'two/x.md': '2' }, 'x.md')).toThrow(
      'Say which: one/x.md, two/x.md.',
    );
  });

  it('are read in parts where they are long, no letter cut in two', () => {
    const first = readSkillFile(files, 'more/long.md');
    expect(first).toBe(`${'x'.repeat(39_999)}\n[characters 0 to 39999 of 40011; go on with "from": 39999]`);
    expect(readSkillFile(files, 'more/long.md', 39_999)).toBe(`🙂${'y'.repeat(10)}`);
  });
});
