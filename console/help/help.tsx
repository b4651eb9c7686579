/** What owners do most, the documentation that comes with this VM, and the keys of the console. */
import { Link } from '@tanstack/react-router';
import { KeyList } from '../layout/keys-help.tsx';
import { PageHead, Panel } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { documents } from './documents.ts';
import { Tasks } from './tasks.tsx';

export const HelpPage = () => (
  <>
    <PageHead
      title={t('Help')}
      lead={t('What owners do most, and where to click for it; below, everything in depth.')}
    />
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
      <div className="min-w-0 space-y-5">
        <Tasks />
        <Panel title={t('Documents')} flush>
          <p className="border-b border-line px-4 py-3 text-ink-2">
            {t(
              'For whoever sets Alfred up or looks inside, in English: the documentation of the version that you run. It comes from your VM, and nothing is fetched from elsewhere.',
            )}
          </p>
          <ul className="divide-y divide-line">
            <li>
              <Link
                to="/help/$document"
                params={{ document: 'architecture' }}
                search={{ section: 'words' }}
                className="block px-4 py-3 hover:bg-hover"
              >
                <span className="font-medium">{t('Words')}</span>
                <span className="block text-[13px] text-ink-2">
                  {t('What is called a skill, a run, a connection, a rehearsal, the vault, Core')}
                </span>
              </Link>
            </li>
            {Object.entries(documents).map(([document, { title, about }]) => (
              <li key={document}>
                <Link to="/help/$document" params={{ document }} className="block px-4 py-3 hover:bg-hover">
                  <span className="font-medium">{title}</span>
                  <span className="block text-[13px] text-ink-2">{about}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
      <Panel title={t('Keys')}>
        <KeyList />
      </Panel>
    </div>
  </>
);
