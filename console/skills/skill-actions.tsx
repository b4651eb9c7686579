/** What can be done with a whole skill beside running and editing it. */
import { useMutation } from '@tanstack/react-query';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Download } from '../ui/icons.tsx';
import { RemoveButton } from '../ui/remove-button.tsx';
import { sayProblem } from '../ui/toast.tsx';

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

export const RemoveSkill = ({ skill: { slug, name, version } }: { skill: Skill }) => (
  <RemoveButton
    label="Remove this skill"
    title={`Remove “${name}”?`}
    remove={() => api.removeSkill({ params: { slug } })}
    list="/skills"
    queryKey={['skills']}
    said={[`${name} was removed`, 'Its executions stay on record.']}
  >
    It will not start any more, and its {version} versions are gone. What it did stays on record.
  </RemoveButton>
);
