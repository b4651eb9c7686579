/** Skills in other programs: the VM's address as an MCP server, and a token that runs the chosen ones and nothing else. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { skillsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';

const address = () => new URL('/mcp', window.location.href).href;

export function Apps() {
  const queries = useQueryClient();
  const skills = useQuery(skillsQuery);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const create = useMutation({
    mutationFn: () =>
      api.createToken({
        body: { name, scopes: ['run'], ...(chosen.length === 0 ? {} : { skills: chosen }) },
      }),
    onSuccess: async () => {
      setName('');
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const offered = skills.data?.filter(({ isSystem, isActive }) => isActive && !isSystem) ?? [];
  return (
    <Panel id="apps" title="Apps">
      <div className="space-y-4">
        <p className="text-ink-2">
          Programs that speak MCP, such as Claude Code, Cursor or VS Code, can run your skills as tools. Each
          run is on record here, with its caps and approvals.
        </p>
        <Copied label="The address" text={address()} />
        {create.data ? <Ready token={create.data.token} /> : null}
        <form onSubmit={submit} className="space-y-3">
          <Field label="A program that may run skills">
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                placeholder="Claude Code on my laptop"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <fieldset className="space-y-1">
            <legend className="mb-1 font-medium">Which it may run</legend>
            <p className="text-[13px] text-ink-2">
              {chosen.length === 0 ? 'None is chosen: it may run every skill.' : 'These, and nothing else.'}
            </p>
            {offered.map(({ slug, name: title }) => (
              <label key={slug} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={chosen.includes(slug)}
                  onChange={() =>
                    setChosen(
                      chosen.includes(slug) ? chosen.filter((one) => one !== slug) : [...chosen, slug],
                    )
                  }
                />
                {title}
              </label>
            ))}
          </fieldset>
          {create.error ? <ProblemNote error={create.error} /> : null}
          <Button type="submit" busy={create.isPending}>
            Let it in
          </Button>
        </form>
      </div>
    </Panel>
  );
}

/** What to enter there, with the token that is shown this once. */
function Ready({ token }: { token: string }) {
  const entry = { url: address(), headers: { Authorization: `Bearer ${token}` } };
  return (
    <div role="status" className="space-y-3 rounded-lg border border-good/30 bg-good-soft p-3">
      <p className="font-medium">Copy it now: the token is not shown again.</p>
      <Copied
        label="In a terminal, for Claude Code"
        text={`claude mcp add --transport http alfred ${entry.url} --header "Authorization: Bearer ${token}"`}
      />
      <Copied
        label="In an mcp.json, as Cursor has it"
        text={JSON.stringify({ mcpServers: { alfred: entry } })}
      />
    </div>
  );
}

const Copied = ({ label, text }: { label: string; text: string }) => (
  <div className="space-y-1">
    <p className="text-[13px] text-ink-2">{label}</p>
    <CopyField text={text} />
  </div>
);
