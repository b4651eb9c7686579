import { z } from 'zod';
import type { ListedSkill } from '../../contract/listed-skill.ts';
import { getSkill } from '../../skills/get-skill.ts';
import { listSkills } from '../../skills/list-skills.ts';
import { ownTool, readOnly } from './own-tool.ts';

const lineOf = ({ slug, name, description, triggerType, isActive }: ListedSkill): string =>
  `- ${slug}: ${name}${isActive ? '' : ' (a draft)'}${triggerType === 'manual' ? '' : `, by ${triggerType}`}. ${description}`.trim();

export const listSkillsTool = ownTool({
  name: 'list_skills',
  description: 'The skills of this VM: what each does and how it is started.',
  annotations: readOnly,
  input: z.object({}),
  async run(deps) {
    const { items } = await listSkills(deps, { limit: 200 });
    return { text: items.map(lineOf).join('\n') || 'There are no skills yet.' };
  },
});

export const showSkillTool = ownTool({
  name: 'show_skill',
  description: 'One skill, whole: its steps, its tools, what it is to be told.',
  annotations: readOnly,
  input: z.object({ slug: z.string().max(64) }),
  async run(deps, _context, { slug }) {
    const { name, description, steps, inputSchema, triggerType, version, isActive, files } = await getSkill(
      deps,
      slug,
    );
    const shown = {
      ...{ slug, name, description, steps, inputSchema, triggerType, version, isActive },
      ...(files === null ? {} : { files: Object.keys(files) }),
    };
    return { text: JSON.stringify(shown, null, 2) };
  },
});
