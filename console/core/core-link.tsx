/** Not linked yet: what a link means, and how one is made. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { say } from '../ui/toast.ts';
import { t } from '../words/t.ts';

export function LinkForm() {
  const queries = useQueryClient();
  const [url, setUrl] = useState('');
  const [enrollmentToken, setToken] = useState('');
  const [mayStart, setMayStart] = useState(false);
  const link = useMutation({
    mutationFn: async () => {
      // Before there is anybody who could come in by it.
      const value = mayStart ? 'status start' : 'status';
      await api.putConfig({ params: { key: 'core_token_scopes' }, body: { value } });
      return await api.linkCore({ body: { url, enrollmentToken } });
    },
    onSuccess: async () => {
      setToken('');
      await queries.invalidateQueries({ queryKey: ['core'] });
      say(t('Linked to Core'));
    },
  });
  return (
    <Panel title={t('Standing alone')}>
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
        <div className="space-y-3 text-ink-2">
          <p>
            {t(
              'This VM is linked to no Core: nobody is told anything, and everything works. A provider that hosts the VM for you needs a link to bill it, and to let you sign in through its own page.',
            )}
          </p>
          <p>
            {t(
              'With a link, Core is told the three numbers, for every live execution that ended, those from before the link too. Skills, prompts, results, names and errors stay here: a report has no place for them. Below is what the first one would say.',
            )}
          </p>
        </div>
        <ActForm act={link} verb={t('Link this VM')} className="space-y-3">
          <Field label={t('Core’s address')} hint={t('Plain http:// is taken for this machine alone.')}>
            {(props) => (
              <Input
                {...props}
                type="url"
                required
                placeholder="https://core.example"
                value={url}
                onChange={(event) => setUrl(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('Enrolment token')} hint={t('From Core’s page; good once, for a short time.')}>
            {(props) => (
              <Input
                {...props}
                type="password"
                autoComplete="off"
                required
                placeholder="enrol_…"
                value={enrollmentToken}
                onChange={(event) => setToken(event.target.value)}
              />
            )}
          </Field>
          <label className="flex items-start gap-2">
            <input
              type="checkbox"
              checked={mayStart}
              onChange={({ target }) => setMayStart(target.checked)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <span>
              {t('People who sign in through Core may start skills')}
              <span className="block text-[13px] text-ink-2">
                {t('They see that this server is up, in any case. You can change this later.')}
              </span>
            </span>
          </label>
        </ActForm>
      </div>
    </Panel>
  );
}
