/** Its place is kept: conversations come later. Until then, what one would want of them, and where it is. */
import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.tsx';
import { Empty, PageHead, Panel } from '../ui/panel.tsx';

export const ChatPage = () => (
  <>
    <PageHead title="Chat" />
    <Panel flush>
      <Empty
        title="Conversations are not in this version yet"
        action={
          <>
            <Link to="/skills" className={buttonClass('primary')}>
              Run a skill
            </Link>
            <Link to="/skills/write" className={buttonClass()}>
              Write one
            </Link>
          </>
        }
      >
        They will stand here. What Alfred can do today it does by skills: run one, or write one.
      </Empty>
    </Panel>
  </>
);
