/** Takes a SKILL.md in: chosen, or dropped anywhere on the page, also with its whole folder. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { ApiError } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { FileUp } from '../ui/icons.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
import { type DroppedSkill, readDropped } from './dropped-skill.ts';

export function ImportSkill() {
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  /** What was to be imported under a slug that is taken. */
  const [taken, setTaken] = useState<{ skill: DroppedSkill; why: string }>();
  const take = useMutation({
    mutationFn: async ({ skill, replace = false }: { skill: Promise<DroppedSkill>; replace?: boolean }) =>
      await api.importSkill({
        body: {
          ...(await skill),
          replace,
        },
      }),
    onSuccess: async ({ skill, warnings }) => {
      setTaken(undefined);
      await queries.invalidateQueries({ queryKey: ['skills'] });
      say(`${skill.name} was imported`, warnings.join(' ') || undefined);
      await navigate({ to: '/skills/$slug', params: { slug: skill.slug } });
    },
    onError: async (error, { skill, replace }) => {
      const isTaken = error instanceof ApiError && error.problem.code === 'E_CONFLICT' && !replace;
      if (isTaken) setTaken({ skill: await skill, why: error.problem.detail });
      else sayProblem(error);
    },
  });
  const isOver = useDrop((data) => take.mutate({ skill: readDropped(data) }));
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".md,text/markdown"
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) take.mutate({ skill: file.text().then((text) => ({ text })) });
          target.value = '';
        }}
      />
      <Button
        icon={<FileUp className="size-4" />}
        busy={take.isPending}
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
      <Confirm
        open={taken !== undefined}
        onClose={() => setTaken(undefined)}
        onConfirm={() => taken && take.mutate({ skill: Promise.resolve(taken.skill), replace: true })}
        busy={take.isPending}
        title={`${taken?.why ?? ''}. Save this as its new version?`}
        verb="Save as a new version"
        keep="Leave it"
      >
        The skill that is there does from then on what the file says. Its versions before are kept, and you
        can go back.
      </Confirm>
    </>
  );
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
