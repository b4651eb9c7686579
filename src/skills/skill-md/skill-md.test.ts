import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import { readSkillMd } from './read-skill-md.ts';
import { writeSkillMd } from './write-skill-md.ts';

const skill = (fields: Partial<SkillDefinition> = {}): SkillDefinition =>
  skillDefinitionSchema.parse({
    slug: 'house-report',
    name: 'House report',
    description: 'Says what the house needs this week.',
    steps: [
      { id: 1, prompt: 'List the files.', allowedTools: ['mcp__files__list_directory'] },
      {
        id: 2,
        prompt: 'Write the report.\n\n## Step 9\n',
        guidance: 'Be brief.',
        allowedTools: [],
        maxTurns: 3,
      },
    ],
    ...fields,
  });

const roundTrip = (definition: SkillDefinition) => readSkillMd({ 'SKILL.md': writeSkillMd(definition) });

describe('what we write', () => {
  it('follows the rules of the format', () => {
    const [, yaml = ''] = /^---\n([\s\S]*?)\n---\n/.exec(writeSkillMd(skill())) ?? [];
    const frontmatter = parse(yaml);
    expect(Object.keys(frontmatter).sort()).toEqual(['allowed-tools', 'description', 'metadata', 'name']);
    expect(frontmatter.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(frontmatter.description.length).toBeLessThanOrEqual(1024);
    expect(Object.values(frontmatter.metadata).every((value) => typeof value === 'string')).toBe(true);
    expect(frontmatter['allowed-tools']).toBe('mcp__files__list_directory');
  });

  it('reads as instructions from top to bottom', () => {
    expect(writeSkillMd(skill()).split('---\n').at(-1)).toMatchInlineSnapshot(`
      "
      # House report

      ## Step 1

      <!-- alfred:step -->
      List the files.
      <!-- alfred:end -->

      ## Step 2

      <!-- alfred:step -->
      Write the report.

      ## Step 9

      <!-- alfred:end -->

      ### Guidance

      <!-- alfred:guidance -->
      Be brief.
      <!-- alfred:end -->
      "
    `);
  });

  it('comes back equal, whatever stands in it', () => {
    // CR LF is written as LF, as everywhere in a text file; everything else comes back to the letter.
    const text = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.constantFrom('<!-- alfred:end -->', '<!-- alfred::step -->\nx', '---\n', ' # a: b\n- c'),
      )
      .map((value) => value.replaceAll('\r', ''))
      .filter((value) => value !== '');
    const definitions = fc.record({
      name: text.map((value) => value.slice(0, 200)),
      description: fc.oneof(text, fc.constant(''), fc.constant('long '.repeat(400))),
      prompts: fc.array(fc.tuple(text, fc.option(text, { nil: undefined })), { minLength: 1, maxLength: 4 }),
      maxCostUsd: fc.option(fc.constantFrom(0.5, 2), { nil: null }),
    });
    fc.assert(
      fc.property(definitions, ({ name, description, prompts, maxCostUsd }) => {
        const definition = skill({
          name,
          description,
          maxCostUsd,
          steps: prompts.map(([prompt, guidance], index) => ({
            id: index + 1,
            prompt,
            ...(guidance === undefined ? {} : { guidance }),
            allowedTools: [`mcp__files__tool ${index}`],
          })),
        });
        const back = roundTrip(definition).definition;
        expect({ ...back, maxCostUsd: back.maxCostUsd ?? null }).toEqual(definition);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what comes from elsewhere', () => {
  it('becomes a draft of one step, with its text files as guidance', () => {
    const { definition, warnings } = readSkillMd({
      'SKILL.md':
        '---\nname: PDF Tools\ndescription: Fills forms\nallowed-tools: Bash(git:*) Read mcp__files__read_file\ncompatibility: needs python\n---\n# Fill PDF forms\n\nDo it.\n',
      'references/forms.md': 'About forms.',
      'scripts/fill.py': 'print()',
    });
    expect(definition).toMatchObject({
      slug: 'pdf-tools',
      name: 'Fill PDF forms',
      isActive: false,
      steps: [
        {
          id: 1,
          allowedTools: ['mcp__files__read_file'],
          guidance: '## references/forms.md\n\nAbout forms.',
        },
      ],
    });
    expect(warnings.join('\n')).toMatch(/scripts\/fill\.py[\s\S]*Bash\(git:\*\), Read[\s\S]*needs python/);
  });

  it.each([
    ['no folder', {}],
    ['no frontmatter', { 'SKILL.md': '# x' }],
    ['no name', { 'SKILL.md': '---\ndescription: x\n---\n' }],
    ['no YAML', { 'SKILL.md': '---\nname: [\n---\n' }],
    ['aliases', { 'SKILL.md': '---\nname: &a x\ndescription: *a\n---\n' }],
    [
      'broken settings',
      { 'SKILL.md': writeSkillMd(skill()).replace("alfred-settings: '{", "alfred-settings: '[{") },
    ],
  ])('refuses %s with a remedy', (_what, folder) => {
    expect(() => readSkillMd(folder as Record<string, string>)).toThrowError(
      expect.objectContaining({ code: 'E_VALIDATION', fields: expect.any(Array) }),
    );
  });
});
