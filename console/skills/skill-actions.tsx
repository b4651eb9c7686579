/** What can be done with a whole skill beside running and editing it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Download, Trash2 } from '../ui/icons.tsx';
import { say, sayProblem } from '../ui/toast.tsx';

/** The SKILL.md, as a file. */
export function ExportSkill({ slug }: { slug: string }) {
  const get = useMutation({
    mutationFn: async () => {
      const { files } = await api.exportSkill({ params: { slug } });
      const url = URL.createObjectURL(new Blob([files['SKILL.md'] ?? ''], { type: 'text/markdown' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = 'SKILL.md';
      link.click();
      URL.revokeObjectURL(url);
    },
    onError: sayProblem,
  });
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label="Export as SKILL.md"
      title="Export as SKILL.md"
      busy={get.isPending}
      onClick={() => get.mutate()}
    >
      {get.isPending ? null : <Download className="size-4" />}
    </Button>
  );
}

export function RemoveSkill({ skill }: { skill: Skill }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeSkill({ params: { slug: skill.slug } }),
    onSuccess: async () => {
      await navigate({ to: '/skills' });
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(`${skill.name} was removed`, 'Its executions stay on record.');
    },
    onError: sayProblem,
  });
  return (
    <>
      <Button look="quiet" size="icon" aria-label="Remove this skill" onClick={() => setAsking(true)}>
        <Trash2 className="size-4" />
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        title={`Remove “${skill.name}”?`}
        verb="Remove"
      >
        It will not start any more, and its {skill.version} versions are gone. What it did stays on record.
      </Confirm>
    </>
  );
}
