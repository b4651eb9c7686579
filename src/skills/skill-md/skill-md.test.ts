import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { escapePlaceholders } from '../../contract/placeholders.ts';
import { fileText, fitFolder } from '../../contract/skill-folder.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import { renderPlaceholders } from '../placeholders.ts';
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
  it('becomes a draft of one step, with its text files beside it', () => {
    const { definition, warnings } = readSkillMd({
      'SKILL.md':
        '---\nname: PDF Tools\ndescription: Fills forms\nallowed-tools: Bash(git:*) Read mcp__files__read_file\ncompatibility: needs python\n---\n# Fill PDF forms\n\nDo it.\n',
      'references/forms.md': 'About forms.',
      'scripts/fill.py': 'print()',
      'scripts/font.ttf': null,
    });
    expect(definition).toMatchObject({
      slug: 'pdf-tools',
      name: 'Fill PDF forms',
      isActive: false,
      steps: [{ id: 1, allowedTools: ['mcp__files__read_file'] }],
      files: { 'references/forms.md': 'About forms.', 'scripts/fill.py': 'print()' },
    });
    expect(definition.steps[0]).not.toHaveProperty('guidance');
    expect(warnings.join('\n')).toMatch(/scripts\/font\.ttf[\s\S]*Bash\(git:\*\), Read[\s\S]*needs python/);
  });

  it.each([
    ['no folder', {}],
    ['no frontmatter', { 'SKILL.md': '# x' }],
    ['no name', { 'SKILL.md': '---\ndescription: x\n---\n' }],
    ['an empty frontmatter', { 'SKILL.md': '---\n\n---\n' }],
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

/** What becomes of a plain SKILL.md with this frontmatter and body. */
const plain = (frontmatter: string, body = '# Do it\n', files: Record<string, string | null> = {}) =>
  readSkillMd({ 'SKILL.md': `---\n${frontmatter}\n---\n${body}`, ...files });

describe('braces of another program', () => {
  const body = 'Use ${{ github.token }} and {{name}}, never {{!escaped}} or { style: {{ a: 1 }} }.';

  it('are text: said, never filled in, and as they were at export', () => {
    const { definition, warnings } = plain('name: x', body);
    const [step] = definition.steps;
    expect(step?.prompt).toBe(
      'Use ${{! github.token }} and {{!name}}, never {{!!escaped}} or { style: {{ a: 1 }} }.',
    );
    expect(renderPlaceholders(step?.prompt ?? '', { name: 'no', github: { token: 'no' } })).toEqual({
      text: body,
      missing: [],
    });
    expect(warnings.join()).toContain('{{ github.token }}, {{name}}, {{!escaped}} stand in it as text');
    const written = writeSkillMd(definition);
    expect(written).toContain(body);
    expect(readSkillMd({ 'SKILL.md': written })).toMatchObject({ definition, warnings: [] });
  });

  it('come back beside placeholders of ours', () => {
    const definition = skill({
      inputSchema: { type: 'object', properties: { a: {} } },
      steps: [{ id: 1, prompt: '{{a}} {{!b}}', guidance: '{{!c}}', allowedTools: [] }],
    });
    expect(roundTrip(definition).definition).toEqual(definition);
  });

  it('come back whatever they are', () => {
    const braces = fc.array(
      fc.constantFrom('{{', '}}', '!', 'a', ' ', '.b', '{{a}}', '{{!a}}', '{{!!a.b}}'),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(braces, (parts) => {
        const text = `x${parts.join('')}`;
        expect(renderPlaceholders(escapePlaceholders(text), { a: 'filled' }).text).toBe(text);
        const definition = skill({ steps: [{ id: 1, prompt: text, guidance: text, allowedTools: [] }] });
        expect(roundTrip(definition).definition).toEqual(definition);
      }),
      { numRuns: 300 },
    );
  });
});

describe('frontmatter as people write it', () => {
  it.each([
    ['a colon', 'name: x\ndescription: Use when: you must', 'Use when: you must'],
    ['a bracket', 'name: x\ndescription: [beta] does it', '[beta] does it'],
    ['a quotation mark', 'name: x\ndescription: "Quick" and more', '"Quick" and more'],
    ['an at sign', 'name: x\ndescription: @someone does it', '@someone does it'],
    ['an asterisk', 'name: x\ndescription: *bold* words', '*bold* words'],
    ['several lines', 'name: x\ndescription: Use: this\n  and that', 'Use: this and that'],
    ['a list', 'name: x\ndescription: [a, b]', 'a, b'],
    ['a number', 'name: 7\ndescription: 12', '12'],
    ['nothing', 'name: x\ndescription:', ''],
  ])('may hold %s', (_what, frontmatter, description) => {
    expect(plain(frontmatter).definition.description).toBe(description);
  });

  it('may lack a name where there is a title, and says what was guessed', () => {
    const { definition, warnings } = plain('description: Use when: x', '# Fill in forms\n');
    expect(definition).toMatchObject({ slug: 'fill-in-forms', name: 'Fill in forms' });
    expect(warnings).toEqual([
      'its frontmatter is not YAML; "description" was read as plain text',
      'it has no name, so that its title is taken for one',
    ]);
  });

  it('is kept for the export, what is not ours included', () => {
    const frontmatter = [
      'name: weather',
      'description: Says the weather',
      'homepage: https://wttr.example',
      'license: MIT',
      'compatibility:',
      'allowed-tools: Bash(curl:*) mcp__files__read_file',
      'metadata: { openclaw: { emoji: sun, requires: { bins: [curl] } }, version: 1.0 }',
    ].join('\n');
    const { definition } = plain(frontmatter);
    const kept = {
      homepage: 'https://wttr.example',
      license: 'MIT',
      'allowed-tools': 'Bash(curl:*)',
      metadata: { openclaw: { emoji: 'sun', requires: { bins: ['curl'] } }, version: 1 },
    };
    expect(definition.frontmatter).toEqual(kept);
    const [, yaml = ''] = /^---\n([\s\S]*?)\n---\n/.exec(writeSkillMd(definition)) ?? [];
    expect(parse(yaml)).toMatchObject({ ...kept, 'allowed-tools': 'mcp__files__read_file Bash(curl:*)' });
    expect(roundTrip(definition).definition).toEqual(definition);
  });
});

describe('the files beside it', () => {
  it('are kept to the letter and come back at export, licences too; what is no text is named', () => {
    const files = {
      'LICENSE.txt': 'licence '.repeat(8_000),
      'more/apple.txt': '{{apple}}\r\n',
      'scripts/run.sh': 'echo $x',
      'scripts/__init__.py': '',
      'templates/App.vue': '<template/>',
      Containerfile: 'FROM scratch',
    };
    const { definition, warnings } = plain('name: x', 'Do it.', { ...files, 'font.ttf': null, '.env': null });
    expect(definition.files).toEqual(files);
    expect(warnings).toEqual(['not kept, because it is no text, hidden or too long: font.ttf, .env']);
    const back = readSkillMd({ 'SKILL.md': writeSkillMd(definition), ...definition.files });
    expect(back).toEqual({ definition, warnings: [] });
  });

  it('are left out where all would be too much, the longest first, and named', () => {
    const { definition, warnings } = plain('name: x', 'Do it.', {
      'long.md': 'l'.repeat(450_000),
      'longer.md': 'l'.repeat(460_000),
      'short.md': 's',
    });
    expect(Object.keys(definition.files ?? {})).toEqual(['long.md', 'short.md']);
    expect(warnings).toEqual(['not kept, because it is no text, hidden or too long: longer.md']);
  });

  it('are below its folder, each by a path that any system has', () => {
    const outside = ['../x.md', '/etc/x.md', 'a//b.md', 'a/./b.md', 'C:\\x.md', 'c:x.md', 'skill.md'];
    const { definition } = plain('name: x', 'Do it.', Object.fromEntries(outside.map((path) => [path, 'x'])));
    expect(definition.files).toBeUndefined();
    for (const path of outside) {
      const parsed = skillDefinitionSchema.safeParse({ ...skill(), files: { [path]: 'x' } });
      expect(parsed.error?.issues[0]?.path).toEqual(['files', path]);
    }
  });

  it('are text by what stands in them, whatever they are called', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(fileText(bytes('\uFEFFa\r\nü'))).toBe('\uFEFFa\r\nü');
    expect(fileText(bytes(''))).toBe('');
    expect(fileText(bytes('a\0b'))).toBeNull();
    expect(fileText(Buffer.from('für', 'latin1'))).toBeNull();
    expect(fileText(bytes('l'.repeat(500_001)))).toBeNull();
  });

  it('cannot be read where its SKILL.md is no text', () => {
    expect(() => readSkillMd({ 'SKILL.md': null })).toThrow('is no text in UTF-8');
    expect(() => readSkillMd({ 'README.md': 'x' })).toThrow('holds no SKILL.md');
  });

  it('are sent as far as they are kept, and named all the same', () => {
    const folder = Object.fromEntries([
      ...Array.from({ length: 300 }, (_, at) => [`icons/${at}.png`, null]),
      ...Array.from({ length: 150 }, (_, at) => [`pages/${at}.md`, `${at}`]),
      ['SKILL.md', 'skill'],
      ['more/long.txt', 'l'.repeat(650_000)],
      ['more/other.txt', 'o'.repeat(100_000)],
      ['LICENSE', 'licence'],
    ]);
    const sent = fitFolder(folder);
    expect(Object.keys(sent)).toHaveLength(454);
    expect(sent).toMatchObject({ 'SKILL.md': 'skill', 'more/long.txt': null, 'icons/0.png': null });
    const pages = Array.from({ length: 250 }, (_, at) => [`${at}.md`, '']);
    const fitted = fitFolder(Object.fromEntries([...pages, ['SKILL.md', 'skill']]));
    expect(Object.values(fitted).filter((text) => text !== null)).toHaveLength(200);
    expect(fitted['SKILL.md']).toBe('skill');
    expect(sent.LICENSE).toBe('licence');
    expect(sent['more/other.txt']).toHaveLength(100_000);
  });
});

describe('names of every script', () => {
  it('become slugs, each its own and the same each time', () => {
    const slugOf = (name: string) => plain(`name: ${name}`).definition.slug;
    expect([slugOf('Résumé für Straße'), slugOf('Łódź Ørsted')]).toEqual([
      'resume-fur-strasse',
      'lodz-orsted',
    ]);
    const others = ['天気予報', 'погода', 'الطقس', '날씨 2'].map(slugOf);
    expect(new Set(others).size).toBe(4);
    for (const slug of others) expect(slug).toMatch(/^skill-[0-9a-f]{8}$/);
    expect(slugOf('погода')).toBe(others[1]);
    expect(plain('name: погода').warnings.join()).toContain('choose another');
  });
});
