/** A skill's own files as they are written: added from this machine, changed, taken away. */
import { useFormContext, useWatch } from 'react-hook-form';
import { fileText } from '../../src/contract/skill-folder.ts';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { say } from '../ui/toast.ts';
import { useFilePicker } from '../ui/use-file-picker.tsx';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import type { FileDraft, SkillDraft } from './skill-draft.ts';

export function FilesForm() {
  const { control, setValue, formState } = useFormContext<SkillDraft>();
  const files = useWatch({ control, name: 'files' });
  const change = (now: FileDraft[]) => setValue('files', now, { shouldDirty: true });
  const error = formState.errors.files?.message;
  return (
    <Panel
      title={t('Files')}
      aside={<AddFiles onAdd={(added) => change([...withoutAll(files, added), ...added])} />}
      flush
    >
      <p className="px-4 py-3 text-ink-2">
        {t(
          'What is too long for every run, and needed now and then. Name a file in a step: it reads it when it needs it.',
        )}
      </p>
      {error === undefined ? null : (
        <p role="alert" className="px-4 pb-3 text-[13px] text-bad">
          {error}
        </p>
      )}
      {files.length === 0 ? null : (
        <ul className="divide-y divide-line border-t border-line">
          {files.map((file) => (
            <li key={file.path} className="flex items-start gap-3 px-4 py-2">
              <details className="min-w-0 flex-1">
                <summary className="cursor-pointer py-1">
                  <span className="font-mono text-[13px] break-all">{file.path}</span>{' '}
                  <span className="text-[13px] text-ink-2">
                    {t('{text} characters', { text: file.text.length.toLocaleString(locale) })}
                  </span>
                </summary>
                <TextArea
                  aria-label={file.path}
                  rows={10}
                  value={file.text}
                  onChange={({ target }) =>
                    change(files.map((one) => (one === file ? { ...one, text: target.value } : one)))
                  }
                  className="mt-2 font-mono text-[12.5px]"
                />
              </details>
              <Button
                look="quiet"
                size="sm"
                aria-label={t('Remove {path}', { path: file.path })}
                onClick={() => change(files.filter((one) => one !== file))}
              >
                {t('Remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const withoutAll = (files: readonly FileDraft[], others: readonly FileDraft[]): FileDraft[] =>
  files.filter(({ path }) => !others.some((one) => one.path === path));

function AddFiles({ onAdd }: { onAdd(files: FileDraft[]): void }) {
  const read = async (chosen: readonly File[]): Promise<void> => {
    const read = chosen.map(async (file) => ({
      path: file.name,
      text: fileText(new Uint8Array(await file.arrayBuffer())),
    }));
    const taken = (await Promise.all(read)).flatMap(({ path, text }) =>
      text === null ? [] : { path, text },
    );
    if (taken.length < chosen.length)
      say(t('Only text is taken'), t('Such as Markdown, CSV, JSON or the source of a program.'));
    if (taken.length > 0) onAdd(taken);
  };
  const picker = useFilePicker((files) => void read(files), {
    label: t('Files of the skill'),
    multiple: true,
  });
  return (
    <>
      {picker.field}
      <Button size="sm" onClick={picker.open}>
        {t('Add files')}
      </Button>
    </>
  );
}
