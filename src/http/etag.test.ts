import { describe, expect, it } from 'vitest';
import { etagOf, expectedBy } from './etag.ts';

describe('expectedBy', () => {
  it('asks for nothing when the request does not', () => {
    expect(expectedBy(undefined)).toBeUndefined();
    expect(expectedBy(' * ')).toBeUndefined();
  });

  it('knows one of several', () => {
    const isExpected = expectedBy(`${etagOf('a.1')}, ${etagOf('a.2')}`);
    expect(['a.1', 'a.2', 'a.3'].map((revision) => isExpected?.(revision))).toEqual([true, true, false]);
  });

  it.each(['W/"a.1"', '"a.1-gzip"', 'W/"a.1-gzip"', '"a.1-br"', '"a.2", W/"a.1"'])(
    'takes %s for a.1: a proxy compressed it',
    (header) => expect(expectedBy(header)?.('a.1')).toBe(true),
  );

  it.each(['W/"a.11"', '"a.1-"', '"a.1-other"', 'a.1', '""', 'nonsense'])(
    'never takes %s for a.1',
    (header) => {
      expect(expectedBy(header)?.('a.1')).toBe(false);
    },
  );
});
