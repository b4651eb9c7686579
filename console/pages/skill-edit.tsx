import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/client.ts';
import { skillQuery } from '../api/queries.ts';
import { bodyOf, type SkillDraft } from '../forms/skill-draft.ts';
import { SkillForm } from '../forms/skill-form.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.tsx';

const route = getRouteApi('/skills/$slug/edit');

function useSave(send: (draft: SkillDraft) => Promise<Skill>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<{ secret: string; slug: string }>();
  const save = useMutation({
    mutationFn: send,
    onSuccess: async (skill) => {
      const { secret } = skill.triggerConfig as { secret?: unknown };
      if (typeof secret === 'string') setSecret({ secret, slug: skill.slug });
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(`Saved as version ${skill.version}`);
      if (typeof secret !== 'string') await navigate({ to: '/skills/$slug', params: { slug: skill.slug } });
    },
  });
  return { save, secret };
}

/** The secret of a webhook, made up by the VM: seen this once. */
function NewSecret({ made }: { made: { secret: string; slug: string } | undefined }) {
  const navigate = useNavigate();
  const close = () => void (made && navigate({ to: '/skills/$slug', params: { slug: made.slug } }));
  return (
    <Dialog
      open={made !== undefined}
      onClose={close}
      title="The secret of this webhook"
      lead="Give it to the program that will call. It is sealed now, and not shown again."
      footer={
        <Button look="primary" onClick={close}>
          I have it
        </Button>
      }
    >
      <code className="block rounded-lg bg-sunken px-3 py-2 font-mono text-[13px] break-all select-all">
        {made?.secret}
      </code>
    </Dialog>
  );
}

export function EditSkillPage() {
  const { slug } = route.useParams();
  const navigate = useNavigate();
  const skill = useQuery({
    ...skillQuery(slug),
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { save, secret } = useSave((draft) => api('PATCH', `/api/v1/skills/${slug}`, bodyOf(draft)));
  if (skill.error) return <ProblemNote error={skill.error} />;
  if (!skill.data) return <SkeletonRows rows={8} />;
  return (
    <>
      <PageHead
        title={`Edit ${skill.data.name}`}
        lead="Saving makes a new version; the ones before are kept."
      />
      <NewSecret made={secret} />
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
  const { save, secret } = useSave((draft) => {
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
      <NewSecret made={secret} />
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
