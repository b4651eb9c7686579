/** Paste anything; see exactly what it would run or call; fill in what is missing; approve. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { PageHead } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.ts';
import { WayBack } from '../ui/way-back.tsx';
import { rich, t } from '../words/t.ts';
import { filled } from './blanks.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { CatalogueBlanks, type Values } from './catalogue-blanks.tsx';
import { CatalogueFacts, CataloguePicker } from './catalogue-picker.tsx';
import { Preview } from './connection-preview.tsx';

export function AddConnectionPage() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<CatalogueEntry>();
  const [values, setValues] = useState<Values>({});
  const form = useRef<HTMLFormElement>(null);
  const preview = useMutation({
    mutationFn: () => api.importConnections({ body: { text } }),
  });
  const save = useSave(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.reset();
    preview.mutate();
  };
  // What was shown is of another text then, and is not to be saved as this one.
  const write = (next: string): void => {
    setText(next);
    preview.reset();
    save.reset();
  };
  const choose = (entry: CatalogueEntry) => {
    flushSync(() => {
      setChosen(entry);
      setValues({});
      write(entry.text);
    });
    form.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  };
  const found = preview.data;
  const whole = <WholeText change={chosen?.change} text={text} onText={write} />;
  return (
    <>
      <WayBack to="/connections">{t('Connections')}</WayBack>
      <PageHead
        title={t('Add a connection')}
        lead={t('Paste what you have. Nothing is started or called before you approve it.')}
      />
      <div className="max-w-3xl space-y-5">
        <form ref={form} onSubmit={submit} className="space-y-4">
          {chosen !== undefined && chosen.blanks.length > 0 ? (
            <>
              <CatalogueBlanks
                entry={chosen}
                values={values}
                text={text}
                onValues={(next) => {
                  setValues(next);
                  write(filled(chosen.text, next));
                }}
              />
              <details>
                <summary className="text-[13px] text-ink-2">{t('All of it as text')}</summary>
                <div className="pt-3">{whole}</div>
              </details>
            </>
          ) : (
            whole
          )}
          {chosen !== undefined && text !== '' ? <CatalogueFacts entry={chosen} /> : null}
          <Button
            type="submit"
            look={found ? 'plain' : 'primary'}
            busy={preview.isPending}
            disabled={text.trim() === ''}
          >
            {t('Show what it would do')}
          </Button>
        </form>
        {preview.error ? <ProblemNote error={preview.error} /> : null}
        {found ? <Found found={found} save={save} /> : <CataloguePicker chosen={chosen} onChoose={choose} />}
      </div>
    </>
  );
}

const WholeText = ({
  change,
  text,
  onText,
}: {
  change: string | undefined;
  text: string;
  onText(text: string): void;
}) => (
  <Field
    label={t('A command line, an address, a link, or the settings of another program')}
    hint={change !== undefined && text !== '' ? <ToChange>{change}</ToChange> : <Examples />}
  >
    {(props) => (
      <TextArea
        {...props}
        value={text}
        onChange={(event) => onText(event.target.value)}
        spellCheck={false}
        autoComplete="off"
        className="min-h-32 font-mono text-[13px]"
      />
    )}
  </Field>
);

/** Saves all that stands in `text`, and goes to see it. */
function useSave(text: string) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.importConnections({ body: { text, apply: true } }),
    onSuccess: async ({ saved }) => {
      await queries.invalidateQueries({ queryKey: ['connections'] });
      say(
        t('{saved, plural, one {# connection} other {# connections}} saved', { saved: saved.length }),
        t('Nothing was started: approve it to use it.'),
      );
      const [first] = saved;
      if (saved.length === 1 && first !== undefined) {
        await navigate({ to: '/connections/$name', params: { name: first } });
      } else await navigate({ to: '/connections' });
    },
  });
}

/** What was recognized, to be saved; and what was not, with the reason. */
const Found = ({
  found: { previews, refused },
  save,
}: {
  found: Awaited<ReturnType<typeof api.importConnections>>;
  save: ReturnType<typeof useSave>;
}) => (
  <>
    {previews.map((one) => (
      <Preview key={one.name} preview={one} />
    ))}
    {refused.map(({ name, reason }) => (
      <p key={name} className="text-bad">
        {rich('{name} is not taken: {reason}', { name: <strong>{name}</strong>, reason })}
      </p>
    ))}
    {save.error ? <ProblemNote error={save.error} /> : null}
    {previews.length > 0 ? (
      <Button look="primary" busy={save.isPending} onClick={() => save.mutate()}>
        {t('Save {previews, plural, one {# connection} other {# connections}}', {
          previews: previews.length,
        })}
      </Button>
    ) : null}
  </>
);

/** What of the catalogue's text is still to be put in. */
const ToChange = ({ children }: { children: ReactNode }) => (
  <span className="font-medium text-wait">{children}</span>
);

const examples = [
  'npx -y @modelcontextprotocol/server-everything',
  'https://example.com/mcp',
  '{"mcpServers": {…}}',
];

const Examples = () => (
  <>
    {t('For example')}{' '}
    {examples.map((example, index) => (
      <span key={example}>
        {index > 0 ? ', ' : ''}
        <code className="font-mono">{example}</code>
      </span>
    ))}
  </>
);
