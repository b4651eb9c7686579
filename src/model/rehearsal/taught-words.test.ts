import { expect, it } from 'vitest';
import { skillDefinitionSchema } from '../../contract/skills.ts';
import { formOfTeaching, taughtIn } from './taught-words.ts';

it('is read as it is told of', () => {
  const taught = taughtIn(formOfTeaching('mcp__files__list_directory').split('\n\n')[0] ?? '');
  expect(taught).toEqual({
    definition: {
      slug: 'morning-papers',
      name: 'Morning papers',
      description: 'What is new in the folder, before breakfast',
      triggerType: 'schedule',
      triggerConfig: { cron: '0 7 * * *' },
      steps: [
        {
          id: 1,
          prompt: 'List the files of the folder and say what is new',
          allowedTools: ['mcp__files__list_directory'],
        },
      ],
    },
  });
});

it('has steps, inputs, a phrase, and whom they ask', () => {
  const taught = taughtIn(
    'Teach: Zählen\nWhen: count them\nInput: folder, which one\nStep: Count {{folder}}\nHow: Twice.\nStep: Write it down\nTools: mcp__a__b, mcp__a__c\nAsk: Always',
  );
  expect(taught).toMatchObject({
    definition: {
      slug: 'zahlen',
      triggerType: 'chat',
      triggerConfig: { phrases: ['count them'] },
      inputSchema: {
        properties: { folder: { type: 'string', description: 'which one' } },
        required: ['folder'],
      },
      steps: [
        { id: 1, prompt: 'Count {{folder}}', guidance: 'Twice.', allowedTools: [] },
        { id: 2, allowedTools: ['mcp__a__b', 'mcp__a__c'], approval: 'always' },
      ],
    },
  });
  expect(skillDefinitionSchema.safeParse(taught && 'definition' in taught && taught.definition).success).toBe(
    true,
  );
});

it('says what is missing', () => {
  expect(taughtIn('Teach: Papers')).toMatchObject({ missing: expect.stringContaining('`Step:` is missing') });
  expect(taughtIn('Teach: Papers\nTools: mcp__a__b\nStep: Read')).toMatchObject({
    missing: expect.stringContaining('belongs behind'),
  });
  expect(taughtIn('Teach: Papers\nStep: Read\nand be nice')).toMatchObject({
    missing: expect.stringContaining('“and be nice”'),
  });
  expect(taughtIn('Teach me to sing')).toBeUndefined();
});
