/** What can be done with a whole skill: run, edited, given out, removed. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Skill } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { TeachInChat } from '../proposals/teach.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Download, Pencil, Play } from '../ui/more-icons.tsx';
import { RemoveButton } from '../ui/remove-button.tsx';
import { sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { DuplicateSkill } from './duplicate-skill.tsx';

export function SkillActions({ skill, onRun }: { skill: Skill; onRun(): void }) {
  const { slug, isActive, isSystem } = skill;
  return (
    <>
      {isSystem && slug === 'teach-new-skill' ? (
        <TeachInChat look="primary" />
      ) : (
        <Button
          look="primary"
          icon={<Play className="size-4" />}
          disabled={!isActive}
          title={isActive ? undefined : t('A draft cannot run: make it active first')}
          onClick={onRun}
        >
          {t('Run')}
        </Button>
      )}
      <Link to="/skills/$slug/edit" params={{ slug }} className={buttonClass()}>
        <Pencil aria-hidden="true" className="size-4" /> {t('Edit')}
      </Link>
      <ExportSkill slug={slug} />
      {isSystem ? null : <DuplicateSkill skill={skill} />}
      {isSystem ? null : <RemoveSkill skill={skill} />}
    </>
  );
}

/** The SKILL.md, as a file. */
function ExportSkill({ slug }: { slug: string }) {
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
      aria-label={t('Export as SKILL.md')}
      title={t('Export as SKILL.md')}
      busy={get.isPending}
      onClick={() => get.mutate()}
    >
      {get.isPending ? null : <Download className="size-4" />}
    </Button>
  );
}

const RemoveSkill = ({ skill: { slug, name, version } }: { skill: Skill }) => (
  <RemoveButton
    label={t('Remove this skill')}
    title={t('Remove “{name}”?', { name })}
    remove={() => api.removeSkill({ params: { slug } })}
    list="/skills"
    queryKey={['skills']}
    said={[t('{name} was removed', { name }), t('Its executions stay on record.')]}
  >
    {t(
      'It will not start any more: runs that wait are cancelled. Its {version} versions are gone; what it did stays on record.',
      { version },
    )}
  </RemoveButton>
);
