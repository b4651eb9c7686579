import { z } from 'zod';
import { AlfredError } from '../../kernel/errors.ts';
import { readTeacher } from '../teaching.ts';
import { ownTool, readOnly } from './own-tool.ts';

export const teachSkillTool = ownTool({
  name: 'teach_skill',
  description:
    'How a skill is to be taught: read it before propose_skill, as soon as the owner wants something done again and again, or wants this to be a skill.',
  annotations: readOnly,
  input: z.object({ request: z.string().max(10_000).describe('What the owner wants, in their words') }),
  async run({ db }, _context, { request }) {
    const teacher = await readTeacher(db.prisma);
    if (teacher === undefined)
      throw new AlfredError('E_SKILL_INACTIVE', 'Teaching is switched off: "Teach New Skill" is a draft.', {
        remedy: 'Set its "isActive" to true: npx alfred skill edit teach-new-skill',
      });
    return { text: teacher.wordsFor(request) };
  },
});
