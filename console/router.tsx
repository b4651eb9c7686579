/** Addresses and the page at each; a page's code comes when it is gone to. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  useRouter,
} from '@tanstack/react-router';
import { useEffect } from 'react';
import { isAway } from './api/client.ts';
import { loadCode } from './api/load-code.ts';
import { type ExecutionFilters, executionFilterNames } from './api/queries.ts';
// Before the router looks at the address.
import { readAsked } from './apps/asked.ts';
import './connections/came-back.ts';
import { HomePage } from './home/home.tsx';
import { Shell } from './layout/shell.tsx';
import { Button, buttonClass } from './ui/button.tsx';
import { Empty } from './ui/panel.tsx';
import { ProblemNote } from './ui/problem.tsx';
import { t } from './words/t.ts';

function Failed({ error }: ErrorComponentProps) {
  const router = useRouter();
  useEffect(() => {
    if (!isAway(error)) return;
    const timer = setInterval(() => void router.invalidate(), 3000);
    return () => clearInterval(timer);
  }, [error, router]);
  return (
    <ProblemNote
      error={error}
      action={
        <Button size="sm" onClick={() => void router.invalidate()}>
          {t('Try again')}
        </Button>
      }
    />
  );
}

/**
 * A page's code. Where it does not come, because the server is away, that is said in the page; the router's own answer is to load
 * the document anew, and then the browser says it.
 */
const page: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => loadCode(load), name);

const root = createRootRoute({
  component: Shell,
  errorComponent: Failed,
  notFoundComponent: () => (
    <Empty
      title={t('There is nothing at this address')}
      isPage
      action={
        <Link to="/" className={buttonClass()}>
          {t('Go home')}
        </Link>
      }
    >
      {t('It may have been removed, or the address is mistyped.')}
    </Empty>
  ),
});
const parent = () => root;

const executionFilters = (search: Record<string, unknown>): ExecutionFilters =>
  Object.fromEntries(
    executionFilterNames.flatMap((name) => (search[name] ? [[name, String(search[name])]] : [])),
  );

const chat = createRoute({
  getParentRoute: parent,
  path: '/chat',
  component: page(() => import('./chat/chat.tsx'), 'ChatLayout'),
});

const routes = [
  createRoute({ getParentRoute: parent, path: '/', component: HomePage }),
  chat.addChildren([
    createRoute({
      getParentRoute: () => chat,
      path: '/',
      component: page(() => import('./chat/new-conversation.tsx'), 'NewConversationPage'),
    }),
    createRoute({
      getParentRoute: () => chat,
      path: '/$id',
      component: page(() => import('./chat/conversation.tsx'), 'ConversationPage'),
    }),
  ]),
  createRoute({
    getParentRoute: parent,
    path: '/executions',
    validateSearch: executionFilters,
    component: page(() => import('./executions/executions.tsx'), 'ExecutionsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/executions/$id',
    component: page(() => import('./executions/execution.tsx'), 'ExecutionPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/executions/$id/comparison',
    component: page(() => import('./executions/comparison.tsx'), 'ComparisonPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/days/$date',
    component: page(() => import('./home/day.tsx'), 'DayPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/costs',
    // What they are worth, the page says.
    validateSearch: ({ days, month }: Record<string, unknown>): { days?: unknown; month?: unknown } => ({
      days,
      month,
    }),
    component: page(() => import('./costs/costs.tsx'), 'CostsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills',
    validateSearch: ({ tag }: Record<string, unknown>): { tag?: string } =>
      tag === undefined || tag === '' ? {} : { tag: String(tag) },
    component: page(() => import('./skills/skills.tsx'), 'SkillsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/calendar',
    component: page(() => import('./skills/calendar.tsx'), 'CalendarPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/new',
    component: page(() => import('./skills/skill-new.tsx'), 'NewSkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/write',
    component: page(() => import('./skills/skill-edit.tsx'), 'WriteSkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/$slug',
    validateSearch: (search: Record<string, unknown>): { run?: true } =>
      search.run === true ? { run: true } : {},
    component: page(() => import('./skills/skill.tsx'), 'SkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/$slug/edit',
    component: page(() => import('./skills/skill-edit.tsx'), 'EditSkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/proposals',
    component: page(() => import('./proposals/proposals.tsx'), 'ProposalsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/proposals/$id',
    component: page(() => import('./proposals/proposal.tsx'), 'ProposalPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/proposals/$id/edit',
    component: page(() => import('./proposals/proposal-edit.tsx'), 'EditProposalPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/connections',
    component: page(() => import('./connections/connections.tsx'), 'ConnectionsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/connections/add',
    component: page(() => import('./connections/connection-add.tsx'), 'AddConnectionPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/connections/$name',
    component: page(() => import('./connections/connection.tsx'), 'ConnectionPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/oauth/callback',
    component: page(() => import('./connections/login-callback.tsx'), 'LoginCallbackPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/oauth/authorize',
    validateSearch: readAsked,
    component: page(() => import('./apps/app-request.tsx'), 'AppRequestPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/vault',
    component: page(() => import('./vault/vault.tsx'), 'VaultPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/core',
    component: page(() => import('./core/core.tsx'), 'CorePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/help',
    component: page(() => import('./help/help.tsx'), 'HelpPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/help/$document',
    validateSearch: (search: Record<string, unknown>): { section?: string } =>
      typeof search.section === 'string' ? { section: search.section } : {},
    component: page(() => import('./help/document.tsx'), 'DocumentPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/settings',
    component: page(() => import('./settings/settings.tsx'), 'SettingsPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
