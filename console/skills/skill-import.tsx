/** Takes a SKILL.md in: chosen, or dropped anywhere on the page, also with its whole folder. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import type { skillImportPreviewSchema } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { FileUp } from '../ui/icons.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { type DroppedSkill, readDropped } from './dropped-skill.ts';
import { ImportPreview } from './skill-import-preview.tsx';

type Preview = z.infer<typeof skillImportPreviewSchema>;

export function ImportSkill() {
  const input = useRef<HTMLInputElement>(null);
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
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".md,text/markdown"
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) look.mutate(file.text().then((text) => ({ text })));
          target.value = '';
        }}
      />
      <Button
        icon={<FileUp className="size-4" />}
        busy={look.isPending}
        title="Or drop it, or its folder, anywhere on this page"
        onClick={() => input.current?.click()}
      >
        Import a SKILL.md
      </Button>
      {isOver ? (
        <div className="pointer-events-none fixed inset-3 z-30 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90 text-lg font-semibold">
          Drop the SKILL.md, or its folder, to import it
        </div>
      ) : null}
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
      say(`${skill.name} was imported`);
      await navigate({ to: '/skills/$slug', params: { slug: skill.slug } });
    },
    onError: sayProblem,
  });
}

/** Files that are dragged over the window, and dropped on it. */
export function useDrop(onDrop: (data: DataTransfer) => void): boolean {
  const [isOver, setOver] = useState(false);
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // It left the window when it goes to nothing.
    const leave = (event: DragEvent) => (event.relatedTarget === null ? setOver(false) : undefined);
    const dropped = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) drop.current(event.dataTransfer);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', dropped);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', dropped);
    };
  }, []);
  return isOver;
}
