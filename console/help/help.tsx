/** The documentation that comes with this VM, and the keys of the console. */
import { Link } from '@tanstack/react-router';
import { KeyList } from '../layout/keys-help.tsx';
import { PageHead, Panel } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { documents } from './documents.ts';

export const HelpPage = () => (
  <>
    <PageHead
      title={t('Help')}
      lead={t(
        'The documentation of the version that you run. It comes from your VM: nothing is fetched from elsewhere.',
      )}
    />
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
      <Panel title={t('Documents')} flush>
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
      <Panel title={t('Keys')}>
        <KeyList />
      </Panel>
    </div>
  </>
);
