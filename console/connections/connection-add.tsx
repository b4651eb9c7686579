/** Paste anything; see exactly what it would run or call; fill in what is missing; approve. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import type { ConnectionPreview } from '../../src/contract/imports.ts';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { plural } from '../ui/format.ts';
import { ArrowLeft, TriangleAlert } from '../ui/icons.tsx';
import { PageHead, Panel } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say } from '../ui/toast.tsx';
import { type CatalogueEntry, catalogue } from './catalogue.ts';
import { connectionIcons, connectionTypeWords } from './connections.tsx';

const examples = [
  'npx -y @modelcontextprotocol/server-everything',
  'https://example.com/mcp',
  '{"mcpServers": {…}}',
];

export function AddConnectionPage() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<CatalogueEntry>();
  const field = useRef<HTMLTextAreaElement>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const preview = useMutation({
    mutationFn: () => api.importConnections({ body: { text } }),
  });
  const save = useMutation({
    mutationFn: () => api.importConnections({ body: { text, apply: true } }),
    onSuccess: async ({ saved }) => {
      await queries.invalidateQueries({ queryKey: ['connections'] });
      say(`${plural(saved.length, 'connection')} saved`, 'Nothing was started: approve it to use it.');
      const [first] = saved;
      if (saved.length === 1 && first !== undefined) {
        await navigate({ to: '/connections/$name', params: { name: first } });
      } else await navigate({ to: '/connections' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.reset();
    preview.mutate();
  };
  const choose = (entry: CatalogueEntry) => {
    setChosen(entry);
    setText(entry.text);
    preview.reset();
    save.reset();
    field.current?.focus();
  };
  const found = preview.data;
  return (
    <>
      <Link
        to="/connections"
        className="mb-3 inline-flex items-center gap-1.5 text-[13px] text-ink-2 hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-3.5" /> Connections
      </Link>
      <PageHead
        title="Add a connection"
        lead="Paste what you have. Nothing is started or called before you approve it."
      />
      <div className="max-w-3xl space-y-5">
        <form onSubmit={submit} className="space-y-3">
          <Field
            label="A command line, an address, or the mcpServers file of another program"
            hint={
              chosen?.change !== undefined && text !== '' ? (
                <span className="font-medium text-wait">{chosen.change}</span>
              ) : (
                <>
                  For example{' '}
                  {examples.map((example, index) => (
                    <span key={example}>
                      {index > 0 ? ', ' : ''}
                      <code className="font-mono">{example}</code>
                    </span>
                  ))}
                </>
              )
            }
          >
            {(props) => (
              <TextArea
                {...props}
                ref={field}
                value={text}
                onChange={(event) => setText(event.target.value)}
                spellCheck={false}
                autoComplete="off"
                className="min-h-32 font-mono text-[13px]"
              />
            )}
          </Field>
          <Button
            type="submit"
            look={found ? 'plain' : 'primary'}
            busy={preview.isPending}
            disabled={text.trim() === ''}
          >
            Show what it would do
          </Button>
        </form>
        {preview.error ? <ProblemNote error={preview.error} /> : null}
        {found?.previews.map((one) => (
          <Preview key={one.name} preview={one} />
        ))}
        {found?.refused.map(({ name, reason }) => (
          <p key={name} className="text-bad">
            <strong>{name}</strong> is not taken: {reason}
          </p>
        ))}
        {save.error ? <ProblemNote error={save.error} /> : null}
        {found && found.previews.length > 0 ? (
          <Button look="primary" busy={save.isPending} onClick={() => save.mutate()}>
            Save {plural(found.previews.length, 'connection')}
          </Button>
        ) : null}
        {found ? null : <Catalogue chosen={chosen} onChoose={choose} />}
      </div>
    </>
  );
}

/** Fills the field with what one would paste. */
const Catalogue = ({
  chosen,
  onChoose,
}: {
  chosen: CatalogueEntry | undefined;
  onChoose(entry: CatalogueEntry): void;
}) => (
  <>
    {catalogue.map(({ title, entries }) => (
      <section key={title} aria-label={title} className="space-y-2">
        <h2 className="text-[13px] font-medium text-ink-2">{title}</h2>
        <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {entries.map((entry) => (
            <li key={entry.name}>
              <button
                type="button"
                aria-pressed={entry === chosen}
                onClick={() => onChoose(entry)}
                className="h-full w-full rounded-lg border border-line bg-surface px-3.5 py-2.5 text-left hover:border-line-strong aria-pressed:border-accent"
              >
                <span className="block font-medium">{entry.name}</span>
                <span className="block text-[13px] text-ink-2">{entry.what}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    ))}
  </>
);

function Preview({ preview }: { preview: ConnectionPreview }) {
  const Icon = connectionIcons[preview.type];
  const secrets = preview.values.filter(({ secret }) => secret);
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          <Icon aria-hidden="true" className="size-4 text-ink-3" /> {preview.name}
        </span>
      }
      aside={<span className="text-[13px] text-ink-2">{connectionTypeWords[preview.type]}</span>}
    >
      <div className="space-y-3">
        <p className="text-[13px] font-medium text-ink-2">
          {preview.runs ? 'Would run, after your approval' : 'Would call, after your approval'}
        </p>
        <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] whitespace-pre-wrap break-all">
          {preview.runs ?? preview.dials}
        </pre>
        {secrets.length > 0 ? (
          <p className="text-[13px] text-ink-2">
            {plural(secrets.length, 'secret')} will be sealed:{' '}
            {secrets.map(({ field }) => field.split('/').at(-1)).join(', ')}.
          </p>
        ) : null}
        {[...preview.warnings, ...preview.missing.map((field) => `${field} still needs a value.`)].map(
          (warning) => (
            <p key={warning} className="flex gap-2 text-[13px] text-wait">
              <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" /> {warning}
            </p>
          ),
        )}
        {preview.exists ? (
          <p className="text-[13px] text-ink-2">
            There is a connection {preview.importedAs} already, so this one gets another name.
          </p>
        ) : null}
      </div>
    </Panel>
  );
}
