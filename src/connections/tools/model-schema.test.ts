/** Schemas of real servers and documents, in the form that the Messages API takes. */
import { expect, it } from 'vitest';
import { modelSchema } from './model-schema.ts';

const text = { type: 'string' };

it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    'a plain one',
    { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false },
    { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: false },
  ],
  ['none', {}, { type: 'object' }],
  [
    'items as a list',
    {
      type: 'object',
      properties: { a: { type: 'array', items: [text, { type: 'number' }], additionalItems: false } },
    },
    {
      type: 'object',
      properties: { a: { type: 'array', prefixItems: [text, { type: 'number' }], items: false } },
    },
  ],
  [
    'type any',
    { type: 'object', properties: { a: { type: 'any', description: 'x' } } },
    { type: 'object', properties: { a: { description: 'x' } } },
  ],
  [
    'types of other languages',
    {
      type: 'object',
      properties: { a: { type: 'int' }, b: { type: ['str', 'None'] }, c: { type: 'String' } },
    },
    { type: 'object', properties: { a: { type: 'integer' }, b: { type: ['string', 'null'] }, c: text } },
  ],
  [
    'nullable',
    { type: 'object', properties: { a: { ...text, nullable: true } } },
    { type: 'object', properties: { a: { type: ['string', 'null'] } } },
  ],
  [
    'schemas that are yes or no',
    { type: 'object', properties: { a: true, b: false } },
    { type: 'object', properties: { a: {}, b: { not: {} } } },
  ],
  [
    'required at the argument',
    { type: 'object', properties: { a: { ...text, required: true }, b: text } },
    { type: 'object', properties: { a: text, b: text }, required: ['a'] },
  ],
  [
    'required that is no list',
    { type: 'object', properties: { a: text }, required: 'a' },
    { type: 'object', properties: { a: text } },
  ],
  [
    'bounds of draft 4',
    {
      type: 'object',
      properties: {
        a: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      },
    },
    { type: 'object', properties: { a: { type: 'number', exclusiveMinimum: 0, maximum: 9 } } },
  ],
  [
    'a pattern of another language',
    { type: 'object', properties: { a: { ...text, pattern: '(?i)^x' } } },
    { type: 'object', properties: { a: text } },
  ],
  ['$schema', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }, { type: 'object' }],
  [
    'a reference at the root',
    { $ref: '#/$defs/A', $defs: { A: { type: 'object', properties: { a: text }, required: ['a'] } } },
    {
      type: 'object',
      $defs: { A: { type: 'object', properties: { a: text }, required: ['a'] } },
      properties: { a: text },
      required: ['a'],
    },
  ],
  [
    'allOf at the root',
    {
      allOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { b: text }, required: ['b'] },
      ],
    },
    { type: 'object', properties: { a: text, b: text }, required: ['a', 'b'] },
  ],
  [
    'a union that wants the same',
    {
      type: 'object',
      required: ['id'],
      properties: { id: text },
      anyOf: [
        { required: ['a'], properties: { a: text } },
        { required: ['b'], properties: { b: text } },
      ],
    },
    {
      type: 'object',
      description: 'Give a, or b.',
      required: ['id'],
      properties: { id: text, a: text, b: text },
    },
  ],
  [
    'a union of objects',
    {
      oneOf: [
        { type: 'object', properties: { kind: { const: 'x' }, a: text }, required: ['kind', 'a'] },
        { type: 'object', properties: { kind: { const: 'y' } }, required: ['kind'] },
      ],
    },
    {
      type: 'object',
      required: ['kind'],
      properties: { kind: { anyOf: [{ const: 'x' }, { const: 'y' }] }, a: text },
    },
  ],
  [
    'unions within an argument',
    { type: 'object', properties: { a: { anyOf: [text, { type: 'null' }] } } },
    { type: 'object', properties: { a: { anyOf: [text, { type: 'null' }] } } },
  ],
])('%s', (_what, given, shown) => {
  expect(modelSchema(given)).toEqual({ schema: shown });
});

it('says of what is no object that it is none', () => {
  expect(modelSchema({ type: 'string' })).toEqual({ problem: 'its arguments are no object but string' });
});
