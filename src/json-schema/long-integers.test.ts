import { describe, expect, it } from 'vitest';
import { asRawNumber, mapIntegers, offerLongIntegers } from './long-integers.ts';

const long = '7615917337495251231';
const schema = {
  type: 'object',
  properties: {
    id: { type: 'integer', format: 'int64' },
    name: { type: 'string' },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    list: { type: 'array', items: { $ref: '#/$defs/Id' } },
    more: { type: 'object', additionalProperties: { type: 'number' } },
  },
  $defs: { Id: { type: 'integer', format: 'int64' } },
};

describe('long integers', () => {
  it('are offered as text, too, where a schema says int64', () => {
    expect(offerLongIntegers(schema)).toMatchObject({
      properties: { id: { type: ['integer', 'string'] }, name: { type: 'string' } },
      $defs: { Id: { type: ['integer', 'string'] } },
    });
    const plain = { type: 'object', properties: { id: { type: 'integer' } } };
    expect(offerLongIntegers(plain)).toBe(plain);
  });

  it('are numbers in the request, to the last digit, and text where text is wanted', () => {
    const value = { id: long, name: long, either: long, list: [long, '12'], more: { a: long }, other: long };
    expect(JSON.stringify(mapIntegers(schema, value, asRawNumber))).toBe(
      `{"id":${long},"name":"${long}","either":"${long}","list":[${long},12],"more":{"a":${long}},"other":"${long}"}`,
    );
  });
});
