/** What a SKILL.md would become, before it is kept: its name here, what could not be taken over, and what the agent is told. */
import { useState } from 'react';
import type { z } from 'zod';
import type { skillImportPreviewSchema } from '../../src/contract/skills.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { locale } from '../words/language.ts';
import { t } from '../words/t.ts';
import { SkillFileList } from './skill-files.tsx';

type Preview = z.infer<typeof skillImportPreviewSchema>;

export function ImportPreview({
  preview,
  busy,
  onClose,
  onImport,
}: {
  preview: Preview;
  busy: boolean;
  onClose(): void;
  onImport(slug: string, replace: boolean): void;
}) {
  const { definition, isTaken, warnings } = preview;
  const [slug, setSlug] = useState(definition.slug);
  const replaces = isTaken && slug === definition.slug;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Import “{name}”', { name: visibleText(definition.name) })}
      footer={
        <>
          <Button onClick={onClose}>{t('Leave it')}</Button>
          <Button
            look={replaces ? 'danger' : 'primary'}
            busy={busy}
            disabled={slug === ''}
            onClick={() => onImport(slug, replaces)}
          >
            {replaces ? t('Save as a new version') : t('Import')}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Field
          label={t('What it is called here')}
          hint={
            replaces
              ? t(
                  'There is a skill of this name. It does from then on what the file says; its versions before are kept, and you can go back. Or choose another name.',
                )
              : t('Lower-case letters and digits, with single hyphens between them.')
          }
        >
          {(props) => (
            <Input {...props} value={slug} onChange={({ target }) => setSlug(target.value.trim())} />
          )}
        </Field>
        {definition.description ? <p className="text-ink-2">{visibleText(definition.description)}</p> : null}
        {warnings.length > 0 ? (
          <ul className="space-y-1 rounded-lg bg-wait-soft px-3 py-2 text-[13px]">
            {warnings.map((warning) => (
              <li key={warning} className="break-words">
                {visibleText(warning)}
              </li>
            ))}
          </ul>
        ) : null}
        {definition.steps.map(({ id, prompt, guidance = '' }) => (
          <div key={id} className="space-y-2">
            <Told
              title={definition.steps.length > 1 ? t('Step {id}', { id }) : t('What the agent is told')}
              text={prompt}
            />
            {guidance === '' ? null : <Told title={t('Guidance')} text={guidance} />}
          </div>
        ))}
        {definition.files == null ? null : (
          <section>
            <h3 className="font-medium">{t('Files beside it')}</h3>
            <p className="text-[13px] text-ink-2">{t('It reads those that it needs, when it needs them.')}</p>
            <div className="mt-2 -mx-4">
              <SkillFileList files={definition.files} />
            </div>
          </section>
        )}
      </div>
    </Dialog>
  );
}

const Told = ({ title, text }: { title: string; text: string }) => (
  <details open={text.length < 4_000}>
    <summary className="font-medium">
      {title}{' '}
      <span className="text-[13px] font-normal text-ink-2">
        {t('{text} characters', { text: text.length.toLocaleString(locale) })}
      </span>
    </summary>
    <pre className="mt-2 max-h-72 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] break-words whitespace-pre-wrap">
      {visibleText(text)}
    </pre>
  </details>
);
