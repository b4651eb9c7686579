import { describe, expect, it } from 'vitest';
import { placeholderProblems } from './check-placeholders.ts';

const problems = (prompt: string, inputSchema: Record<string, unknown>) =>
  placeholderProblems([{ id: 1, prompt, allowedTools: [] }], inputSchema).map(({ message }) => message);

const mail = {
  type: 'object',
  properties: {
    subject: { type: 'string' },
    from: { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false },
    lines: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } },
    extra: { type: 'object' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

describe('placeholderProblems', () => {
  it('lets declared ones pass', () => {
    const prompt =
      '{{subject}} {{from.name}} {{lines.0.text}} {{extra.any.thing}} {{labels.red}} {{input}} {{input.subject}}';
    expect(problems(prompt, mail)).toEqual([]);
  });

  it('names the others, once for each step', () => {
    expect(
      problems('{{subjet}} {{from.mail}} {{lines.x}} {{subject.length}} {{labels.red.x}}', mail),
    ).toEqual([
      'inputSchema does not declare {{subjet}}, {{from.mail}}, {{lines.x}}, {{subject.length}}, {{labels.red.x}}',
    ]);
  });

  it('says nothing where the schema says nothing', () => {
    expect(problems('{{a.b}}', {})).toEqual([]);
    expect(problems('{{a.b}}', { type: 'object' })).toEqual([]);
    expect(problems('{{a.b}}', { properties: { b: {} }, additionalProperties: true })).toEqual([]);
    expect(problems('{{a.b}}', { properties: { b: {} }, allOf: [{ $ref: '#/$defs/a' }] })).toEqual([]);
    expect(problems('{{a.b}}', { type: 'object', additionalProperties: false })).toHaveLength(1);
  });
});
