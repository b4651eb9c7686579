/** Skills in other programs: the VM's address as an MCP server, whom the owner let in, and tokens for those that cannot ask. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { App } from '../../src/contract/apps.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { appsQuery } from '../apps/apps-query.ts';
import { SkillPicks } from '../skills/skill-picks.tsx';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

const address = () => new URL('/mcp', window.location.href).href;

export const Apps = () => (
  <Panel id="apps" title={t('Apps')}>
    <div className="space-y-4">
      <p className="text-ink-2">
        {t(
          'Programs that speak MCP, such as Claude Code, Cursor or VS Code, can run your skills as tools. Give them this address; they open a page here in which you let them in. Each run is on record, with its caps and approvals.',
        )}
      </p>
      <Copied label={t('The address')} text={address()} />
      <Copied
        label={t('In a terminal, for Claude Code')}
        text={`claude mcp add --transport http alfred ${address()}`}
      />
      <LetIn />
      <details className="rounded-lg border border-line p-3">
        <summary className="cursor-pointer font-medium">
          {t('For a program that cannot ask: a token')}
        </summary>
        <div className="mt-3">
          <ByToken />
        </div>
      </details>
    </div>
  </Panel>
);

/** The programs that asked to be let in, and were. */
function LetIn() {
  const apps = useQuery(appsQuery);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<App>();
  const revoke = useMutation({
    mutationFn: ({ id }: App) => api.revokeApp({ params: { id } }),
    onSuccess: () => say(t('It is shut out')),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ['apps'] });
    },
  });
  if (!apps.data?.length) return null;
  return (
    <>
      <ul aria-label={t('Programs that were let in')} className="divide-y divide-line">
        {apps.data.map((app) => (
          <li key={app.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="block font-medium break-words">{visibleText(app.name)}</span>
              <span className="block text-[13px] break-words text-ink-2">
                {app.publisher === null ? '' : `${visibleText(app.publisher)} · `}
                {app.skills === null
                  ? t('runs every skill')
                  : t('runs {skills}', { skills: app.skills.join(', ') })}{' '}
                · {rich('let in {ago}', { ago: <Ago at={app.createdAt} /> })} ·{' '}
                {app.lastUsedAt ? rich('used {ago}', { ago: <Ago at={app.lastUsedAt} /> }) : t('never used')}
              </span>
            </span>
            <Button size="sm" look="danger" onClick={() => setAsked(app)}>
              {t('Shut out')}
            </Button>
          </li>
        ))}
      </ul>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => (asked ? revoke.mutate(asked) : undefined)}
        busy={revoke.isPending}
        title={t('Shut {visibleText} out?', { visibleText: visibleText(asked?.name ?? '') })}
        verb={t('Shut out')}
      >
        {t('Its tokens stop at once. Runs that it started go on. It can ask again.')}
      </Confirm>
    </>
  );
}

function ByToken() {
  const queries = useQueryClient();
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
  return (
    <div className="space-y-3">
      {create.data ? <Ready token={create.data.token} /> : null}
      <ActForm act={create} verb={t('Make the token')} look="plain" className="space-y-3">
        <TextField
          label={t('A program that may run skills')}
          required
          maxLength={100}
          placeholder={t('a script on my laptop')}
          value={name}
          onText={setName}
        />
        <SkillPicks
          legend={t('Which it may run')}
          hint={
            chosen.length === 0 ? t('None is chosen: it may run every skill.') : t('These, and nothing else.')
          }
          chosen={chosen}
          onChoose={setChosen}
        />
      </ActForm>
    </div>
  );
}

/** What to enter in the program, with the token, which is shown this once. */
function Ready({ token }: { token: string }) {
  const entry = { url: address(), headers: { Authorization: `Bearer ${token}` } };
  return (
    <div role="status" className="space-y-3 rounded-lg border border-good/30 bg-good-soft p-3">
      <p className="font-medium">{t('Copy it now: the token is not shown again.')}</p>
      <Copied label={t('The token')} text={token} />
      <Copied
        label={t('In an mcp.json, as Cursor has it')}
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
