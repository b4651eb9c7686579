/** What tools answer, in the forms of all versions and of none. */
import { expect, it } from 'vitest';
import { readCallResult } from './read-call-result.ts';

const hi = { type: 'text', text: 'hi' };

it.each<[string, Record<string, unknown>, object]>([
  [
    'a result',
    { content: [hi], isError: false, structuredContent: { a: 1 } },
    { content: [hi], isError: false, structuredContent: { a: 1 } },
  ],
  ['the oldest form, text', { toolResult: 'hi' }, { content: [hi], isError: false }],
  [
    'the oldest form, a value',
    { toolResult: { a: 1 } },
    { content: [{ type: 'text', text: '{"a":1}' }], isError: false },
  ],
  [
    'the oldest form around a result',
    { toolResult: { content: [hi], isError: true } },
    { content: [hi], isError: true },
  ],
  ['no content', { structuredContent: { a: 1 } }, { content: [], structuredContent: { a: 1 } }],
  ['content that is one block', { content: hi }, { content: [hi] }],
  ['content that is text', { content: 'hi' }, { content: [hi] }],
  [
    'nulls',
    {
      content: [{ ...hi, annotations: null, _meta: null }],
      structuredContent: null,
      isError: null,
      _meta: null,
    },
    { content: [hi] },
  ],
  [
    'text that is a value',
    { content: [{ type: 'text', text: { a: 1 } }] },
    { content: [{ type: 'text', text: '{"a":1}' }] },
  ],
  ['a block without a kind', { content: [{ text: 'hi' }] }, { content: [hi] }],
  [
    'a link without a name',
    { content: [{ type: 'resource_link', uri: 'a:b' }] },
    { content: [{ type: 'resource_link', uri: 'a:b', name: 'a:b' }] },
  ],
  [
    'a resource without an address',
    { content: [{ type: 'resource', resource: { text: 'x' } }] },
    { content: [{ type: 'resource', resource: { uri: 'unnamed', text: 'x' } }] },
  ],
  [
    'a block of tomorrow among others',
    { content: [hi, { type: 'hologram', depth: 3 }] },
    { content: [hi, { type: 'text', text: '[a block of hologram: {"type":"hologram","depth":3}]' }] },
  ],
  [
    'an image without its kind',
    { content: [{ type: 'image', data: 'aGk=' }, hi] },
    { content: [{ type: 'text', text: '[a block of image: {"type":"image","data":"aGk="}]' }, hi] },
  ],
])('%s', (_what, raw, read) => {
  expect(readCallResult(raw)).toEqual(read);
});
