/** Takes a SKILL.md in: chosen, or dropped anywhere on the page, also with its whole folder. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { skillImportPreviewSchema } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { FileUp } from '../ui/more-icons.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { useFilePicker } from '../ui/use-file-picker.tsx';
import { t } from '../words/t.ts';
import { DropHere, skillFiles, useDrop } from './drop-skill.tsx';
import { type DroppedSkill, readDropped } from './dropped-skill.ts';
import { ImportPreview } from './skill-import-preview.tsx';

type Preview = z.infer<typeof skillImportPreviewSchema>;

export function ImportSkill() {
  /** What was chosen, and what it would become. */
  const [looked, setLooked] = useState<{ skill: DroppedSkill; preview: Preview }>();
  const look = useMutation({
    mutationFn: async (chosen: Promise<DroppedSkill>) => {
      const skill = await chosen;
      const preview = await api.importSkill({ body: { ...skill, preview: true } });
      return 'definition' in preview ? { skill, preview } : undefined;
    },
    onSuccess: setLooked,
    onError: sayProblem,
  });
  const take = useTake(() => setLooked(undefined));
  const isOver = useDrop((data) => look.mutate(readDropped(data)));
  const picker = useFilePicker(
    ([file]) => {
      if (file) look.mutate(file.text().then((text) => ({ text })));
    },
    { label: t('A SKILL.md'), accept: skillFiles },
  );
  return (
    <>
      {picker.field}
      <Button
        icon={<FileUp className="size-4" />}
        busy={look.isPending}
        title={t('Or drop it, or its folder, anywhere on this page')}
        onClick={picker.open}
      >
        {t('Import a SKILL.md')}
      </Button>
      {isOver ? <DropHere>{t('Drop the SKILL.md, or its folder, to import it')}</DropHere> : null}
      {looked ? (
        <ImportPreview
          preview={looked.preview}
          busy={take.isPending}
          onClose={() => setLooked(undefined)}
          onImport={(slug, replace) => take.mutate({ ...looked.skill, slug, replace })}
        />
      ) : null}
    </>
  );
}

/** Saves it, and goes there. */
function useTake(onTaken: () => void) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: DroppedSkill & { slug: string; replace: boolean }) => {
      const taken = await api.importSkill({ body });
      return 'skill' in taken ? taken.skill : undefined;
    },
    onSuccess: async (skill) => {
      onTaken();
      await queries.invalidateQueries({ queryKey: ['skills'] });
      if (skill === undefined) return;
      say(t('{name} was imported', { name: skill.name }));
      await navigate({ to: '/skills/$slug', params: { slug: skill.slug } });
    },
    onError: sayProblem,
  });
}
