/** The ways to teach: in a conversation, and from a SKILL.md that is pasted, chosen or dropped. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { NewProposal } from '../../src/contract/proposals.ts';
import { api } from '../api/api.ts';
import { writeDraft } from '../chat/draft.ts';
import { DropHere, skillFiles, useDrop } from '../skills/drop-skill.tsx';
import { type DroppedSkill, readDropped } from '../skills/dropped-skill.ts';
import { Button, type ButtonProps } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { MessageCircle } from '../ui/icons.tsx';
import { FileUp } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { sayProblem } from '../ui/toast.ts';
import { useFilePicker } from '../ui/use-file-picker.tsx';
import { t } from '../words/t.ts';

/** Proposes, and shows what was proposed. */
export function usePropose() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (from: NewProposal['from']) => api.createProposal({ body: { from } }),
    onSuccess: async (proposal) => {
      await queries.invalidateQueries({ queryKey: ['proposals'] });
      await navigate({ to: '/proposals/$id', params: { id: proposal.id } });
    },
  });
}

/** Goes to where a conversation begins, with its first words written. */
export function TeachInChat({ look = 'plain' }: Pick<ButtonProps, 'look'>) {
  const navigate = useNavigate();
  return (
    <Button
      look={look}
      icon={<MessageCircle className="size-4" />}
      onClick={() => {
        writeDraft('new', `${t('Teach a new skill:')} `);
        void navigate({ to: '/chat' });
      }}
    >
      {t('Teach in chat')}
    </Button>
  );
}

const originOf = (skill: DroppedSkill): NewProposal['from'] =>
  'files' in skill ? { files: skill.files } : { skillMd: skill.text };

/** A button for it; and all of the page takes what is dropped. */
export function TeachFromText() {
  const [isOpen, setOpen] = useState(false);
  const propose = usePropose();
  const isOver = useDrop((data) => {
    // Entries must be asked for at once: the browser forgets them.
    readDropped(data)
      .then((skill) => propose.mutate(originOf(skill), { onError: sayProblem }))
      .catch(sayProblem);
  });
  return (
    <>
      <Button icon={<FileUp className="size-4" />} busy={propose.isPending} onClick={() => setOpen(true)}>
        {t('Paste or drop a SKILL.md')}
      </Button>
      {isOpen ? <TextDialog onClose={() => setOpen(false)} /> : null}
      {isOver ? (
        <DropHere>{t('Drop the SKILL.md, or its folder: nothing is saved before you accept it')}</DropHere>
      ) : null}
    </>
  );
}

function TextDialog({ onClose }: { onClose(): void }) {
  const [text, setText] = useState('');
  const propose = usePropose();
  const picker = useFilePicker(
    ([file]) => {
      file?.text().then(setText).catch(sayProblem);
    },
    { label: t('A SKILL.md'), accept: skillFiles },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={t('Teach from a SKILL.md')}
      lead={t(
        'It becomes a proposal: what it may reach and what is risky is shown, and nothing is saved before you accept it.',
      )}
      footer={
        <>
          <Button icon={<FileUp className="size-4" />} onClick={picker.open}>
            {t('Choose a file')}
          </Button>
          <Button
            look="primary"
            disabled={text.trim() === ''}
            busy={propose.isPending}
            onClick={() => propose.mutate({ skillMd: text })}
          >
            {t('Propose it')}
          </Button>
        </>
      }
    >
      {picker.field}
      <Field label={t('The text of the SKILL.md')}>
        {(props) => (
          <TextArea
            {...props}
            rows={12}
            value={text}
            onChange={({ target }) => setText(target.value)}
            placeholder={
              '---\nname: morning-papers\ndescription: What is new, before breakfast\n---\n\nWhat to do…'
            }
            className="font-mono text-[13px]"
          />
        )}
      </Field>
      {propose.error ? <ProblemNote error={propose.error} /> : null}
    </Dialog>
  );
}
