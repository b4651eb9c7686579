import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/client.ts';
import { skillQuery } from '../api/queries.ts';
import { bodyOf, type SkillDraft } from '../forms/skill-draft.ts';
import { SkillForm } from '../forms/skill-form.tsx';
import { PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.tsx';

const route = getRouteApi('/skills/$slug/edit');

function useSave(send: (draft: SkillDraft) => Promise<Skill>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: send,
    onSuccess: async (skill) => {
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(`Saved as version ${skill.version}`);
      await navigate({ to: '/skills/$slug', params: { slug: skill.slug } });
    },
  });
}

export function EditSkillPage() {
  const { slug } = route.useParams();
  const navigate = useNavigate();
  const skill = useQuery({
    ...skillQuery(slug),
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = useSave((draft) => api('PATCH', `/api/v1/skills/${slug}`, bodyOf(draft)));
  if (skill.error) return <ProblemNote error={skill.error} />;
  if (!skill.data) return <SkeletonRows rows={8} />;
  return (
    <>
      <PageHead
        title={`Edit ${skill.data.name}`}
        lead="Saving makes a new version; the ones before are kept."
      />
      <SkillForm
        skill={skill.data}
        isNew={false}
        error={save.error}
        busy={save.isPending}
        onSave={(draft) => save.mutate(draft)}
        onCancel={() => void navigate({ to: '/skills/$slug', params: { slug } })}
      />
    </>
  );
}

export function WriteSkillPage() {
  const navigate = useNavigate();
  const save = useSave((draft) => {
    const { maxCostUsd, timeoutMs, triggerConfig, ...body } = bodyOf(draft);
    const given = Object.fromEntries(
      Object.entries(triggerConfig as Record<string, unknown>).filter(([, value]) => value !== null),
    );
    return api('POST', '/api/v1/skills', { ...body, maxCostUsd, timeoutMs, triggerConfig: given });
  });
  return (
    <>
      <PageHead
        title="Write a skill"
        lead="Steps are done in order; each is given what the ones before it found."
      />
      <SkillForm
        skill={undefined}
        isNew
        error={save.error}
        busy={save.isPending}
        onSave={(draft) => save.mutate(draft)}
        onCancel={() => void navigate({ to: '/skills/new' })}
      />
    </>
  );
}
