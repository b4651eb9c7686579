/** The model, limits, tokens, and how the console looks. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { configQuery, settingsQuery } from '../api/queries.ts';
import { applyTheme, readTheme, type Theme, themes } from '../layout/theme.ts';
import { cx } from '../ui/cx.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { Channels } from './channels/channels.tsx';
import { ModelForm } from './model-form.tsx';
import { sections } from './sections.ts';
import { Apps } from './settings-apps.tsx';
import { OnPhone } from './settings-phone.tsx';
import { Sessions } from './settings-sessions.tsx';
import { SigningIn } from './settings-sign-in.tsx';
import { Tokens } from './settings-tokens.tsx';
import { Values } from './settings-values.tsx';
import { WhoStarts } from './who-starts.tsx';

export function SettingsPage() {
  const config = useQuery(configQuery);
  const settings = useQuery(settingsQuery);
  const error = config.error ?? settings.error;
  return (
    <>
      <PageHead
        title={t('Settings')}
        help="operations#settings"
        lead={t('What Alfred may spend, how long it may take, what it keeps, and who can reach it.')}
      />
      <div className="gap-8 lg:grid lg:grid-cols-[10rem_minmax(0,48rem)]">
        <Sections />
        <div className="min-w-0 space-y-5 max-lg:[&_[id]]:scroll-mt-18">
          <Panel id="model" title={t('Model')}>
            <ModelForm />
          </Panel>
          {config.isPending || settings.isPending ? <SkeletonRows rows={3} /> : null}
          {error ? <ProblemNote error={error} /> : null}
          {config.data && settings.data ? <Values settings={settings.data} config={config.data} /> : null}
          <Channels />
          <OnPhone />
          <WhoStarts />
          <SigningIn />
          <Sessions />
          <Apps />
          <Tokens />
          <Appearance />
          <p className="px-1 text-ink-2">
            {rich(
              'Two more pages: what is sealed and under which key, in the <link>Vault</link>; what your provider is told and may do here, under <link2>Core</link2>.',
              {
                link: (words) => (
                  <Link to="/vault" className="font-medium text-accent hover:underline">
                    {words}
                  </Link>
                ),
                link2: (words) => (
                  <Link to="/core" className="font-medium text-accent hover:underline">
                    {words}
                  </Link>
                ),
              },
            )}
          </p>
        </div>
      </div>
    </>
  );
}

const sectionsName = t('Sections of the settings');

/** Links to the sections: beside them where there is room, and otherwise above them, folded. */
function Sections() {
  const fold = useRef<HTMLDetailsElement>(null);
  const close = () => fold.current?.removeAttribute('open');
  return (
    <>
      <nav aria-label={sectionsName} className="sticky top-8 hidden self-start lg:block">
        <SectionLinks className="space-y-0.5" />
      </nav>
      <nav
        aria-label={sectionsName}
        className="sticky top-0 z-10 -mx-4 mb-5 bg-page px-4 py-2 md:-mx-8 md:px-8 lg:hidden"
      >
        <details ref={fold} className="rounded-lg border border-line-strong bg-surface">
          <summary className="px-3 py-2 font-medium">{t('Go to a section')}</summary>
          <SectionLinks
            className="grid max-h-[60dvh] grid-cols-2 gap-x-2 overflow-y-auto border-t border-line p-1.5"
            onFollow={close}
          />
        </details>
      </nav>
    </>
  );
}

const SectionLinks = ({ className, onFollow }: { className: string; onFollow?: () => void }) => (
  <ul className={className}>
    {sections.map(({ id, title }) => (
      <li key={id}>
        <Link
          to="/settings"
          hash={id}
          activeOptions={{ includeHash: true }}
          onClick={onFollow}
          className="block rounded-md px-3 py-1.5 text-ink-2 hover:bg-hover hover:text-ink data-[status=active]:font-medium data-[status=active]:text-ink"
        >
          {title}
        </Link>
      </li>
    ))}
  </ul>
);

const themeWords = { system: t('as the system'), light: t('light'), dark: t('dark') };

function Appearance() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (next: Theme) => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <Panel id="appearance" title={t('Appearance')}>
      <div role="radiogroup" aria-label={t('Theme')} className="flex flex-wrap gap-2">
        {themes.map((name) => (
          <label
            key={name}
            className={cx(
              'flex h-9 items-center gap-2 rounded-md border px-3 first-letter:uppercase',
              theme === name ? 'border-accent bg-accent-soft' : 'border-line-strong/70',
            )}
          >
            <input
              type="radio"
              name="theme"
              checked={theme === name}
              onChange={() => choose(name)}
              className="accent-accent"
            />
            {themeWords[name]}
          </label>
        ))}
      </div>
    </Panel>
  );
}
