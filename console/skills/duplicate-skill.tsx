/** A second skill like one that is there, as a draft: nothing of it starts before its owner has looked at it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { listItems } from '../../src/contract/list-items.ts';
import type { SkillField } from '../../src/contract/skill-field.ts';
import { skillFieldNames, skillFields } from '../../src/contract/skill-fields.ts';
import type { Skill, SkillDefinition } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Copy } from '../ui/more-icons.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

/** As long as a slug may be, with room for what is added. */
const roomForSlug = 58;

function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  const base = slug.slice(0, roomForSlug);
  let number = 2;
  while (taken.has(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

/** What a person has said of it. A hook is an address and a secret of one skill alone: the second one is started by hand. */
function definitionOf(skill: Skill, slug: string): SkillDefinition {
  const said = skillFieldNames.filter((name) => {
    const field: SkillField = skillFields[name];
    return field.isDerived !== true && JSON.stringify(skill[name]) !== JSON.stringify(field.unsaid);
  });
  const { pausedUntil: _rests, ...triggerConfig } = skill.triggerConfig;
  const start =
    skill.triggerType === 'webhook' ? { triggerType: 'manual', triggerConfig: {} } : { triggerConfig };
  return {
    ...Object.fromEntries(said.map((name) => [name, skill[name]])),
    ...{ slug, name: t('{name} (copy)', { name: skill.name.slice(0, 190) }), isActive: false },
    ...start,
  } as SkillDefinition;
}

export function DuplicateSkill({ skill }: { skill: Skill }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const duplicate = useMutation({
    mutationFn: async () => {
      const slugs = (await listItems(api.listSkills, {})).map(({ slug }) => slug);
      return await api.createSkill({ body: definitionOf(skill, freeSlug(skill.slug, new Set(slugs))) });
    },
    onSuccess: async ({ slug }) => {
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(t('Here is a second one'), t('It is a draft: nothing starts it until you make it active.'));
      await navigate({ to: '/skills/$slug/edit', params: { slug } });
    },
    onError: sayProblem,
  });
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={t('Duplicate this skill')}
      title={t('Duplicate this skill')}
      busy={duplicate.isPending}
      onClick={() => duplicate.mutate()}
    >
      {duplicate.isPending ? null : <Copy className="size-4" />}
    </Button>
  );
}
